#include <doctest/doctest.h>

#include "tests/cuda/series/sample_rows.hpp"

using namespace tf;

TEST_CASE("an even trima is a mean of three means of two") {
  // means of two: 1.5, 3, 6
  const sample::Rows rows = sample::rows_of_closes({1, 2, 4, 8});
  const std::vector<double> got = sample::values_of({}, sample::instance({}, "trima", {4}), rows);
  CHECK(std::isnan(got[2]));
  CHECK(got[3] == doctest::Approx(3.5).epsilon(1e-12));
}

TEST_CASE("an odd trima is a mean of two means of two") {
  // means of two: 1.5, 3
  const sample::Rows rows = sample::rows_of_closes({1, 2, 4});
  const std::vector<double> got = sample::values_of({}, sample::instance({}, "trima", {3}), rows);
  CHECK(std::isnan(got[1]));
  CHECK(got[2] == doctest::Approx(2.25).epsilon(1e-12));
}
