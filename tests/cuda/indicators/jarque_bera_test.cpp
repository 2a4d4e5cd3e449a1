#include <doctest/doctest.h>

#include "tests/cuda/series/sample_rows.hpp"

using namespace tf;
using sample::instance;
using sample::rows_of_closes;
using sample::values_of;

static const Exec kExec;

TEST_CASE("the statistic joins squared skewness and kurtosis") {
  // returns 0, 0, 0, 4 ln 2: m2 = 3, m3 = 6, m4 = 21; skewness^2 = 36 / 27, excess -2 / 3;
  // 4 / 6 (4 / 3 + (4 / 9) / 4) = 26 / 27
  const std::vector<double> got =
      values_of(kExec, instance(kExec, "jarque_bera", {4}), rows_of_closes({1, 1, 1, 1, 16}));
  CHECK(std::isnan(got[3]));
  CHECK(got[4] == doctest::Approx(26.0 / 27).epsilon(1e-12));
}

TEST_CASE("equal returns give 0") {
  const std::vector<double> got = values_of(kExec, instance(kExec, "jarque_bera", {3}), rows_of_closes({1, 2, 4, 8}));
  CHECK(got[3] == 0);
}
