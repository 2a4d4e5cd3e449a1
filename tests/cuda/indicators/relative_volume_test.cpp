#include <doctest/doctest.h>

#include "tests/cuda/series/sample_rows.hpp"

using namespace tf;
using sample::instance;
using sample::rows_of_closes;
using sample::values_of;

static const Exec kExec;

TEST_CASE("volume over its mean, and its distance in deviations") {
  // 2 4 4 6: mean 4, variance 2
  sample::Rows rows = rows_of_closes({1, 1, 1, 1});
  rows.bar[static_cast<int>(series::BarColumn::volume)] = {2, 4, 4, 6};
  const std::vector<double> got = values_of(kExec, instance(kExec, "relative_volume", {4}), rows);
  CHECK(std::isnan(got[5]));
  CHECK(got[6] == doctest::Approx(1.5).epsilon(1e-12));
  CHECK(got[7] == doctest::Approx(std::sqrt(2.0)).epsilon(1e-12));
}

TEST_CASE("volume that is 0, or always the same, is no distance away") {
  sample::Rows rows = rows_of_closes({1, 1, 1, 1});
  rows.bar[static_cast<int>(series::BarColumn::volume)] = {0, 0, 7, 7};
  const std::vector<double> got = values_of(kExec, instance(kExec, "relative_volume", {2}), rows);
  CHECK(got[2] == 0);
  CHECK(got[3] == 0);
  CHECK(got[6] == 1);
  CHECK(got[7] == 0);
}
