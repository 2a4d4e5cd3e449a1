#include <doctest/doctest.h>

#include "tests/cuda/series/sample_rows.hpp"

using namespace tf;

TEST_CASE("an alma weighs by a bell around its offset") {
  // period 3 in 3 standard deviations: weights e^-1/2, 1, e^-1/2
  const sample::Rows rows = sample::rows_of_closes({1, 2, 4});
  const std::vector<double> got = sample::values_of({}, sample::instance({}, "alma", {3, 0.5, 3}), rows);
  CHECK(std::isnan(got[1]));
  CHECK(got[2] == doctest::Approx((5 * std::exp(-0.5) + 2) / (1 + 2 * std::exp(-0.5))).epsilon(1e-12));
}

TEST_CASE("an alma of offset 1 is centred at the newest bar") {
  // period 2 in 2 standard deviations: weights e^-1/2, 1
  const sample::Rows rows = sample::rows_of_closes({9, 1, 3});
  const std::vector<double> got = sample::values_of({}, sample::instance({}, "alma", {2, 1, 2}), rows);
  CHECK(got[2] == doctest::Approx((std::exp(-0.5) + 3) / (1 + std::exp(-0.5))).epsilon(1e-12));
}
