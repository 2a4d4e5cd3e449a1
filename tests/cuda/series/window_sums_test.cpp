// Window sums by running totals and by levels are the same bits, and change over where a value does not fit.
#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include "cuda/series/services.hpp"
#include "tests/cuda/series/sample_rows.hpp"

using namespace tf;
using namespace tf::series;

namespace {

constexpr int64_t kRows = 4000;

Exec v3() {
  Exec exec;
  exec.level = CpuLevel::v3;
  return exec;
}

std::vector<Instance> windows() {
  return {sample::instance(v3(), "sma", {3}), sample::instance(v3(), "sma", {300}), sample::instance(v3(), "wma", {20}),
          sample::instance(v3(), "wma", {299}), sample::instance(v3(), "bollinger", {64})};
}

}  // namespace

TEST_CASE("running totals are exact whole numbers, and refuse what is none or too large") {
  const ServiceTable& table = services(v3());
  const int64_t count = 23, first = 1000;
  std::vector<double> values;
  for (int64_t at = 0; at < count; ++at) values.push_back((at % 5 - 2) * 1000.5 + at * 0.125 * (at % 2));
  std::vector<double> halves = values;
  for (double& value : halves) value = std::floor(value) + 0.5;
  for (const Service service : {Service::sum, Service::sum_sq, Service::lag_sum}) {
    const std::vector<double>& from = service == Service::sum_sq ? halves : values;
    std::vector<int64_t> totals(count + 1, 77), sums(count + 1, 5);
    REQUIRE(table.running(service, from.data(), count, 1e6, first, totals.data() + 1, sums.data() + 1));
    int64_t expected = 77;
    for (int64_t at = 0; at < count; ++at) {
      const auto eighths = static_cast<int64_t>(from[at] * 8), twice = static_cast<int64_t>(from[at] * 2);
      expected += service == Service::sum      ? eighths
                  : service == Service::sum_sq ? twice * twice
                                               : (first + at) * eighths;
      CHECK(totals[at + 1] == expected);
      if (service == Service::lag_sum) CHECK(sums[at + 1] == sums[at] + eighths);
    }
    for (const int64_t at : {int64_t{0}, int64_t{9}, count - 1})
      for (const double odd :
           {0.3, 1.0 / 16, 1e7, -1e7, 1e300, std::nan(""), -std::numeric_limits<double>::infinity()}) {
        std::vector<double> bad = from;
        bad[at] = odd;
        CHECK_FALSE(table.running(service, bad.data(), count, 1e6, first, totals.data() + 1, sums.data() + 1));
      }
  }
}

TEST_CASE("a value that totals cannot hold changes no bit of windows without it") {
  const sample::Rows clean = sample::make_rows(kRows);
  FeatureSet set(v3(), windows());
  const int64_t lanes = set.outputs();
  const std::vector<double> truth = sample::append_all(set, clean, 0, kRows, kRows);
  for (const double odd : {0.3, 1e12, -3e200, std::nan("")})
    for (const int64_t chunk : {int64_t{1}, int64_t{7}, int64_t{100}, kRows}) {
      sample::Rows dirty = clean;
      for (const int64_t row : {1000, 1001, 2500})
        for (std::vector<double>& column : dirty.bar) column[row] = odd;
      set.reset();
      const std::vector<double> seen = sample::append_all(set, dirty, 0, kRows, chunk);
      INFO(odd, " in chunks of ", chunk);
      const auto agree = [&](int64_t from, int64_t to) {
        return sample::first_difference(truth.data() + from * lanes, seen.data() + from * lanes, (to - from) * lanes) ==
               -1;
      };
      CHECK(agree(0, 1000));
      CHECK(agree(1301, 2500));
      CHECK(agree(2800, kRows));
      CHECK_FALSE(agree(1000, 1001));
    }
}

TEST_CASE("a series of fractions gives the sums of its own values") {
  sample::Rows rows = sample::make_rows(kRows);
  for (int64_t row = 0; row < kRows; ++row) rows.bar[static_cast<int>(BarColumn::close)][row] += 0.1 * (row % 7);
  const std::vector<double>& close = rows.bar[static_cast<int>(BarColumn::close)];
  FeatureSet set(v3(), windows());
  const std::vector<double> seen = sample::append_all(set, rows, 0, kRows, kRows);
  const int64_t lanes = set.outputs();
  for (int64_t row = 300; row < kRows; row += 97) {
    long double sum = 0, weighted = 0;
    for (int64_t ago = 0; ago < 300; ++ago) sum += close[row - ago];
    for (int64_t ago = 0; ago < 20; ++ago) weighted += (20 - ago) * static_cast<long double>(close[row - ago]);
    CHECK(seen[row * lanes + 1] == doctest::Approx(static_cast<double>(sum / 300)).epsilon(1e-14));
    CHECK(seen[row * lanes + 2] == doctest::Approx(static_cast<double>(weighted / 210)).epsilon(1e-13));
  }
}
