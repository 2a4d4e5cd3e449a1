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

TEST_CASE("the sine lines are the sines of the phase and of 45 degrees more") {
  const sample::Rows rows = wave(300);
  const std::vector<double> got = sample::values_of({}, {"ht_sine", nullptr}, rows);
  const std::vector<double> phase = sample::values_of({}, {"ht_dominant_phase", nullptr}, rows);
  CHECK(std::isnan(got[2 * 62]));
  for (int row = 63; row < 300; ++row) {
    CHECK(got[2 * row] == doctest::Approx(std::sin(phase[row] * kTurn / 360)).epsilon(1e-12));
    CHECK(got[2 * row + 1] == doctest::Approx(std::sin((phase[row] + 45) * kTurn / 360)).epsilon(1e-12));
  }
}

TEST_CASE("the sine line of a wave follows the wave") {
  const sample::Rows rows = wave(600);
  const std::vector<double> got = sample::values_of({}, {"ht_sine", nullptr}, rows);
  double together = 0;
  for (int row = 400; row < 600; ++row) together += got[2 * row] * std::sin(kTurn * row / 20);
  CHECK(together / 200 > 0.4);  // 0.5 if they were the same
}
