#include <doctest/doctest.h>

#include "tests/cuda/series/sample_rows.hpp"

using namespace tf;

TEST_CASE("the balance of power is the move's share of the range, 0 without one") {
  // (5 - 2) / (6 - 2)
  sample::Rows rows = sample::rows_of_closes({5, 3});
  rows.bar[static_cast<int>(series::BarColumn::open)] = {2, 3};
  rows.bar[static_cast<int>(series::BarColumn::high)] = {6, 3};
  rows.bar[static_cast<int>(series::BarColumn::low)] = {2, 3};
  const std::vector<double> got = sample::values_of({}, sample::instance({}, "balance_of_power", {}), rows);
  CHECK(got[0] == doctest::Approx(0.75).epsilon(1e-12));
  CHECK(got[1] == doctest::Approx(0).epsilon(1e-12));
}
