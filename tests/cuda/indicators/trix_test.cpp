#include <doctest/doctest.h>

#include "tests/cuda/series/sample_rows.hpp"

using namespace tf;

TEST_CASE("a trix of period 1 is the change of the close in percent") {
  const sample::Rows rows = sample::rows_of_closes({4, 5});
  const std::vector<double> got = sample::values_of({}, sample::instance({}, "trix", {1}), rows);
  CHECK(std::isnan(got[0]));
  CHECK(got[1] == doctest::Approx(25).epsilon(1e-12));
}

TEST_CASE("a trix is the change of the third average in percent") {
  // the third averages of period 2 are 100/27 and 1268/243: see the t3's test
  const sample::Rows rows = sample::rows_of_closes({1, 3, 4, 7, 7});
  const std::vector<double> got = sample::values_of({}, sample::instance({}, "trix", {2}), rows);
  CHECK(std::isnan(got[3]));
  CHECK(got[4] == doctest::Approx(100 * (1268.0 / 243) / (100.0 / 27) - 100).epsilon(1e-12));
}
