#include <doctest/doctest.h>

#include "tests/cuda/series/sample_rows.hpp"

using namespace tf;
using sample::instance;
using sample::rows_of_closes;
using sample::values_of;

static const Exec kExec;

TEST_CASE("the variance divides by the period") {
  // 2 4 4 6: mean 4, squares of deviations 8; 9 2 4 4: 117/4 - 4.75^2 = 6.6875
  const std::vector<double> got = values_of(kExec, instance(kExec, "variance", {4}), rows_of_closes({9, 2, 4, 4, 6}));
  CHECK(std::isnan(got[2]));
  CHECK(got[3] == doctest::Approx(6.6875).epsilon(1e-12));
  CHECK(got[4] == doctest::Approx(2.0).epsilon(1e-12));
}

TEST_CASE("a window of one bar does not vary") {
  const std::vector<double> got = values_of(kExec, instance(kExec, "variance", {1}), rows_of_closes({9, 2}));
  CHECK(got[0] == 0);
  CHECK(got[1] == 0);
}
