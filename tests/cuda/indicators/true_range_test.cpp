#include <doctest/doctest.h>

#include "tests/cuda/series/sample_rows.hpp"

using namespace tf;
using sample::instance;
using sample::rows_of_closes;
using sample::values_of;

static const Exec kExec;

TEST_CASE("the true range reaches to the close before where that lies outside the bar") {
  // 9 - 4 = 5 (high above), 8.5 - 5 = 3.5 (low below), 7 - 4 = 3 (inside)
  sample::Rows rows = rows_of_closes({4, 8.5, 5, 6});
  rows.bar[static_cast<int>(series::BarColumn::high)] = {5, 9, 6, 7};
  rows.bar[static_cast<int>(series::BarColumn::low)] = {3, 8, 5, 4};
  const std::vector<double> got = values_of(kExec, instance(kExec, "true_range", {}), rows);
  CHECK(std::isnan(got[0]));
  CHECK(got[1] == doctest::Approx(5.0).epsilon(1e-12));
  CHECK(got[2] == doctest::Approx(3.5).epsilon(1e-12));
  CHECK(got[3] == doctest::Approx(3.0).epsilon(1e-12));
}
