#include <doctest/doctest.h>

#include "tests/cuda/series/sample_rows.hpp"

using namespace tf;
using sample::instance;
using sample::rows_of_closes;
using sample::values_of;

static const Exec kExec;

TEST_CASE("the squared correlation with time") {
  // 1 2 4 against -1 0 1: 3^2 / (2 * 14 / 3); 2 4 6: a line
  const std::vector<double> got = values_of(kExec, instance(kExec, "r_squared", {3}), rows_of_closes({1, 2, 4, 6}));
  CHECK(std::isnan(got[1]));
  CHECK(got[2] == doctest::Approx(27.0 / 28).epsilon(1e-12));
  CHECK(got[3] == 1);
}

TEST_CASE("a flat window has none") {
  const std::vector<double> got = values_of(kExec, instance(kExec, "r_squared", {3}), rows_of_closes({1.1, 1.1, 1.1}));
  CHECK(got[2] == 0);
}
