#include <doctest/doctest.h>

#include "tests/cuda/series/sample_rows.hpp"

using namespace tf;
using sample::instance;
using sample::rows_of_closes;
using sample::values_of;

static const Exec kExec;

TEST_CASE("deviations together over each alone") {
  // deviations -1, 0, 1 and -3, -1, 4: 7 / sqrt(2 * 26)
  sample::Rows rows = rows_of_closes({1, 2, 3});
  rows.bar[static_cast<int>(series::BarColumn::volume)] = {2, 4, 9};
  const std::vector<double> got = values_of(kExec, instance(kExec, "volume_correlation", {3}), rows);
  CHECK(std::isnan(got[1]));
  CHECK(got[2] == doctest::Approx(7 / std::sqrt(52.0)).epsilon(1e-12));
}

TEST_CASE("a flat one has no correlation") {
  sample::Rows rows = rows_of_closes({1.1, 1.1, 1.1});
  rows.bar[static_cast<int>(series::BarColumn::volume)] = {2, 4, 9};
  const std::vector<double> got = values_of(kExec, instance(kExec, "volume_correlation", {3}), rows);
  CHECK(got[2] == 0);
}
