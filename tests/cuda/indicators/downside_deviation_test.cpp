#include <doctest/doctest.h>

#include "tests/cuda/series/sample_rows.hpp"

using namespace tf;
using sample::instance;
using sample::rows_of_closes;
using sample::values_of;

static const Exec kExec;
static const double kLogTwo = std::log(2.0);

TEST_CASE("returns below the target count, the others are 0") {
  // returns -ln 2, 2 ln 2
  const std::vector<double> got =
      values_of(kExec, instance(kExec, "downside_deviation", {2, 0}), rows_of_closes({4, 2, 8}));
  CHECK(std::isnan(got[1]));
  CHECK(got[2] == doctest::Approx(kLogTwo / std::sqrt(2.0)).epsilon(1e-12));
}

TEST_CASE("a standing price misses a target") {
  // target 100 bps: 0.01 short
  const std::vector<double> got =
      values_of(kExec, instance(kExec, "downside_deviation", {1, 100}), rows_of_closes({5, 5}));
  CHECK(got[1] == doctest::Approx(0.01).epsilon(1e-12));
}
