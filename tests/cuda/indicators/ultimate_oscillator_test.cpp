#include <doctest/doctest.h>

#include "tests/cuda/series/sample_rows.hpp"

using namespace tf;

TEST_CASE("the ultimate oscillator weighs three shares of buying pressure, the shortest most") {
  // pressure 1, 0, 3 of ranges 1, 1, 3: shares 1, 3/4, 4/5
  const sample::Rows rows = sample::rows_of_closes({1, 2, 1, 4});
  const std::vector<double> got = sample::values_of({}, sample::instance({}, "ultimate_oscillator", {1, 2, 3}), rows);
  CHECK(std::isnan(got[2]));
  CHECK(got[3] == doctest::Approx(100 * (4 + 1.5 + 0.8) / 7).epsilon(1e-12));
}

TEST_CASE("its windows may come in any order") {
  const sample::Rows rows = sample::rows_of_closes({1, 2, 1, 4});
  const std::vector<double> got = sample::values_of({}, sample::instance({}, "ultimate_oscillator", {3, 1, 2}), rows);
  CHECK(got[3] == doctest::Approx(90).epsilon(1e-12));
}

TEST_CASE("without range it is 0") {
  const sample::Rows rows = sample::rows_of_closes({5, 5, 5, 5});
  const std::vector<double> got = sample::values_of({}, sample::instance({}, "ultimate_oscillator", {1, 2, 3}), rows);
  CHECK(got[3] == doctest::Approx(0).epsilon(1e-12));
}
