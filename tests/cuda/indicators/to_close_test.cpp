#include <doctest/doctest.h>

#include "tests/cuda/series/sample_rows.hpp"

using namespace tf;
using sample::instance;
using sample::rows_of_closes;
using sample::values_of;

static const Exec kExec;

TEST_CASE("minutes to the end") {
  sample::Rows rows = rows_of_closes({6, 6});
  rows.bar[static_cast<int>(series::BarColumn::to_close_ns)] = {5400e9, 0};
  const std::vector<double> got = values_of(kExec, instance(kExec, "to_close", {}), rows);
  CHECK(got[0] == doctest::Approx(90.0).epsilon(1e-12));
  CHECK(got[1] == 0);
}
