#include <doctest/doctest.h>

#include "tests/cuda/series/sample_rows.hpp"

using namespace tf;

TEST_CASE("the stochastic lines are the close's place in the range, its mean, and the mean of that") {
  const sample::Rows rows = sample::rows_of_closes({1, 2, 3, 2, 1, 3, 2});
  const std::vector<double> values = sample::values_of({}, sample::instance({}, "stochastic", {3, 2, 2}), rows);
  // Fast from row 2 on: 100, 0, 0, 100, 50; slow from row 3: 50, 0, 50, 75; its mean from row 4: 25, 25, 62.5
  for (int row = 0; row < 4; ++row) CHECK(std::isnan(values[row * 3]));
  const std::vector<double> ready(values.begin() + 12, values.end());
  CHECK(ready == std::vector<double>{0, 0, 25, 100, 50, 25, 50, 75, 62.5});
}

TEST_CASE("a flat range counts as 0") {
  const sample::Rows rows = sample::rows_of_closes({4, 4, 4, 4});
  const std::vector<double> values = sample::values_of({}, sample::instance({}, "stochastic", {2, 1, 1}), rows);
  CHECK(values[3] == 0);
}
