#include <doctest/doctest.h>

#include "tests/cuda/series/sample_rows.hpp"

using namespace tf;
using sample::instance;
using sample::rows_of_closes;
using sample::values_of;

static const Exec kExec;

TEST_CASE("the width is twice the deviations over the mean, in percent") {
  // 2 4 4 6: mean 4, variance 2: 2 * 2 * sqrt(2) / 4
  const std::vector<double> got =
      values_of(kExec, instance(kExec, "bollinger_width", {4, 2}), rows_of_closes({9, 2, 4, 4, 6}));
  CHECK(std::isnan(got[2]));
  CHECK(got[4] == doctest::Approx(100 * std::sqrt(2.0)).epsilon(1e-12));
}

TEST_CASE("a mean of 0 and a flat window have no width") {
  const std::vector<double> got =
      values_of(kExec, instance(kExec, "bollinger_width", {2, 1}), rows_of_closes({1, -1, 3, 3}));
  CHECK(got[1] == 0);
  CHECK(got[3] == 0);
}
