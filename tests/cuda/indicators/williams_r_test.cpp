#include <doctest/doctest.h>

#include "tests/cuda/series/sample_rows.hpp"

using namespace tf;

TEST_CASE("williams' r is the distance from the high in the range") {
  // 100 (10 - 12) / (12 - 8)
  sample::Rows rows = sample::rows_of_closes({9, 10});
  rows.bar[static_cast<int>(series::BarColumn::high)] = {10, 12};
  rows.bar[static_cast<int>(series::BarColumn::low)] = {8, 9};
  const std::vector<double> got = sample::values_of({}, sample::instance({}, "williams_r", {2}), rows);
  CHECK(std::isnan(got[0]));
  CHECK(got[1] == doctest::Approx(-50).epsilon(1e-12));
}

TEST_CASE("a flat window counts as 0") {
  const sample::Rows rows = sample::rows_of_closes({5, 5});
  const std::vector<double> got = sample::values_of({}, sample::instance({}, "williams_r", {2}), rows);
  CHECK(got[1] == doctest::Approx(0).epsilon(1e-12));
}
