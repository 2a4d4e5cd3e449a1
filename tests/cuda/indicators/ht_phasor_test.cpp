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

TEST_CASE("the components of a wave are as large as the filters make them, a quarter of a cycle apart") {
  // Of a wave of angle a = 2 pi / 20 a bar the weights .4 .3 .2 .1 leave |.4 + .3 z + .2 z^2 + .1 z^3|, z = e^-ia, and
  // the transform 2 (0.0962 sin 3a + 0.5769 sin a) (0.075 period + 0.54), twice for the quadrature. The estimate of the
  // period wavers by a little.
  const sample::Rows rows = wave(600);
  const std::vector<double> got = sample::values_of({}, {"ht_phasor", nullptr}, rows);
  const std::vector<double> period = sample::values_of({}, {"ht_dominant_period", nullptr}, rows);
  CHECK(std::isnan(got[2 * 31]));
  const double a = kTurn / 20;
  const double real = 0.4 + 0.3 * std::cos(a) + 0.2 * std::cos(2 * a) + 0.1 * std::cos(3 * a);
  const double imaginary = 0.3 * std::sin(a) + 0.2 * std::sin(2 * a) + 0.1 * std::sin(3 * a);
  for (int row = 500; row < 580; ++row) {
    const double gain = 2 * (0.0962 * std::sin(3 * a) + 0.5769 * std::sin(a)) * (0.075 * period[row] + 0.54);
    const double expected = 10 * std::hypot(real, imaginary) * gain;
    CHECK(std::hypot(got[2 * row], got[2 * (row + 5)]) == doctest::Approx(expected).epsilon(0.03));
    CHECK(std::hypot(got[2 * row + 1], got[2 * (row + 5) + 1]) == doctest::Approx(expected * gain).epsilon(0.05));
  }
}
