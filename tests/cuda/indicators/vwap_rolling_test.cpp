#include <doctest/doctest.h>

#include "tests/cuda/series/sample_rows.hpp"

using namespace tf;
using sample::instance;
using sample::rows_of_closes;
using sample::values_of;

static const Exec kExec;

TEST_CASE("traded value over traded lots, the close where nothing traded") {
  // (10 * 1 + 20 * 3) / 4
  sample::Rows rows = rows_of_closes({9, 21, 22, 23});
  rows.bar[static_cast<int>(series::BarColumn::vwap)] = {10, 20, 22, 23};
  rows.bar[static_cast<int>(series::BarColumn::volume)] = {1, 3, 0, 0};
  const std::vector<double> got = values_of(kExec, instance(kExec, "vwap_rolling", {2}), rows);
  CHECK(std::isnan(got[0]));
  CHECK(got[1] == doctest::Approx(17.5).epsilon(1e-12));
  CHECK(got[2] == doctest::Approx(20.0).epsilon(1e-12));
  CHECK(got[3] == doctest::Approx(23.0).epsilon(1e-12));
}
