#include <doctest/doctest.h>

#include "tests/cuda/series/sample_rows.hpp"

using namespace tf;
using sample::instance;
using sample::rows_of_closes;
using sample::values_of;

static const Exec kExec;

TEST_CASE("the slope of the returns on the reference's") {
  // returns 0.5, -0.4 against 0.25, -0.2
  sample::Rows rows = rows_of_closes({2, 3, 1.8});
  rows.bar[static_cast<int>(series::BarColumn::reference)] = {4, 5, 4};
  const std::vector<double> got = values_of(kExec, instance(kExec, "beta", {2}), rows);
  CHECK(std::isnan(got[1]));
  CHECK(got[2] == doctest::Approx(2.0).epsilon(1e-12));
}

TEST_CASE("a standing reference has no slope") {
  sample::Rows rows = rows_of_closes({2, 3, 1.8});
  rows.bar[static_cast<int>(series::BarColumn::reference)] = {4, 4, 4};
  const std::vector<double> got = values_of(kExec, instance(kExec, "beta", {2}), rows);
  CHECK(got[2] == 0);
}
