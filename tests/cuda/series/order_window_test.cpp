#include "cuda/series/order_window.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include "cuda/series/extremes.hpp"

using namespace tf;
using namespace tf::series;

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kRank = -1;  ///< in place of q

using Values = std::vector<double>;

CpuLevel best_level() { return probe_devices().has_v4 ? CpuLevel::v4 : CpuLevel::v3; }

double brute(const Values& values, int64_t row, int64_t window, double q) {
  if (row < window - 1) return kNaN;
  Values held(values.begin() + (row - window + 1), values.begin() + row + 1);
  for (double& value : held) {
    if (value != value) return kNaN;
    value += 0.0;
  }
  const double now = held.back();
  std::sort(held.begin(), held.end());
  if (q == kRank) {
    double sum = 0;
    for (const double value : held) sum += (value < now ? 1 : 0) + (value == now ? 0.5 : 0);
    return sum / static_cast<double>(window);
  }
  const double place = q * static_cast<double>(window - 1);
  const auto lower = static_cast<int64_t>(std::floor(place));
  const double part = place - static_cast<double>(lower);
  if (part == 0 || held[lower] == held[lower + 1]) return held[lower];
  return held[lower] + (held[lower + 1] - held[lower]) * part;
}

bool same(double a, double b) { return (a != a && b != b) || std::bit_cast<uint64_t>(a) == std::bit_cast<uint64_t>(b); }

void ask(OrderWindow& order, const Values& values, int64_t row, int64_t count, double q, double* out) {
  if (q == kRank)
    order.rank(values.data() + row, row, count, out);
  else
    order.quantile(values.data() + row, row, count, q, out);
}

Values whole(const Values& values, int64_t window, double q, CpuLevel level = CpuLevel::v3) {
  Values out(values.size());
  OrderWindow order(window, level);
  ask(order, values, 0, static_cast<int64_t>(values.size()), q, out.data());
  return out;
}

/// The rows whose answer is not `wanted`, as text; empty where there are none.
std::string differences(const Values& got, const Values& wanted) {
  std::string text;
  for (size_t row = 0; row < got.size() && text.size() < 200; ++row)
    if (!same(got[row], wanted[row]))
      text +=
          " row " + std::to_string(row) + ": " + std::to_string(got[row]) + " is not " + std::to_string(wanted[row]);
  return text;
}

struct Series {
  const char* name;
  Values values;
};

