#include <doctest/doctest.h>

#include "tests/cuda/series/sample_rows.hpp"

using namespace tf;

TEST_CASE("an adxr is the mean of two adx") {
  // as in the adx's test: 80 at row 3, 70 at row 4
  sample::Rows rows = sample::rows_of_closes({9.5, 11, 11, 9, 9});
  rows.bar[static_cast<int>(series::BarColumn::high)] = {10, 12, 13, 13, 13};
  rows.bar[static_cast<int>(series::BarColumn::low)] = {9, 11, 10, 8, 8};
  const std::vector<double> got = sample::values_of({}, sample::instance({}, "adxr", {2}), rows);
  CHECK(std::isnan(got[3]));
  CHECK(got[4] == doctest::Approx(75).epsilon(1e-12));
}
