#include <doctest/doctest.h>

#include "tests/cuda/series/sample_rows.hpp"

using namespace tf;

TEST_CASE("the midprice lies between the highest high and the lowest low") {
  // (7 + 1) / 2, (7 + 3) / 2
  sample::Rows rows = sample::rows_of_closes({3, 4, 5});
  rows.bar[static_cast<int>(series::BarColumn::high)] = {5, 7, 6};
  rows.bar[static_cast<int>(series::BarColumn::low)] = {1, 3, 4};
  const std::vector<double> got = sample::values_of({}, sample::instance({}, "midprice", {2}), rows);
  CHECK(std::isnan(got[0]));
  CHECK(got[1] == doctest::Approx(4).epsilon(1e-12));
  CHECK(got[2] == doctest::Approx(5).epsilon(1e-12));
}
