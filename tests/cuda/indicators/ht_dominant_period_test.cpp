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

TEST_CASE("the dominant cycle of a wave of 20 bars is about 20 bars long") {
  const std::vector<double> got = sample::values_of({}, {"ht_dominant_period", nullptr}, wave(600));
  CHECK(std::isnan(got[31]));
  for (int row = 400; row < 600; ++row) CHECK(got[row] == doctest::Approx(20).epsilon(0.03));
}

TEST_CASE("a price that never moves has a period within the bounds") {
  // The transform of a constant is 0 but for the step from nothing at row 12, whose echo fades. The period rises from 0
  // to at least 6 by a fifth of the rest a bar: 6 (1 - 0.8^20) less what the last smoothing lags at row 32.
  const sample::Rows rows = sample::rows_of_closes(std::vector<double>(2000, 100.0));
  const std::vector<double> got = sample::values_of({}, {"ht_dominant_period", nullptr}, rows);
  for (int row = 32; row < 2000; ++row) CHECK((got[row] > 5.5 && got[row] <= 50));
}
