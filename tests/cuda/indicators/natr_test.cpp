#include <doctest/doctest.h>

#include "tests/cuda/series/sample_rows.hpp"

using namespace tf;
using sample::instance;
using sample::rows_of_closes;
using sample::values_of;

static const Exec kExec;

TEST_CASE("natr is Wilder's average of the true range in percent of the close") {
  // Ranges 2, 1, 3 from row 1; their average 1.5 at row 2, then (1.5 + 3) / 2 = 2.25.
  const std::vector<double> got = values_of(kExec, instance(kExec, "natr", {2}), rows_of_closes({100, 102, 101, 104}));
  CHECK(std::isnan(got[0]));
  CHECK(std::isnan(got[1]));
  CHECK(got[2] == doctest::Approx(150.0 / 101).epsilon(1e-12));
  CHECK(got[3] == doctest::Approx(225.0 / 104).epsilon(1e-12));
}

TEST_CASE("natr is 0 where the close is") {
  const std::vector<double> got = values_of(kExec, instance(kExec, "natr", {1}), rows_of_closes({3, 1, 0}));
  CHECK(got[1] == doctest::Approx(200.0).epsilon(1e-12));
  CHECK(got[2] == 0);
}
