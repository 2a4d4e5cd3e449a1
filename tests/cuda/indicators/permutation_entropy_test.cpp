#include <doctest/doctest.h>

#include "tests/cuda/series/sample_rows.hpp"

using namespace tf;
using sample::instance;
using sample::rows_of_closes;
using sample::values_of;

static const Exec kExec;

TEST_CASE("the shares of the orders of three closes") {
  // rising, then 2 3 1: two orders, half each
  const std::vector<double> got =
      values_of(kExec, instance(kExec, "permutation_entropy", {2}), rows_of_closes({1, 2, 3, 1}));
  CHECK(std::isnan(got[2]));
  CHECK(got[3] == doctest::Approx(std::log(2.0) / std::log(6.0)).epsilon(1e-12));
}

TEST_CASE("all six orders, equally often") {
  const std::vector<double> got =
      values_of(kExec, instance(kExec, "permutation_entropy", {6}), rows_of_closes({0, 0, 3, 2, 1, 1, 0, 1}));
  CHECK(got[7] == doctest::Approx(1.0).epsilon(1e-12));
}

TEST_CASE("one order alone, and closes that stand, have none") {
  const std::vector<double> got =
      values_of(kExec, instance(kExec, "permutation_entropy", {2}), rows_of_closes({1, 2, 3, 4, 4, 4, 4}));
  CHECK(got[3] == 0);
  CHECK(got[6] == 0);
}
