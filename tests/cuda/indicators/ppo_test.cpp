#include <doctest/doctest.h>

#include "tests/cuda/series/sample_rows.hpp"

using namespace tf;

TEST_CASE("a ppo is the fast average's distance from the slow one in percent of it") {
  // fast 1 is the close; slow 3: 6, 8, 5 from row 2
  const sample::Rows rows = sample::rows_of_closes({3, 6, 9, 10, 2});
  const std::vector<double> got = sample::values_of({}, sample::instance({}, "ppo", {1, 3}), rows);
  CHECK(std::isnan(got[1]));
  CHECK(got[2] == doctest::Approx(50).epsilon(1e-12));
  CHECK(got[3] == doctest::Approx(25).epsilon(1e-12));
  CHECK(got[4] == doctest::Approx(-60).epsilon(1e-12));
}

TEST_CASE("a ppo of a slow average of 0 is 0") {
  const sample::Rows rows = sample::rows_of_closes({0, 0, 0, 0});
  const std::vector<double> got = sample::values_of({}, sample::instance({}, "ppo", {1, 3}), rows);
  CHECK(got[3] == doctest::Approx(0).epsilon(1e-12));
}
