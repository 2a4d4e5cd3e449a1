#include <doctest/doctest.h>

#include "tests/cuda/series/sample_rows.hpp"

using namespace tf;

TEST_CASE("a tsi is the smoothed move's share of the smoothed size") {
  // moves 2, -1, 3, the first average of period 1. Means of two: 0.5 of 1.5; then weight 2/3: 13/6 of 2.5
  const sample::Rows rows = sample::rows_of_closes({1, 3, 2, 5});
  const std::vector<double> got = sample::values_of({}, sample::instance({}, "tsi", {1, 2}), rows);
  CHECK(std::isnan(got[1]));
  CHECK(got[2] == doctest::Approx(100.0 / 3).epsilon(1e-12));
  CHECK(got[3] == doctest::Approx(100 * (13.0 / 6) / 2.5).epsilon(1e-12));
}

TEST_CASE("the second average starts where the first is ready") {
  // moves 2, -1, 3: 0.5 of 1.5, then 13/6 of 2.5; their means
  const sample::Rows rows = sample::rows_of_closes({1, 3, 2, 5});
  const std::vector<double> got = sample::values_of({}, sample::instance({}, "tsi", {2, 2}), rows);
  CHECK(std::isnan(got[2]));
  CHECK(got[3] == doctest::Approx(100 * (0.5 + 13.0 / 6) / (1.5 + 2.5)).epsilon(1e-12));
}

TEST_CASE("where nothing moved a tsi is 0") {
  const sample::Rows rows = sample::rows_of_closes({5, 5, 5, 5});
  const std::vector<double> got = sample::values_of({}, sample::instance({}, "tsi", {1, 2}), rows);
  CHECK(got[3] == doctest::Approx(0).epsilon(1e-12));
}
