#include <doctest/doctest.h>

#include "tests/cuda/series/sample_rows.hpp"

using namespace tf;

TEST_CASE("an apo is the fast less the slow average") {
  // fast 1 is the close; slow 3: 6, 8, 5 from row 2
  const sample::Rows rows = sample::rows_of_closes({3, 6, 9, 10, 2});
  const std::vector<double> got = sample::values_of({}, sample::instance({}, "apo", {1, 3}), rows);
  CHECK(std::isnan(got[1]));
  CHECK(got[2] == doctest::Approx(3).epsilon(1e-12));
  CHECK(got[3] == doctest::Approx(2).epsilon(1e-12));
  CHECK(got[4] == doctest::Approx(-3).epsilon(1e-12));
}
