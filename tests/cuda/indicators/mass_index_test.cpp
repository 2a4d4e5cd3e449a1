#include <doctest/doctest.h>

#include "tests/cuda/series/sample_rows.hpp"

using namespace tf;

TEST_CASE("a mass index sums the ratios of ranges once and twice smoothed") {
  // ranges 2, 4, 10: 3 and 23/3, whose mean is 16/3
  sample::Rows rows = sample::rows_of_closes({0, 0, 0});
  rows.bar[static_cast<int>(series::BarColumn::high)] = {2, 4, 10};
  rows.bar[static_cast<int>(series::BarColumn::low)] = {0, 0, 0};
  const std::vector<double> got = sample::values_of({}, sample::instance({}, "mass_index", {2, 1}), rows);
  CHECK(std::isnan(got[1]));
  CHECK(got[2] == doctest::Approx(23.0 / 16).epsilon(1e-12));
}

TEST_CASE("a ratio without range counts as 1") {
  const sample::Rows rows = sample::rows_of_closes({5, 5, 5, 5});
  const std::vector<double> got = sample::values_of({}, sample::instance({}, "mass_index", {2, 2}), rows);
  CHECK(got[3] == doctest::Approx(2).epsilon(1e-12));
}
