#include <doctest/doctest.h>

#include "tests/cuda/series/sample_rows.hpp"

using namespace tf;
using sample::instance;
using sample::rows_of_closes;
using sample::values_of;

static const Exec kExec;

TEST_CASE("the mean of all four") {
  // (2 + 9 + 1 + 6) / 4
  sample::Rows rows = rows_of_closes({6, 6});
  rows.bar[static_cast<int>(series::BarColumn::open)] = {2, 6};
  rows.bar[static_cast<int>(series::BarColumn::high)] = {9, 6};
  rows.bar[static_cast<int>(series::BarColumn::low)] = {1, 6};
  const std::vector<double> got = values_of(kExec, instance(kExec, "average_price", {}), rows);
  CHECK(got[0] == doctest::Approx(4.5).epsilon(1e-12));
  CHECK(got[1] == doctest::Approx(6.0).epsilon(1e-12));
}
