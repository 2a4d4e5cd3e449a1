#include <doctest/doctest.h>

#include "tests/cuda/series/sample_rows.hpp"

using namespace tf;

TEST_CASE("a schaff cycle places a macd in its range, smooths, and does both again") {
  // fast 1 less slow 2: 1, 1/3, 19/9, 19/27 from row 1: places 0, 100, 0 from row 2, smoothed by half 0, 50, 25; their
  // places 100, 0 from row 3, smoothed 100, 50.
  const sample::Rows rows = sample::rows_of_closes({1, 3, 3, 9, 9});
  const std::vector<double> got =
      sample::values_of({}, sample::instance({}, "schaff_trend_cycle", {1, 2, 2, 0.5}), rows);
  CHECK(std::isnan(got[2]));
  CHECK(got[3] == doctest::Approx(100).epsilon(1e-12));
  CHECK(got[4] == doctest::Approx(50).epsilon(1e-12));
}

TEST_CASE("a price that never moves is at 0") {
  const sample::Rows rows = sample::rows_of_closes({5, 5, 5, 5, 5});
  const std::vector<double> got =
      sample::values_of({}, sample::instance({}, "schaff_trend_cycle", {1, 2, 2, 0.5}), rows);
  CHECK(got[4] == doctest::Approx(0).epsilon(1e-12));
}
