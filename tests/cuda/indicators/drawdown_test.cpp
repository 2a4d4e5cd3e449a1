#include <doctest/doctest.h>

#include "tests/cuda/series/sample_rows.hpp"

using namespace tf;
using sample::instance;
using sample::rows_of_closes;
using sample::values_of;

static const Exec kExec;

TEST_CASE("the distance to the highest close") {
  // 9 - 10, a tenth of it
  const std::vector<double> got = values_of(kExec, instance(kExec, "drawdown", {3}), rows_of_closes({8, 10, 9}));
  CHECK(std::isnan(got[3]));
  CHECK(got[4] == -1);
  CHECK(got[5] == doctest::Approx(-10.0).epsilon(1e-12));
}

TEST_CASE("percent of a highest of 0 are 0") {
  const std::vector<double> got = values_of(kExec, instance(kExec, "drawdown", {2}), rows_of_closes({0, -1}));
  CHECK(got[2] == -1);
  CHECK(got[3] == 0);
}
