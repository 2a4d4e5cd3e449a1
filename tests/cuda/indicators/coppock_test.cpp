#include <doctest/doctest.h>

#include "tests/cuda/series/sample_rows.hpp"

using namespace tf;

TEST_CASE("a coppock curve is the weighted average of two rates' sum") {
  // 100 + 300 at row 2, 25 + 150 at row 3: (400 + 2 * 175) / 3
  const sample::Rows rows = sample::rows_of_closes({1, 2, 4, 5});
  const std::vector<double> got = sample::values_of({}, sample::instance({}, "coppock", {1, 2, 2}), rows);
  CHECK(std::isnan(got[2]));
  CHECK(got[3] == doctest::Approx(250).epsilon(1e-12));
}
