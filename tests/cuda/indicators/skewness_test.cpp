#include <doctest/doctest.h>

#include "tests/cuda/series/sample_rows.hpp"

using namespace tf;
using sample::instance;
using sample::rows_of_closes;
using sample::values_of;

static const Exec kExec;

TEST_CASE("skewness by the window's own moments") {
  // returns 0, 0, 3 ln 2: deviations -1, -1, 2 times ln 2; m2 = 2, m3 = 2; 2 / 2^1.5
  const std::vector<double> got = values_of(kExec, instance(kExec, "skewness", {3}), rows_of_closes({1, 1, 1, 8}));
  CHECK(std::isnan(got[2]));
  CHECK(got[3] == doctest::Approx(std::sqrt(0.5)).epsilon(1e-12));
}

TEST_CASE("equal returns have none") {
  const std::vector<double> got = values_of(kExec, instance(kExec, "skewness", {3}), rows_of_closes({1, 2, 4, 8}));
  CHECK(got[3] == 0);
}
