#include <doctest/doctest.h>

#include "tests/cuda/series/sample_rows.hpp"

using namespace tf;
using sample::instance;
using sample::rows_of_closes;
using sample::values_of;

static const Exec kExec;

TEST_CASE("the oscillator is the fast less the slow average of the summed flows") {
  // flows 4, -2, 1, 4 sum to 4, 2, 3, 7; average of 1: the same, of 3 (weight 1/2): 4, 3, 3, 5
  sample::Rows rows = rows_of_closes({7.5, 0, 10, 10});
  rows.bar[static_cast<int>(series::BarColumn::high)] = {10, 10, 10, 10};
  rows.bar[static_cast<int>(series::BarColumn::low)] = {0, 0, 0, 0};
  rows.bar[static_cast<int>(series::BarColumn::volume)] = {8, 2, 1, 4};
  const std::vector<double> got = values_of(kExec, instance(kExec, "chaikin_oscillator", {1, 3}), rows);
  CHECK(std::isnan(got[1]));
  CHECK(got[2] == 0);
  CHECK(got[3] == doctest::Approx(2.0).epsilon(1e-12));
}
