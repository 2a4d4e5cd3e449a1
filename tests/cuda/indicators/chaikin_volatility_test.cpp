#include <doctest/doctest.h>

#include "tests/cuda/series/sample_rows.hpp"

using namespace tf;
using sample::instance;
using sample::rows_of_closes;
using sample::values_of;

static const Exec kExec;

TEST_CASE("chaikin volatility is the change of the average range in percent") {
  // ranges 2, 4, 0; averages from row 1: 3, then 3 + 2/3 (0 - 3) = 1
  sample::Rows rows = rows_of_closes({1, 1, 4});
  rows.bar[static_cast<int>(series::BarColumn::high)] = {3, 5, 4};
  rows.bar[static_cast<int>(series::BarColumn::low)] = {1, 1, 4};
  const std::vector<double> got = values_of(kExec, instance(kExec, "chaikin_volatility", {2, 1}), rows);
  CHECK(std::isnan(got[1]));
  CHECK(got[2] == doctest::Approx(-200.0 / 3).epsilon(1e-12));
}

TEST_CASE("a change from no range counts as 0") {
  sample::Rows rows = rows_of_closes({4, 4, 4});
  rows.bar[static_cast<int>(series::BarColumn::high)] = {4, 5, 4};
  rows.bar[static_cast<int>(series::BarColumn::low)] = {4, 4, 4};
  const std::vector<double> got = values_of(kExec, instance(kExec, "chaikin_volatility", {1, 1}), rows);
  CHECK(got[1] == 0);
  CHECK(got[2] == doctest::Approx(-100.0).epsilon(1e-12));
}
