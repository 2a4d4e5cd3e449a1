#include <doctest/doctest.h>

#include "tests/cuda/series/sample_rows.hpp"

using namespace tf;
using sample::instance;
using sample::rows_of_closes;
using sample::values_of;

static const Exec kExec;

TEST_CASE("half a distance is lost in ln 2 over the pull") {
  // changes -4, -2, -1 at 8, 4, 2: slope -0.5
  const std::vector<double> got = values_of(kExec, instance(kExec, "half_life", {3}), rows_of_closes({8, 4, 2, 1}));
  CHECK(std::isnan(got[2]));
  CHECK(got[3] == doctest::Approx(2 * std::log(2.0)).epsilon(1e-12));
}

TEST_CASE("no reversion is ten windows") {
  const std::vector<double> got =
      values_of(kExec, instance(kExec, "half_life", {3}), rows_of_closes({1, 2, 4, 8, 8, 8, 8}));
  CHECK(got[3] == doctest::Approx(30.0).epsilon(1e-12));
  CHECK(got[6] == doctest::Approx(30.0).epsilon(1e-12));
}
