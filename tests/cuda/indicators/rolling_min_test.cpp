#include <doctest/doctest.h>

#include "tests/cuda/series/sample_rows.hpp"

using namespace tf;
using sample::instance;
using sample::rows_of_closes;
using sample::values_of;

static const Exec kExec;

TEST_CASE("the lowest of the window") {
  const std::vector<double> got = values_of(kExec, instance(kExec, "rolling_min", {2}), rows_of_closes({3, 5, 1, 2}));
  CHECK(std::isnan(got[0]));
  CHECK(got[1] == doctest::Approx(3.0).epsilon(1e-12));
  CHECK(got[2] == 1);
  CHECK(got[3] == 1);
}
