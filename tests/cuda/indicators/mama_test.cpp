#include <doctest/doctest.h>

#include "tests/cuda/series/sample_rows.hpp"

using namespace tf;

TEST_CASE("a bar whose phase does not fall moves the average by the fast limit, the follower by half of it") {
  // A constant has no phase, and a jump has none before the transform reaches it: 100 + 0.5 * 10, then 100 + 0.25 * 5.
  std::vector<double> closes(60, 100.0);
  closes.push_back(110);
  const std::vector<double> got =
      sample::values_of({}, sample::instance({}, "mama", {0.5, 0.05}), sample::rows_of_closes(closes));
  CHECK(std::isnan(got[2 * 31]));
  CHECK(got[2 * 32] == doctest::Approx(100).epsilon(1e-12));
  CHECK(got[2 * 59 + 1] == doctest::Approx(100).epsilon(1e-12));
  CHECK(got[2 * 60] == doctest::Approx(105).epsilon(1e-12));
  CHECK(got[2 * 60 + 1] == doctest::Approx(101.25).epsilon(1e-12));
}

TEST_CASE("equal limits make a plain exponential average") {
  // Started by the price of row 12, weight 0.1; the follower's weight is 0.05.
  const sample::Rows rows = sample::make_rows(200);
  const std::vector<double>& closes = rows.bar[static_cast<int>(series::BarColumn::close)];
  const std::vector<double> got = sample::values_of({}, sample::instance({}, "mama", {0.1, 0.1}), rows);
  double mean = closes[12], follower = mean;
  for (int row = 13; row < 200; ++row) {
    mean += 0.1 * (closes[row] - mean);
    follower += 0.05 * (mean - follower);
    if (row < 32) continue;
    CHECK(got[2 * row] == doctest::Approx(mean).epsilon(1e-12));
    CHECK(got[2 * row + 1] == doctest::Approx(follower).epsilon(1e-12));
  }
}
