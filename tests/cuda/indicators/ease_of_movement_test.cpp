#include <doctest/doctest.h>

#include "tests/cuda/series/sample_rows.hpp"

using namespace tf;
using sample::instance;
using sample::rows_of_closes;
using sample::values_of;

static const Exec kExec;

TEST_CASE("the middle's move times range over volume is averaged; no volume counts as 0") {
  // middles 3, 6, 7, 8: 3 * 4 / 2 = 6, 0, 1 * 2 / 4 = 0.5
  sample::Rows rows = rows_of_closes({3, 6, 7, 8});
  rows.bar[static_cast<int>(series::BarColumn::high)] = {4, 8, 8, 9};
  rows.bar[static_cast<int>(series::BarColumn::low)] = {2, 4, 6, 7};
  rows.bar[static_cast<int>(series::BarColumn::volume)] = {1, 2, 0, 4};
  const std::vector<double> got = values_of(kExec, instance(kExec, "ease_of_movement", {2}), rows);
  CHECK(std::isnan(got[1]));
  CHECK(got[2] == doctest::Approx(3.0).epsilon(1e-12));
  CHECK(got[3] == doctest::Approx(0.25).epsilon(1e-12));
}
