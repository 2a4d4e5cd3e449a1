#include <doctest/doctest.h>

#include "tests/cuda/series/sample_rows.hpp"

using namespace tf;
using sample::instance;
using sample::rows_of_closes;
using sample::values_of;

static const Exec kExec;

TEST_CASE("the standard deviation divides by the period") {
  // 2 4 4 6: mean 4, squares of deviations 8, variance 2; 9 2 4 4: 117/4 - 4.75^2 = 6.6875
  const std::vector<double> got =
      values_of(kExec, instance(kExec, "standard_deviation", {4}), rows_of_closes({9, 2, 4, 4, 6}));
  CHECK(std::isnan(got[2]));
  CHECK(got[3] == doctest::Approx(std::sqrt(6.6875)).epsilon(1e-12));
  CHECK(got[4] == doctest::Approx(std::sqrt(2.0)).epsilon(1e-12));
}

TEST_CASE("small deviations far from zero keep their digits, flat windows have none") {
  const std::vector<double> got =
      values_of(kExec, instance(kExec, "standard_deviation", {2}), rows_of_closes({1e7, 1e7 + 0.5, 1e7 + 0.5}));
  CHECK(got[1] == doctest::Approx(0.25).epsilon(1e-12));
  CHECK(got[2] == 0);
}
