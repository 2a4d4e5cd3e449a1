#include <doctest/doctest.h>

#include "tests/cuda/series/sample_rows.hpp"

using namespace tf;
using sample::instance;
using sample::rows_of_closes;
using sample::values_of;

static const Exec kExec;

TEST_CASE("the bars since the highest close, the latest of equal ones") {
  const std::vector<double> got =
      values_of(kExec, instance(kExec, "rolling_argmax", {4}), rows_of_closes({3, 5, 5, 1, 0, 0}));
  CHECK(std::isnan(got[2]));
  CHECK(got[3] == 1);
  CHECK(got[4] == doctest::Approx(2.0).epsilon(1e-12));
  CHECK(got[5] == doctest::Approx(3.0).epsilon(1e-12));
}
