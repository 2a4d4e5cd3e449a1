#include <doctest/doctest.h>

#include "tests/cuda/series/sample_rows.hpp"

using namespace tf;
using sample::instance;
using sample::rows_of_closes;
using sample::values_of;

static const Exec kExec;

TEST_CASE("the range of the summed deviations over the standard deviation") {
  // returns 1, 1, -1, -1 times ln 2: sums 1, 2, 1, 0, deviation 1; ln 2 / ln(4 / 2)
  const std::vector<double> got =
      values_of(kExec, instance(kExec, "rescaled_range", {4}), rows_of_closes({1, 2, 4, 2, 1}));
  CHECK(std::isnan(got[6]));
  CHECK(got[8] == doctest::Approx(2.0).epsilon(1e-12));
  CHECK(got[9] == doctest::Approx(1.0).epsilon(1e-12));
}

TEST_CASE("equal returns have a range of 1") {
  const std::vector<double> got =
      values_of(kExec, instance(kExec, "rescaled_range", {4}), rows_of_closes({1, 2, 4, 8, 16}));
  CHECK(got[8] == 1);
  CHECK(got[9] == 0);
}
