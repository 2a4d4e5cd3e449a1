#include <doctest/doctest.h>

#include "tests/cuda/series/sample_rows.hpp"

using namespace tf;
using sample::instance;
using sample::rows_of_closes;
using sample::values_of;

static const Exec kExec;
static const double kLogTwo = std::log(2.0);

TEST_CASE("the first squares are averaged, then each weighs 1 - decay") {
  // decay 0.5: mean of 2 squares, (1 + 4) / 2 (ln 2)^2; then half of it and half of 0
  const std::vector<double> got =
      values_of(kExec, instance(kExec, "ewma_volatility", {0.5}), rows_of_closes({1, 2, 8, 8}));
  CHECK(std::isnan(got[1]));
  CHECK(got[2] == doctest::Approx(std::sqrt(2.5) * kLogTwo).epsilon(1e-12));
  CHECK(got[3] == doctest::Approx(std::sqrt(1.25) * kLogTwo).epsilon(1e-12));
}
