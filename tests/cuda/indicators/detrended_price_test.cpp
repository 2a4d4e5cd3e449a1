#include <doctest/doctest.h>

#include "tests/cuda/series/sample_rows.hpp"

using namespace tf;

TEST_CASE("the detrended price is an earlier close less the mean") {
  // period 4: three bars ago, 1, less 3
  const sample::Rows rows = sample::rows_of_closes({1, 2, 3, 6});
  const std::vector<double> got = sample::values_of({}, sample::instance({}, "detrended_price", {4}), rows);
  CHECK(std::isnan(got[2]));
  CHECK(got[3] == doctest::Approx(-2).epsilon(1e-12));
}
