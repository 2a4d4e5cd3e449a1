#include <doctest/doctest.h>

#include "tests/cuda/series/sample_rows.hpp"

using namespace tf;
using sample::instance;
using sample::rows_of_closes;
using sample::values_of;

static const Exec kExec;

TEST_CASE("changes times volume are averaged") {
  // 20, -4, 0 from row 1: mean 8, then 8 + 2/3 (0 - 8)
  sample::Rows rows = rows_of_closes({1, 3, 2, 2});
  rows.bar[static_cast<int>(series::BarColumn::volume)] = {1, 10, 4, 9};
  const std::vector<double> got = values_of(kExec, instance(kExec, "force_index", {2}), rows);
  CHECK(std::isnan(got[1]));
  CHECK(got[2] == doctest::Approx(8.0).epsilon(1e-12));
  CHECK(got[3] == doctest::Approx(8.0 / 3).epsilon(1e-12));
}
