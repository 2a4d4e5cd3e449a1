#include "cuda/series/extremes.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <bit>
#include <limits>
#include <random>
#include <string>
#include <vector>

using namespace tf;
using namespace tf::series;

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

using Values = std::vector<double>;

double brute(const Values& values, int64_t row, int64_t window, bool highest) {
  double best = values[row];
  for (int64_t at = row - window + 1; at <= row; ++at) {
    if (values[at] != values[at]) return kNaN;
    best = highest ? std::max(best, values[at]) : std::min(best, values[at]);
  }
  return best + 0.0;
}

bool same(double a, double b) { return (a != a && b != b) || std::bit_cast<uint64_t>(a) == std::bit_cast<uint64_t>(b); }

Values some_values(int kind, int64_t rows) {
  std::mt19937_64 random(3 + kind);
  std::normal_distribution<double> normal;
  const double awkward[] = {0.0, -0.0, kInfinity, -kInfinity, 5e-324, -5e-324, 1e300, -1e300, 1};
  Values values;
  double walk = 0;
  for (int64_t row = 0; row < rows; ++row) {
    walk += normal(random);
    const double choice[] = {walk,
                             static_cast<double>(random() % 5),
                             awkward[random() % std::size(awkward)],
                             row % 300 < 2 ? kNaN : walk,
                             random() % 2 ? 0.0 : -0.0,
                             static_cast<double>(row),
                             -static_cast<double>(row)};
    values.push_back(choice[kind]);
  }
  return values;
}

}  // namespace

TEST_CASE("rolling highest and lowest equal the extremes of every window, whatever the cuts and the level") {
  std::mt19937_64 random(5);
  const int64_t rows = 1500;
  for (int kind = 0; kind < 7; ++kind) {
    const Values values = some_values(kind, rows);
    for (const int64_t window : {1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 15, 16, 17, 20, 31, 100, 257, 1000})
      for (const bool highest : {true, false})
        for (const CpuLevel level : {CpuLevel::v3, CpuLevel::v4})
          for (const int64_t most : {int64_t{1}, int64_t{9}, int64_t{200}, rows}) {
            if (level == CpuLevel::v4 && !probe_devices().has_v4) continue;
            if (most == 1 && window > 300) continue;
            Values out(rows), scratch(window);
            const RollingExtreme roll = highest ? extremes(level).highest : extremes(level).lowest;
            for (int64_t row = window - 1; row < rows;) {
              const int64_t count = std::min(rows - row, 1 + static_cast<int64_t>(random() % most));
              roll(values.data() + row, most == rows ? rows - row : count, window, out.data() + row, scratch.data());
              row += most == rows ? rows - row : count;
            }
            std::string wrong;
            for (int64_t row = window - 1; row < rows && wrong.size() < 200; ++row)
              if (const double wanted = brute(values, row, window, highest); !same(out[row], wanted))
                wrong += " row " + std::to_string(row) + ": " + std::to_string(out[row]) + " is not " +
                         std::to_string(wanted);
            CAPTURE(kind);
            CAPTURE(window);
            CAPTURE(highest);
            CAPTURE(most);
            CHECK(wrong == "");
          }
  }
}
