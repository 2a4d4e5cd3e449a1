#include <doctest/doctest.h>

#include "tests/cuda/series/sample_rows.hpp"

using namespace tf;

TEST_CASE("elder's rays are the high's and the low's distances from the average") {
  // mean 3, high 6, low 1
  sample::Rows rows = sample::rows_of_closes({2, 4});
  rows.bar[static_cast<int>(series::BarColumn::high)] = {3, 6};
  rows.bar[static_cast<int>(series::BarColumn::low)] = {1, 1};
  const std::vector<double> got = sample::values_of({}, sample::instance({}, "elder_ray", {2}), rows);
  CHECK(std::isnan(got[1]));
  CHECK(got[2] == doctest::Approx(3).epsilon(1e-12));
  CHECK(got[3] == doctest::Approx(-2).epsilon(1e-12));
}
