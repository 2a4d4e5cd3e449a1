#include <doctest/doctest.h>

#include "tests/cuda/series/sample_rows.hpp"

using namespace tf;
using sample::instance;
using sample::rows_of_closes;
using sample::values_of;

static const Exec kExec;

TEST_CASE("the net move over the way") {
  // moves 2, -1, 2: 3 / 5
  const std::vector<double> got =
      values_of(kExec, instance(kExec, "efficiency_ratio", {3}), rows_of_closes({1, 3, 2, 4}));
  CHECK(std::isnan(got[2]));
  CHECK(got[3] == doctest::Approx(0.6).epsilon(1e-12));
}

TEST_CASE("no moves, no ratio") {
  const std::vector<double> got = values_of(kExec, instance(kExec, "efficiency_ratio", {1}), rows_of_closes({4, 4}));
  CHECK(got[1] == 0);
}
