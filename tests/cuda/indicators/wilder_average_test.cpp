#include <doctest/doctest.h>

#include "tests/cuda/series/sample_rows.hpp"

using namespace tf;

TEST_CASE("wilder's average starts as a mean, then takes 1 / period") {
  // (2 + 4) / 2, then half of 3 and 8
  const sample::Rows rows = sample::rows_of_closes({2, 4, 8});
  const std::vector<double> got = sample::values_of({}, sample::instance({}, "wilder_average", {2}), rows);
  CHECK(std::isnan(got[0]));
  CHECK(got[1] == doctest::Approx(3).epsilon(1e-12));
  CHECK(got[2] == doctest::Approx(5.5).epsilon(1e-12));
}
