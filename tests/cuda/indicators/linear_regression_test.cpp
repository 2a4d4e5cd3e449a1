#include <doctest/doctest.h>

#include "tests/cuda/series/sample_rows.hpp"

using namespace tf;

TEST_CASE("a line through 1, 2, 6 rises by 2.5 a bar through their mean") {
  const sample::Rows rows = sample::rows_of_closes({9, 1, 2, 6});
  const std::vector<double> got = sample::values_of({}, sample::instance({}, "linear_regression", {3}), rows);
  CHECK(std::isnan(got[9]));
  CHECK(got[15] == doctest::Approx(5.5).epsilon(1e-12));
  CHECK(got[16] == doctest::Approx(2.5).epsilon(1e-12));
  CHECK(got[17] == doctest::Approx(0.5).epsilon(1e-12));
  CHECK(got[18] == doctest::Approx(std::atan(2.5) * 180 / 3.14159265358979323846).epsilon(1e-12));
  CHECK(got[19] == doctest::Approx(8).epsilon(1e-12));
}
