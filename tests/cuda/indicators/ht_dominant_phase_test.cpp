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

TEST_CASE("the phase of a wave advances by 360 degrees a cycle, and counts from the wave's own start") {
  // The wave is at phase 18 degrees times the row; the estimate may be off by a tenth of a cycle.
  const std::vector<double> got = sample::values_of({}, {"ht_dominant_phase", nullptr}, wave(600));
  CHECK(std::isnan(got[62]));
  for (int row = 400; row < 600; ++row) {
    const double expected = 18.0 * (row % 20);
    const double off = std::remainder(got[row] - expected, 360);
    CHECK(std::abs(off) < 36);
  }
}

TEST_CASE("a price that never moves has a phase all the same") {
  const sample::Rows rows = sample::rows_of_closes(std::vector<double>(200, 100.0));
  const std::vector<double> got = sample::values_of({}, {"ht_dominant_phase", nullptr}, rows);
  for (int row = 63; row < 200; ++row) CHECK((got[row] >= -45 && got[row] <= 315));
}
