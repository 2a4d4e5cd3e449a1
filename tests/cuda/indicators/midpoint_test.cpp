#include <doctest/doctest.h>

#include "tests/cuda/series/sample_rows.hpp"

using namespace tf;

TEST_CASE("the midpoint lies between the extreme closes") {
  const sample::Rows rows = sample::rows_of_closes({5, 1, 3, 2});
  const std::vector<double> got = sample::values_of({}, sample::instance({}, "midpoint", {3}), rows);
  CHECK(std::isnan(got[1]));
  CHECK(got[2] == doctest::Approx(3).epsilon(1e-12));
  CHECK(got[3] == doctest::Approx(2).epsilon(1e-12));
}
