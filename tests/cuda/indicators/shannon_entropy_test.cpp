#include <doctest/doctest.h>

#include "tests/cuda/series/sample_rows.hpp"

using namespace tf;
using sample::instance;
using sample::rows_of_closes;
using sample::values_of;

static const Exec kExec;
static const double kLogTwo = std::log(2.0);

TEST_CASE("the shares of the bins") {
  // returns 0, 0, 0, 1: shares 3/4 and 1/4; then 0, 0, 1, 0 and 0, 1, 0, 1 times ln 2: halves
  const std::vector<double> got =
      values_of(kExec, instance(kExec, "shannon_entropy", {4, 2}), rows_of_closes({1, 1, 1, 1, 2, 2, 4}));
  CHECK(std::isnan(got[3]));
  CHECK(got[4] == doctest::Approx((-0.75 * std::log(0.75) - 0.25 * std::log(0.25)) / kLogTwo).epsilon(1e-12));
  CHECK(got[6] == doctest::Approx(1.0).epsilon(1e-12));
}

TEST_CASE("equal returns have none") {
  const std::vector<double> got =
      values_of(kExec, instance(kExec, "shannon_entropy", {4, 2}), rows_of_closes({1, 2, 4, 8, 16}));
  CHECK(got[4] == 0);
}
