#include <doctest/doctest.h>

#include "tests/cuda/series/sample_rows.hpp"

using namespace tf;
using sample::instance;
using sample::rows_of_closes;
using sample::values_of;

static const Exec kExec;

TEST_CASE("the quantile lies between the closest ranks") {
  // a quarter of the way from rank 0 to 4 is rank 1
  const std::vector<double> got =
      values_of(kExec, instance(kExec, "rolling_quantile", {5, 0.25}), rows_of_closes({5, 1, 3, 4, 2}));
  CHECK(std::isnan(got[3]));
  CHECK(got[4] == doctest::Approx(2.0).epsilon(1e-12));
}

TEST_CASE("by linear interpolation") {
  // 1 + 0.9 (3 - 1)
  const std::vector<double> got =
      values_of(kExec, instance(kExec, "rolling_quantile", {2, 0.9}), rows_of_closes({1, 3}));
  CHECK(got[1] == doctest::Approx(2.8).epsilon(1e-12));
}
