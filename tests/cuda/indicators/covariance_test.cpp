#include <doctest/doctest.h>

#include "tests/cuda/series/sample_rows.hpp"

using namespace tf;
using sample::instance;
using sample::rows_of_closes;
using sample::values_of;

static const Exec kExec;
static const double kLogTwo = std::log(2.0);

TEST_CASE("the mean product of the returns' deviations") {
  // returns 2, 0, 1 and 1, 2, 0 times ln 2, all means 1: -(ln 2)^2 / 3
  sample::Rows rows = rows_of_closes({1, 4, 4, 8});
  rows.bar[static_cast<int>(series::BarColumn::reference)] = {1, 2, 8, 8};
  const std::vector<double> got = values_of(kExec, instance(kExec, "covariance", {3}), rows);
  CHECK(std::isnan(got[2]));
  CHECK(got[3] == doctest::Approx(-kLogTwo * kLogTwo / 3).epsilon(1e-12));
}
