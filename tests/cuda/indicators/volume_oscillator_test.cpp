#include <doctest/doctest.h>

#include "tests/cuda/series/sample_rows.hpp"

using namespace tf;
using sample::instance;
using sample::rows_of_closes;
using sample::values_of;

static const Exec kExec;

TEST_CASE("the fast mean's distance from the slow one in percent") {
  // fast 6, 0, 0; slow 4, 3, 0
  sample::Rows rows = rows_of_closes({1, 1, 1, 1});
  rows.bar[static_cast<int>(series::BarColumn::volume)] = {2, 6, 0, 0};
  const std::vector<double> got = values_of(kExec, instance(kExec, "volume_oscillator", {1, 2}), rows);
  CHECK(std::isnan(got[0]));
  CHECK(got[1] == doctest::Approx(50.0).epsilon(1e-12));
  CHECK(got[2] == doctest::Approx(-100.0).epsilon(1e-12));
  CHECK(got[3] == 0);
}

TEST_CASE("the shorter period is the fast one") {
  sample::Rows rows = rows_of_closes({1, 1});
  rows.bar[static_cast<int>(series::BarColumn::volume)] = {2, 6};
  const std::vector<double> got = values_of(kExec, instance(kExec, "volume_oscillator", {2, 1}), rows);
  CHECK(got[1] == doctest::Approx(50.0).epsilon(1e-12));
}
