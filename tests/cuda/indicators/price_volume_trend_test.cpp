#include <doctest/doctest.h>

#include "tests/cuda/series/sample_rows.hpp"

using namespace tf;
using sample::instance;
using sample::rows_of_closes;
using sample::values_of;

static const Exec kExec;

TEST_CASE("volume times relative change is summed") {
  // 0.25 * 8 = 2, -0.2 * 10 = -2, 0.5 * 6 = 3
  sample::Rows rows = rows_of_closes({4, 5, 4, 6});
  rows.bar[static_cast<int>(series::BarColumn::volume)] = {1, 8, 10, 6};
  const std::vector<double> got = values_of(kExec, instance(kExec, "price_volume_trend", {2}), rows);
  CHECK(std::isnan(got[1]));
  CHECK(got[2] == 0);
  CHECK(got[3] == 1);
}
