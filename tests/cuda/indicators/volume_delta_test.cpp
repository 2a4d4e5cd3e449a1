#include <doctest/doctest.h>

#include "tests/cuda/series/sample_rows.hpp"

using namespace tf;
using sample::instance;
using sample::rows_of_closes;
using sample::values_of;

static const Exec kExec;

TEST_CASE("bought less sold lots, and their share of both") {
  // bought 4, sold 1
  sample::Rows rows = rows_of_closes({1, 1, 1, 1});
  rows.bar[static_cast<int>(series::BarColumn::buy_volume)] = {3, 1, 0, 0};
  rows.bar[static_cast<int>(series::BarColumn::sell_volume)] = {1, 0, 0, 0};
  const std::vector<double> got = values_of(kExec, instance(kExec, "volume_delta", {2}), rows);
  CHECK(std::isnan(got[0]));
  CHECK(got[2] == doctest::Approx(3.0).epsilon(1e-12));
  CHECK(got[3] == doctest::Approx(0.6).epsilon(1e-12));
  CHECK(got[6] == 0);
  CHECK(got[7] == 0);
}
