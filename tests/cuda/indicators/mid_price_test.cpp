#include <doctest/doctest.h>

#include "tests/cuda/series/sample_rows.hpp"

using namespace tf;
using sample::instance;
using sample::rows_of_closes;
using sample::values_of;

static const Exec kExec;

TEST_CASE("the middle of bid and ask") {
  sample::Rows rows = rows_of_closes({6, 6});
  rows.bar[static_cast<int>(series::BarColumn::bid)] = {5, 6};
  rows.bar[static_cast<int>(series::BarColumn::ask)] = {8, 6};
  const std::vector<double> got = values_of(kExec, instance(kExec, "mid_price", {}), rows);
  CHECK(got[0] == doctest::Approx(6.5).epsilon(1e-12));
  CHECK(got[1] == doctest::Approx(6.0).epsilon(1e-12));
}
