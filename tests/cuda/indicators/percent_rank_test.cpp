#include <doctest/doctest.h>

#include "tests/cuda/series/sample_rows.hpp"

using namespace tf;
using sample::instance;
using sample::rows_of_closes;
using sample::values_of;

static const Exec kExec;

TEST_CASE("closes below count whole, equal ones half") {
  // below 1, equal 3: (1 + 1.5) / 4; below 3 of 4: 3.5 / 4; below none: 0.5 / 4
  const std::vector<double> got =
      values_of(kExec, instance(kExec, "percent_rank", {4}), rows_of_closes({1, 2, 2, 2, 4, 1}));
  CHECK(std::isnan(got[2]));
  CHECK(got[3] == doctest::Approx(0.625).epsilon(1e-12));
  CHECK(got[4] == doctest::Approx(0.875).epsilon(1e-12));
  CHECK(got[5] == doctest::Approx(0.125).epsilon(1e-12));
}
