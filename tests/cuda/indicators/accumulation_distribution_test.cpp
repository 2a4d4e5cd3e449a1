#include <doctest/doctest.h>

#include "tests/cuda/series/sample_rows.hpp"

using namespace tf;
using sample::instance;
using sample::rows_of_closes;
using sample::values_of;

static const Exec kExec;

TEST_CASE("flows of the window are summed") {
  // flows 4, -2, 1, 4
  sample::Rows rows = rows_of_closes({7.5, 0, 10, 10});
  rows.bar[static_cast<int>(series::BarColumn::high)] = {10, 10, 10, 10};
  rows.bar[static_cast<int>(series::BarColumn::low)] = {0, 0, 0, 0};
  rows.bar[static_cast<int>(series::BarColumn::volume)] = {8, 2, 1, 4};
  const std::vector<double> got = values_of(kExec, instance(kExec, "accumulation_distribution", {2}), rows);
  CHECK(std::isnan(got[0]));
  CHECK(got[1] == doctest::Approx(2.0).epsilon(1e-12));
  CHECK(got[2] == -1);
  CHECK(got[3] == doctest::Approx(5.0).epsilon(1e-12));
}
