#include <doctest/doctest.h>

#include "tests/cuda/series/sample_rows.hpp"

using namespace tf;
using sample::instance;
using sample::rows_of_closes;
using sample::values_of;

static const Exec kExec;

TEST_CASE("level and slope take their gains of what was missed") {
  // tracking 1: r = (5 - 3) / 4 = 0.5, gains 0.75 and 2 * 0.25
  const std::vector<double> got = values_of(kExec, instance(kExec, "kalman_trend", {1}),
                                            rows_of_closes({100, 100, 100, 100, 100, 100, 100, 100, 108}));
  CHECK(std::isnan(got[15]));
  CHECK(got[16] == doctest::Approx(106.0).epsilon(1e-12));
  CHECK(got[17] == doctest::Approx(4.0).epsilon(1e-12));
}

TEST_CASE("a straight line is followed") {
  const std::vector<double> got =
      values_of(kExec, instance(kExec, "kalman_trend", {1}), rows_of_closes({1, 2, 3, 4, 5, 6, 7, 8, 9, 10}));
  CHECK(got[18] == doctest::Approx(10.0).epsilon(1e-12));
  CHECK(got[19] == doctest::Approx(1.0).epsilon(1e-12));
}
