#include "cuda/series/odd_values.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include "cuda/base/philox.hpp"

using namespace tf;
using namespace tf::series;

namespace {

constexpr int64_t kStale = 4;
constexpr double kInf = std::numeric_limits<double>::infinity();

/// Lane 0, 5, 10, ... plain; the others with repeats, NaN, infinities or values out of range, in stretches.
std::vector<double> made(int64_t rows, int64_t lanes) {
  const RandomStream random{21, Purpose::test, 0};
  std::vector<double> values;
  for (int64_t row = 0; row < rows; ++row)
    for (int64_t lane = 0; lane < lanes; ++lane) {
      const auto word = random.below(static_cast<uint64_t>(row * lanes + lane), 1'000'000);
      double value = static_cast<double>(word) / 1e6;
      const bool odd = row / 300 % 2 == 0 && word % 3 != 0;
      if (odd && lane % 5 == 1) value = 0.25;
      if (odd && lane % 5 == 2) value = std::nan("");
      if (odd && lane % 5 == 3) value = word % 2 ? kInf : -kInf;
      if (odd && lane % 5 == 4) value += word % 2 ? 1 : -1;
      values.push_back(value);
    }
  return values;
}

/// Counts lane by lane, as their words say.
struct Plain {
  int64_t not_ready = 0, missing = 0, infinite = 0, outside = 0, stale = 0, longest = 0, run = 0;
  double before = std::nan("");
  void take(double value, bool is_cold, double low, double high) {
    if (std::isnan(value)) {
      ++(is_cold ? not_ready : missing);
      run = 0;
    } else {
      infinite += std::isinf(value);
      outside += value < low || value > high;
      run = run > 0 && value == before ? run + 1 : 1;
      stale += run > kStale;
      longest = std::max(longest, run);
    }
    before = value;
  }
};

}  // namespace

TEST_CASE("counts of lanes side by side are those of each alone, in any pieces and over several series") {
  constexpr int64_t kRows = 2500, kSeries[] = {0, 700, 1000, kRows};
  for (const int64_t lanes : {1, 3, 4, 7, 8, 20, 23, 200})
    for (const int64_t piece : {1, 37, 2500}) {
      CAPTURE(lanes);
      CAPTURE(piece);
      const std::vector<double> values = made(kRows, lanes);
      std::vector<double> low, high;
      std::vector<int64_t> cold;
      for (int64_t lane = 0; lane < lanes; ++lane) {
        low.push_back(lane % 2 ? -kInf : 0.0);
        high.push_back(lane % 3 ? 1.0 : kInf);
        cold.push_back(lane * 5 % 130);
      }
      OddValues odd(low, high, kStale);
      std::vector<Plain> plain(static_cast<std::size_t>(lanes));
      for (int series = 0; series < 3; ++series) {
        odd.begin_series();
        for (Plain& one : plain) one.run = 0;
        for (int64_t row = kSeries[series]; row < kSeries[series + 1]; row += piece) {
          const int64_t rows = std::min(piece, kSeries[series + 1] - row);
          odd.take(pick_exec().level, {values.data() + row * lanes, rows, lanes, lanes}, cold.data());
        }
        for (int64_t row = kSeries[series]; row < kSeries[series + 1]; ++row)
          for (std::size_t lane = 0; lane < plain.size(); ++lane)
            plain[lane].take(values[static_cast<std::size_t>(row * lanes) + lane], row - kSeries[series] < cold[lane],
                             low[lane], high[lane]);
      }
      CHECK(odd.rows == kRows);
      for (std::size_t lane = 0; lane < plain.size(); ++lane) {
        const Plain& one = plain[lane];
        const bool equal = odd.not_ready[lane] == static_cast<double>(one.not_ready) &&
                           odd.missing[lane] == static_cast<double>(one.missing) &&
                           odd.infinite[lane] == static_cast<double>(one.infinite) &&
                           odd.outside[lane] == static_cast<double>(one.outside) &&
                           odd.stale[lane] == static_cast<double>(one.stale) &&
                           odd.longest[lane] == static_cast<double>(one.longest);
        CAPTURE(lane);
        CHECK(equal);
      }
    }
}
