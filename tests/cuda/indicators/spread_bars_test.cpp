#include <doctest/doctest.h>

#include "tests/cuda/series/sample_rows.hpp"

using namespace tf;
using sample::instance;
using sample::rows_of_closes;
using sample::values_of;

static const Exec kExec;

TEST_CASE("ask less bid, in ticks and in basis points of the mid") {
  // 3 over 6.5; a mid of 0 gives 0
  sample::Rows rows = rows_of_closes({6, 6});
  rows.bar[static_cast<int>(series::BarColumn::bid)] = {5, -1};
  rows.bar[static_cast<int>(series::BarColumn::ask)] = {8, 1};
  const std::vector<double> got = values_of(kExec, instance(kExec, "spread_bars", {}), rows);
  CHECK(got[0] == doctest::Approx(3.0).epsilon(1e-12));
  CHECK(got[1] == doctest::Approx(1e4 * 3 / 6.5).epsilon(1e-12));
  CHECK(got[2] == doctest::Approx(2.0).epsilon(1e-12));
  CHECK(got[3] == 0);
}
