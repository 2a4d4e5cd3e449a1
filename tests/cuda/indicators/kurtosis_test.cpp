#include <doctest/doctest.h>

#include "tests/cuda/series/sample_rows.hpp"

using namespace tf;
using sample::instance;
using sample::rows_of_closes;
using sample::values_of;

static const Exec kExec;

TEST_CASE("excess kurtosis by the window's own moments") {
  // returns 0, 0, 0, 4 ln 2: deviations -1, -1, -1, 3; m2 = 3, m4 = 21; 21 / 9 - 3
  const std::vector<double> got = values_of(kExec, instance(kExec, "kurtosis", {4}), rows_of_closes({1, 1, 1, 1, 16}));
  CHECK(std::isnan(got[3]));
  CHECK(got[4] == doctest::Approx(-2.0 / 3).epsilon(1e-12));
}

TEST_CASE("equal returns have none") {
  const std::vector<double> got = values_of(kExec, instance(kExec, "kurtosis", {3}), rows_of_closes({1, 3, 9, 27}));
  CHECK(got[3] == 0);
}
