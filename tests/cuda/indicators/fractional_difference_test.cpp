#include <doctest/doctest.h>

#include "tests/cuda/series/sample_rows.hpp"

using namespace tf;
using sample::instance;
using sample::rows_of_closes;
using sample::values_of;

static const Exec kExec;
static const double kLogTwo = std::log(2.0);

TEST_CASE("order 1 is the log return") {
  const std::vector<double> got =
      values_of(kExec, instance(kExec, "fractional_difference", {1, 0.0001}), rows_of_closes({1, 2, 8}));
  CHECK(std::isnan(got[0]));
  CHECK(got[1] == doctest::Approx(kLogTwo).epsilon(1e-12));
  CHECK(got[2] == doctest::Approx(2 * kLogTwo).epsilon(1e-12));
}

TEST_CASE("weights follow the binomial series up to the threshold") {
  // order 0.5: 1, -0.5, -0.125, (-0.0625); logs 0, 1, 2 times ln 2: 2 - 0.5
  const std::vector<double> got =
      values_of(kExec, instance(kExec, "fractional_difference", {0.5, 0.12}), rows_of_closes({1, 2, 4}));
  CHECK(std::isnan(got[1]));
  CHECK(got[2] == doctest::Approx(1.5 * kLogTwo).epsilon(1e-12));
}
