#include <doctest/doctest.h>

#include "tests/cuda/series/sample_rows.hpp"

using namespace tf;
using sample::instance;
using sample::rows_of_closes;
using sample::values_of;

static const Exec kExec;

TEST_CASE("the average range is the mean of high less low") {
  // ranges 2, 4, 0
  sample::Rows rows = rows_of_closes({1, 1, 4});
  rows.bar[static_cast<int>(series::BarColumn::high)] = {3, 5, 4};
  rows.bar[static_cast<int>(series::BarColumn::low)] = {1, 1, 4};
  const std::vector<double> got = values_of(kExec, instance(kExec, "average_range", {2}), rows);
  CHECK(std::isnan(got[0]));
  CHECK(got[1] == doctest::Approx(3.0).epsilon(1e-12));
  CHECK(got[2] == doctest::Approx(2.0).epsilon(1e-12));
}
