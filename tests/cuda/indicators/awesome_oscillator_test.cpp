#include <doctest/doctest.h>

#include "tests/cuda/series/sample_rows.hpp"

using namespace tf;

TEST_CASE("the awesome oscillator is the fast less the slow mean of middles") {
  // middles 3 and 6: 6 - 4.5
  sample::Rows rows = sample::rows_of_closes({3, 6});
  rows.bar[static_cast<int>(series::BarColumn::high)] = {4, 8};
  rows.bar[static_cast<int>(series::BarColumn::low)] = {2, 4};
  const std::vector<double> got = sample::values_of({}, sample::instance({}, "awesome_oscillator", {1, 2}), rows);
  CHECK(std::isnan(got[0]));
  CHECK(got[1] == doctest::Approx(1.5).epsilon(1e-12));
}
