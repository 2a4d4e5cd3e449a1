#include <doctest/doctest.h>

#include "tests/cuda/series/sample_rows.hpp"

using namespace tf;

TEST_CASE("a vwma weighs closes by their lots") {
  // row 1: (10 + 60) / 4; row 2: the last bar traded nothing
  sample::Rows rows = sample::rows_of_closes({10, 20, 40});
  rows.bar[static_cast<int>(series::BarColumn::volume)] = {1, 3, 0};
  const std::vector<double> got = sample::values_of({}, sample::instance({}, "vwma", {2}), rows);
  CHECK(std::isnan(got[0]));
  CHECK(got[1] == doctest::Approx(17.5).epsilon(1e-12));
  CHECK(got[2] == doctest::Approx(20).epsilon(1e-12));
}

TEST_CASE("a vwma of a window without volume is the close") {
  sample::Rows rows = sample::rows_of_closes({10, 20, 40});
  rows.bar[static_cast<int>(series::BarColumn::volume)] = {0, 0, 0};
  const std::vector<double> got = sample::values_of({}, sample::instance({}, "vwma", {2}), rows);
  CHECK(got[2] == doctest::Approx(40).epsilon(1e-12));
}
