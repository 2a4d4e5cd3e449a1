#include <doctest/doctest.h>

#include "tests/cuda/series/sample_rows.hpp"

using namespace tf;
using sample::instance;
using sample::rows_of_closes;
using sample::values_of;

static const Exec kExec;

TEST_CASE("an rsi is the share of the rises in all moves, first averaged plainly, then by Wilder") {
  // Moves: +2 -1 | +3 -2. Means of the first two: up 1, down 0.5.
  const std::vector<double> got = values_of(kExec, instance(kExec, "rsi", {2}), rows_of_closes({10, 12, 11, 14, 12}));
  CHECK(std::isnan(got[1]));
  CHECK(got[2] == doctest::Approx(100 * 1 / 1.5));
  CHECK(got[3] == doctest::Approx(100 * 2 / 2.25));         // up (1 + 3) / 2, down 0.25
  CHECK(got[4] == doctest::Approx(100 * 1 / (1 + 1.125)));  // up 1, down (0.25 + 2) / 2
}

TEST_CASE("an rsi is 100 when prices only rise, 0 when they only fall and where nothing moved") {
  CHECK(values_of(kExec, instance(kExec, "rsi", {2}), rows_of_closes({1, 2, 3, 4})).back() == 100);
  CHECK(values_of(kExec, instance(kExec, "rsi", {2}), rows_of_closes({4, 3, 2, 1})).back() == 0);
  CHECK(values_of(kExec, instance(kExec, "rsi", {2}), rows_of_closes({5, 5, 5, 5})).back() == 0);
}