std::vector<Series> all_series(int64_t rows) {
  std::mt19937_64 random(7);
  std::normal_distribution<double> normal;
  const auto made = [&](auto next) {
    Values values;
    for (int64_t row = 0; row < rows; ++row) values.push_back(next(row));
    return values;
  };
  double tick = 6'000'000, cents = 10'000, walk = 0;
  const double awkward[] = {0.0, -0.0, kInfinity, -kInfinity, 5e-324, -5e-324, 1e-310, 1e300, -1e300, 1, 1 + 0x1p-52};
  return {
      {"ticks", made([&](int64_t) { return tick += static_cast<double>(random() % 3) - 1; })},
      {"half ticks", made([&](int64_t) { return 0.5 * static_cast<double>(random() % 40); })},
      {"cents", made([&](int64_t) { return (cents += static_cast<double>(random() % 7) - 3) / 100.0; })},
      {"wide ticks", made([&](int64_t) { return static_cast<double>(random() % 900'000); })},
      {"two far levels",
       made([&](int64_t) { return static_cast<double>(random() % 3 + (random() % 2 ? 1'000'000 : 0)); })},
      {"ticks beyond the range", made([&](int64_t) { return static_cast<double>(random() % 50'000'000); })},
      {"running away", made([&](int64_t row) { return static_cast<double>(row * 700); })},
      {"huge whole numbers", made([&](int64_t) { return 0x1p60 * static_cast<double>(random() % 9); })},
      {"constant", made([](int64_t) { return 1.5; })},
      {"normal", made([&](int64_t) { return normal(random); })},
      {"walk", made([&](int64_t) { return walk += normal(random); })},
      {"ties", made([&](int64_t) { return static_cast<double>(random() % 20) / 3; })},
      {"awkward", made([&](int64_t) { return awkward[random() % std::size(awkward)]; })},
      {"clustered with an outlier",
       made([&](int64_t row) { return row % 997 == 3 ? 1e300 : 1 + 1e-15 * static_cast<double>(random() % 4000); })},
      {"signed zeros", made([&](int64_t) { return random() % 2 ? 0.0 : -0.0; })},
      {"ticks, then not, then ticks",
       made([&](int64_t row) { return static_cast<double>(random() % 50) + (row % 1500 == 700 ? 0.123 : 0); })},
      {"ticks with holes",
       made([&](int64_t row) { return row % 800 < 3 ? kNaN : static_cast<double>(random() % 30); })},
      {"normal with holes", made([&](int64_t row) { return row % 800 < 3 ? kNaN : normal(random); })},
      {"never a number", made([](int64_t) { return kNaN; })},
  };
}

const int64_t kWindows[] = {1, 2, 3, 20, 63, 64, 65, 200, 700};
const double kQuestions[] = {0, 0.1, 0.5, 0.9, 0.77, 1, kRank};

}  // namespace

TEST_CASE("quantile and rank equal a sort of every window, to the bit") {
  for (const Series& series : all_series(1500))
    for (const int64_t window : kWindows)
      for (const double q : kQuestions) {
        Values wanted;
        for (size_t row = 0; row < series.values.size(); ++row)
          wanted.push_back(brute(series.values, static_cast<int64_t>(row), window, q));
        CAPTURE(series.name);
        CAPTURE(window);
        CAPTURE(q);
        CHECK(differences(whole(series.values, window, q), wanted) == "");
        if (best_level() == CpuLevel::v4)
          CHECK(differences(whole(series.values, window, q, CpuLevel::v4), wanted) == "");
      }
}

TEST_CASE("the cuts of a series into calls change no bit") {
  std::mt19937_64 random(11);
  for (const Series& series : all_series(6000))
    for (const int64_t window : {20, 65, 700, 2900})
      for (const double q : {0.5, 0.9, kRank}) {
        const Values wanted = whole(series.values, window, q);
        CAPTURE(series.name);
        CAPTURE(window);
        CAPTURE(q);
        for (const int64_t most : {1, 7, 300, 4096}) {
          Values got(series.values.size());
          OrderWindow order(window);
          for (int64_t row = 0, rows = static_cast<int64_t>(got.size()); row < rows;) {
            const int64_t count = std::min(rows - row, most < 300 ? most : 1 + static_cast<int64_t>(random() % most));
            ask(order, series.values, row, count, q, got.data() + row);
            row += count;
          }
          CHECK(differences(got, wanted) == "");
        }
      }
}

TEST_CASE("a fresh start or a jump to any row gives the bits of the whole run") {
  std::mt19937_64 random(13);
  for (const Series& series : all_series(5000))
    for (const int64_t window : {20, 65, 700})
      for (const double q : {0.5, 0.9, kRank}) {
        const Values wanted = whole(series.values, window, q);
        CAPTURE(series.name);
        CAPTURE(window);
        CAPTURE(q);
        OrderWindow order(window);
        std::string wrong;
        for (int jump = 0; jump < 12; ++jump) {
          const int64_t row = static_cast<int64_t>(random() % 4500), count = 1 + static_cast<int64_t>(random() % 500);
          Values got(count);
          if (jump % 3 == 0) order.reset();
          ask(order, series.values, row, count, q, got.data());
          wrong += differences(got, Values(wanted.begin() + row, wanted.begin() + row + count));
        }
        CHECK(wrong == "");
      }
}

TEST_CASE("one object asked for rank and quantile in turn answers both") {
  const Values values = all_series(3000)[0].values;
  const Values ranks = whole(values, 200, kRank), medians = whole(values, 200, 0.5);
  OrderWindow order(200);
  Values rank(3000), median(3000);
  for (int64_t row = 0; row < 3000; row += 500) {
    ask(order, values, row, 500, kRank, rank.data() + row);
    ask(order, values, row, 500, 0.5, median.data() + row);
  }
  CHECK(differences(rank, ranks) == "");
  CHECK(differences(median, medians) == "");
}

TEST_CASE("rows without a full window are NaN") {
  const Values values(50, 1.0);
  const Values out = whole(values, 30, 0.5);
  for (int64_t row = 0; row < 50; ++row) CHECK(std::isnan(out[row]) == (row < 29));
}

TEST_CASE("a file of values is answered beside it, for order_window_peers_test.py") {
  const char* folder = std::getenv("TF_ORDER_FOLDER");
  if (!folder) return;
  const auto path = [&](const std::string& name) { return std::string(folder) + "/" + name; };
  std::ifstream file(path("values"), std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(file), {}};
  Values values(bytes.size() / sizeof(double));
  std::memcpy(values.data(), bytes.data(), bytes.size());
  std::ifstream questions(path("questions"));
  std::string name;
  int64_t window;
  double q;
  while (questions >> name >> window >> q) {
    Values out(values.size(), kNaN), scratch(window);
    if (name == "quantile" || name == "rank") {
      out = whole(values, window, name == "rank" ? kRank : q);
    } else {
      const RollingExtreme roll = name == "highest" ? extremes_v3().highest : extremes_v3().lowest;
      roll(values.data() + window - 1, static_cast<int64_t>(values.size()) - window + 1, window,
           out.data() + window - 1, scratch.data());
    }
    std::ofstream answer(path(name + std::to_string(window) + "_" + std::to_string(q).substr(0, 4)), std::ios::binary);
    answer.write(reinterpret_cast<const char*>(out.data()), static_cast<std::streamsize>(out.size() * sizeof(double)));
  }
}
