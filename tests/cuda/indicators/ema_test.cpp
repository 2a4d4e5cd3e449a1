#include <doctest/doctest.h>

#include "tests/cuda/series/sample_rows.hpp"

using namespace tf;
using sample::instance;
using sample::rows_of_closes;
using sample::values_of;

static const Exec kExec;

TEST_CASE("an ema starts as the mean of its first period and then smooths by 2 / (period + 1)") {
  const std::vector<double> got = values_of(kExec, instance(kExec, "ema", {3}), rows_of_closes({3, 6, 9, 10, 2}));
  CHECK(std::isnan(got[0]));
  CHECK(std::isnan(got[1]));
  CHECK(got[2] == 6);
  CHECK(got[3] == 8);  // 6 + (10 - 6) / 2
  CHECK(got[4] == 5);
}

TEST_CASE("an ema of period 1 is the close itself") {
  CHECK(values_of(kExec, instance(kExec, "ema", {1}), rows_of_closes({3, 1.5, -9})) == std::vector<double>{3, 1.5, -9});
}
