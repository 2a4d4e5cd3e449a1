#include <doctest/doctest.h>

#include "tests/cuda/series/sample_rows.hpp"

using namespace tf;

static const double kTurn = 6.283185307179586;

/// A price that swings by 10 around 1000 in 20 bars.
static sample::Rows wave(int64_t rows) {
  std::vector<double> closes;
  for (int64_t row = 0; row < rows; ++row)
    closes.push_back(1000 + 10 * std::sin(kTurn * static_cast<double>(row) / 20));
  return sample::rows_of_closes(closes);
}

TEST_CASE("a wave is a cycle") {
  // Its phase advances by the cycle's rate, and it swings by 1 percent alone.
  const std::vector<double> got = sample::values_of({}, {"ht_trendmode", nullptr}, wave(600));
  CHECK(std::isnan(got[62]));
  int cycles = 0;
  for (int row = 400; row < 600; ++row) cycles += got[row] == 0;
  CHECK(cycles == 200);
}

TEST_CASE("a wave that leaves its trend line by more than 1.5 percent is a trend there") {
  // The same wave around 100: it swings by 10 percent. A smoothed price half of that off is a trend.
  sample::Rows rows = wave(600);
  for (double& close : rows.bar[static_cast<int>(series::BarColumn::close)]) close -= 900;
  const std::vector<double> got = sample::values_of({}, {"ht_trendmode", nullptr}, rows);
  int trends = 0;
  for (int row = 400; row < 600; ++row) {
    const bool far = std::abs(std::sin(kTurn * (row - 1) / 20)) > 0.5;
    trends += far;
    if (far) CHECK(got[row] == 1);
  }
  CHECK(trends > 100);
}
