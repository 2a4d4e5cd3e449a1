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

TEST_CASE("a price that leaves its trend line by more than 1.5 percent is a trend") {
  // 1 percent a bar: the line lags by three bars at least.
  std::vector<double> closes;
  for (int row = 0; row < 300; ++row) closes.push_back(100 * std::pow(1.01, row));
  const std::vector<double> got = sample::values_of({}, {"ht_trendmode", nullptr}, sample::rows_of_closes(closes));
  for (int row = 100; row < 300; ++row) CHECK(got[row] == 1);
}
