#include <doctest/doctest.h>

#include "tests/cuda/series/sample_rows.hpp"

using namespace tf;
using sample::instance;
using sample::rows_of_closes;
using sample::values_of;

static const Exec kExec;

TEST_CASE("the distance from the mean in deviations of the window") {
  // 2 4 4 6: mean 4, variance 2
  const std::vector<double> got = values_of(kExec, instance(kExec, "zscore", {4}), rows_of_closes({9, 2, 4, 4, 6}));
  CHECK(std::isnan(got[2]));
  CHECK(got[4] == doctest::Approx(std::sqrt(2.0)).epsilon(1e-12));
}

TEST_CASE("a flat window is no distance away") {
  const std::vector<double> got = values_of(kExec, instance(kExec, "zscore", {3}), rows_of_closes({5, 5, 5}));
  CHECK(got[2] == 0);
}
