#include <doctest/doctest.h>

#include "tests/cuda/series/sample_rows.hpp"

using namespace tf;
using sample::instance;
using sample::rows_of_closes;
using sample::values_of;

static const Exec kExec;

TEST_CASE("returns are paired with those before them") {
  // returns 1, 2, 0, 1 times ln 2: pairs (2, 1), (0, 2), (1, 0), all means 1: -1 / sqrt(2 * 2)
  const std::vector<double> got =
      values_of(kExec, instance(kExec, "autocorrelation", {3, 1}), rows_of_closes({1, 2, 8, 8, 16}));
  CHECK(std::isnan(got[3]));
  CHECK(got[4] == doctest::Approx(-0.5).epsilon(1e-12));
}

TEST_CASE("equal returns have none") {
  const std::vector<double> got =
      values_of(kExec, instance(kExec, "autocorrelation", {3, 2}), rows_of_closes({1, 2, 4, 8, 16, 32}));
  CHECK(got[5] == 0);
}
