#include <doctest/doctest.h>

#include "tests/cuda/series/sample_rows.hpp"

using namespace tf;

TEST_CASE("choppiness is the logarithm of the path over the range") {
  // true ranges 4 + 4 in a range of 4: log2(2)
  sample::Rows rows = sample::rows_of_closes({4, 7, 6});
  rows.bar[static_cast<int>(series::BarColumn::high)] = {5, 8, 9};
  rows.bar[static_cast<int>(series::BarColumn::low)] = {3, 6, 5};
  const std::vector<double> got = sample::values_of({}, sample::instance({}, "choppiness_index", {2}), rows);
  CHECK(std::isnan(got[1]));
  CHECK(got[2] == doctest::Approx(100).epsilon(1e-12));
}

TEST_CASE("one straight move is 0, no move 100") {
  sample::Rows rows = sample::rows_of_closes({5, 8, 8, 8, 8});
  rows.bar[static_cast<int>(series::BarColumn::high)] = {8, 8, 8, 8, 8};
  rows.bar[static_cast<int>(series::BarColumn::low)] = {5, 5, 8, 8, 8};
  const std::vector<double> got = sample::values_of({}, sample::instance({}, "choppiness_index", {2}), rows);
  CHECK(got[2] == doctest::Approx(0).epsilon(1e-12));
  CHECK(got[4] == doctest::Approx(100).epsilon(1e-12));
}
