#include <doctest/doctest.h>

#include "tests/cuda/series/sample_rows.hpp"

using namespace tf;

TEST_CASE("a connors rsi is the mean of two strengths and a rank") {
  // Averages of 1 bar: a rise is 100. Row 3: streak 3, its rise 100; its return is the largest of the three: 100. Row
  // 4: the
  // smallest return: 0. Row 5 falls: 0, 0, 0.
  const sample::Rows rows = sample::rows_of_closes({10, 11, 12, 14, 14.5, 7});
  const std::vector<double> got = sample::values_of({}, sample::instance({}, "connors_rsi", {1, 1, 2}), rows);
  CHECK(std::isnan(got[2]));
  CHECK(got[3] == doctest::Approx(100).epsilon(1e-12));
  CHECK(got[4] == doctest::Approx(200.0 / 3).epsilon(1e-12));
  CHECK(got[5] == doctest::Approx(0).epsilon(1e-12));
}

TEST_CASE("a close that did not move ends a streak") {
  // Streaks 1, 2, 0, 1: rises of 1, 1 and 1 and a fall of 2. Means of two: 1 and 0, then 0.5 and 1, then 0.75 and 0.5:
  // 60. The
  // close's strength and the return's rank are 100.
  const sample::Rows rows = sample::rows_of_closes({10, 11, 12, 12, 13});
  const std::vector<double> got = sample::values_of({}, sample::instance({}, "connors_rsi", {1, 2, 1}), rows);
  CHECK(std::isnan(got[2]));
  CHECK(got[4] == doctest::Approx((100 + 60 + 100) / 3.0).epsilon(1e-12));
}
