#include <doctest/doctest.h>

#include "tests/cuda/series/sample_rows.hpp"

using namespace tf;

TEST_CASE("ichimoku lines are middles of three windows, span a that of the first two") {
  // windows 1, 2 and 3 end with highs 5 9 6 and lows 1 3 4: middles 5, 6 and 5
  sample::Rows rows = sample::rows_of_closes({3, 4, 5});
  rows.bar[static_cast<int>(series::BarColumn::high)] = {5, 9, 6};
  rows.bar[static_cast<int>(series::BarColumn::low)] = {1, 3, 4};
  const std::vector<double> got = sample::values_of({}, sample::instance({}, "ichimoku", {1, 2, 3}), rows);
  CHECK(std::isnan(got[7]));
  CHECK(got[8] == doctest::Approx(5).epsilon(1e-12));
  CHECK(got[9] == doctest::Approx(6).epsilon(1e-12));
  CHECK(got[10] == doctest::Approx(5.5).epsilon(1e-12));
  CHECK(got[11] == doctest::Approx(5).epsilon(1e-12));
}
