#include <doctest/doctest.h>

#include "tests/cuda/series/sample_rows.hpp"

using namespace tf;
using sample::instance;
using sample::rows_of_closes;
using sample::values_of;

static const Exec kExec;

TEST_CASE("the median is the middle one") {
  const std::vector<double> got =
      values_of(kExec, instance(kExec, "rolling_median", {3}), rows_of_closes({5, 1, 3, 9}));
  CHECK(std::isnan(got[1]));
  CHECK(got[2] == doctest::Approx(3.0).epsilon(1e-12));
  CHECK(got[3] == doctest::Approx(3.0).epsilon(1e-12));
}

TEST_CASE("or the mean of the middle two") {
  const std::vector<double> got =
      values_of(kExec, instance(kExec, "rolling_median", {4}), rows_of_closes({5, 1, 3, 9}));
  CHECK(got[3] == doctest::Approx(4.0).epsilon(1e-12));
}
