#include <doctest/doctest.h>

#include "tests/cuda/series/sample_rows.hpp"

using namespace tf;

TEST_CASE("a t3 of factor 0 is the third average") {
  // weight 2/3. Averages once: 2, 10/3, 52/9, 178/27, 556/81, 1690/243 from row 1; twice: 8/3, 128/27, 484/81, 532/81,
  // 4976/729 from row 2; three times: 100/27, 1268/243, 4460/729, 14412/2187 from row 3.
  const sample::Rows rows = sample::rows_of_closes({1, 3, 4, 7, 7, 7, 7});
  const std::vector<double> got = sample::values_of({}, sample::instance({}, "t3", {2, 0}), rows);
  CHECK(std::isnan(got[5]));
  CHECK(got[6] == doctest::Approx(14412.0 / 2187).epsilon(1e-12));
}

TEST_CASE("a t3 of period 1 is the close, whatever the factor") {
  const sample::Rows rows = sample::rows_of_closes({1, 3, 4});
  const std::vector<double> got = sample::values_of({}, sample::instance({}, "t3", {1, 0.7}), rows);
  CHECK(got[0] == doctest::Approx(1).epsilon(1e-12));
  CHECK(got[2] == doctest::Approx(4).epsilon(1e-12));
}
