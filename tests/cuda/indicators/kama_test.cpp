#include <doctest/doctest.h>

#include "tests/cuda/series/sample_rows.hpp"

using namespace tf;

TEST_CASE("a kama follows by the square of what the efficiency makes of two weights") {
  // fast 1: weight 1; slow 3: weight 1/2. Row 2: efficiency 1/3, (1/3 / 2 + 1/2)^2 = 4/9, from the close before, 12.
  // Row 3: efficiency 3/5, (3/5 / 2 + 1/2)^2 = 0.64.
  const sample::Rows rows = sample::rows_of_closes({10, 12, 11, 15});
  const std::vector<double> got = sample::values_of({}, sample::instance({}, "kama", {2, 1, 3}), rows);
  CHECK(std::isnan(got[1]));
  CHECK(got[2] == doctest::Approx(104.0 / 9).epsilon(1e-12));
  CHECK(got[3] == doctest::Approx(0.36 * 104 / 9 + 0.64 * 15).epsilon(1e-12));
}

TEST_CASE("a kama stays where nothing moves") {
  const sample::Rows rows = sample::rows_of_closes({5, 5, 5, 5});
  const std::vector<double> got = sample::values_of({}, sample::instance({}, "kama", {2, 2, 30}), rows);
  CHECK(got[3] == doctest::Approx(5).epsilon(1e-12));
}
