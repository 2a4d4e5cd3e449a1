#include <doctest/doctest.h>

#include "tests/cuda/series/sample_rows.hpp"

using namespace tf;

TEST_CASE("an hma smooths twice the fast less the slow weighted average") {
  // period 4: over 2 bars 20/3, 40/3 at rows 3 and 4, over 4 bars 4.9, 9.8; so 253/30 and 506/30, smoothed over 2
  const sample::Rows rows = sample::rows_of_closes({1, 2, 4, 8, 16});
  const std::vector<double> got = sample::values_of({}, sample::instance({}, "hma", {4}), rows);
  CHECK(std::isnan(got[3]));
  CHECK(got[4] == doctest::Approx((253.0 / 30 + 2 * 506.0 / 30) / 3).epsilon(1e-12));
}

TEST_CASE("an odd period is halved downwards") {
  // period 5: over 2 bars 40/3, 80/3 at rows 4 and 5, over 5 bars 8.6, 17.2; smoothed over 2
  const sample::Rows rows = sample::rows_of_closes({1, 2, 4, 8, 16, 32});
  const std::vector<double> got = sample::values_of({}, sample::instance({}, "hma", {5}), rows);
  CHECK(std::isnan(got[4]));
  CHECK(got[5] == doctest::Approx(271.0 / 9).epsilon(1e-12));
}
