#include <doctest/doctest.h>

#include "tests/cuda/series/sample_rows.hpp"

using namespace tf;

TEST_CASE("a stochastic rsi is the rsi's place in its range") {
  // an rsi of 1 bar: 100, 0, 100 from row 1; in its range of 2: 0, 100; their mean 50
  const sample::Rows rows = sample::rows_of_closes({1, 2, 1, 2});
  const std::vector<double> got = sample::values_of({}, sample::instance({}, "stochastic_rsi", {1, 2, 2}), rows);
  CHECK(std::isnan(got[5]));
  CHECK(got[6] == doctest::Approx(100).epsilon(1e-12));
  CHECK(got[7] == doctest::Approx(50).epsilon(1e-12));
}

TEST_CASE("a flat range of the rsi counts as 0") {
  const sample::Rows rows = sample::rows_of_closes({1, 2, 3, 4});
  const std::vector<double> got = sample::values_of({}, sample::instance({}, "stochastic_rsi", {1, 2, 1}), rows);
  CHECK(got[6] == doctest::Approx(0).epsilon(1e-12));
}
