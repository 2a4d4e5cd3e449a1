#include <doctest/doctest.h>

#include "tests/cuda/series/sample_rows.hpp"

using namespace tf;

TEST_CASE("a zlema averages the close and its gain over the lag") {
  // lag 1: 3, 6, 12, 24 from row 1; their mean 7 at row 3, then weight 1/2
  const sample::Rows rows = sample::rows_of_closes({1, 2, 4, 8, 16});
  const std::vector<double> got = sample::values_of({}, sample::instance({}, "zlema", {3}), rows);
  CHECK(std::isnan(got[2]));
  CHECK(got[3] == doctest::Approx(7).epsilon(1e-12));
  CHECK(got[4] == doctest::Approx(15.5).epsilon(1e-12));
}
