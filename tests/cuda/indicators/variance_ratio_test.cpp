#include <doctest/doctest.h>

#include "tests/cuda/series/sample_rows.hpp"

using namespace tf;
using sample::instance;
using sample::rows_of_closes;
using sample::values_of;

static const Exec kExec;

TEST_CASE("moves that turn back have a small ratio") {
  // lag 2, 4 returns 1, -1, 1, -1 times ln 2: moves of two bars are 0; z = -sqrt(4) / sqrt(2 * 3 * 1 / (3 * 2))
  const std::vector<double> got =
      values_of(kExec, instance(kExec, "variance_ratio", {2, 2}), rows_of_closes({1, 1, 2, 1, 2, 1}));
  CHECK(std::isnan(got[8]));
  CHECK(got[10] == doctest::Approx(0.0).epsilon(1e-12));
  CHECK(got[11] == doctest::Approx(-2.0).epsilon(1e-12));
}

TEST_CASE("moves that go on have a large one") {
  // returns 1, 1, -1, -1: variance 4 / 3; moves 2, 0, -2: 8 / m, m = 2 * 3 * (1 - 2 / 4) = 3
  const std::vector<double> got =
      values_of(kExec, instance(kExec, "variance_ratio", {2, 2}), rows_of_closes({1, 1, 2, 4, 2, 1}));
  CHECK(got[10] == doctest::Approx(2.0).epsilon(1e-12));
  CHECK(got[11] == doctest::Approx(2.0).epsilon(1e-12));
}

TEST_CASE("returns that do not vary have ratio 1") {
  const std::vector<double> got =
      values_of(kExec, instance(kExec, "variance_ratio", {2, 2}), rows_of_closes({1, 2, 4, 8, 16, 32}));
  CHECK(got[10] == 1);
  CHECK(got[11] == 0);
}
