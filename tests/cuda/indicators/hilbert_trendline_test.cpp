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

TEST_CASE("the trend line of a wave is what the wave swings around") {
  // The mean over a whole cycle; a cycle a bar too long or short leaves at most 10 sin(18 degrees) / 19 of the swing.
  const std::vector<double> got = sample::values_of({}, {"hilbert_trendline", nullptr}, wave(600));
  CHECK(std::isnan(got[62]));
  for (int row = 400; row < 600; ++row) CHECK(std::abs(got[row] - 1000) < 0.6);
}

TEST_CASE("the trend line of a constant is that") {
  const sample::Rows rows = sample::rows_of_closes(std::vector<double>(100, 64.0));
  const std::vector<double> got = sample::values_of({}, {"hilbert_trendline", nullptr}, rows);
  for (int row = 63; row < 100; ++row) CHECK(got[row] == doctest::Approx(64).epsilon(1e-12));
}
