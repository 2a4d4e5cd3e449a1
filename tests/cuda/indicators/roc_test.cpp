#include <doctest/doctest.h>

#include "tests/cuda/series/sample_rows.hpp"

using namespace tf;
using sample::instance;
using sample::rows_of_closes;
using sample::values_of;

static const Exec kExec;

TEST_CASE("a roc is the change in percent since period bars ago, and 0 from a price of 0") {
  const std::vector<double> got = values_of(kExec, instance(kExec, "roc", {2}), rows_of_closes({4, 0, 5, 7, 4}));
  CHECK(std::isnan(got[1]));
  CHECK(got[2] == 25);
  CHECK(got[3] == 0);
  CHECK(got[4] == -20);
}
