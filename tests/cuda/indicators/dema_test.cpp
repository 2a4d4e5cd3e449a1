#include <doctest/doctest.h>

#include "tests/cuda/series/sample_rows.hpp"

using namespace tf;

TEST_CASE("a dema is twice the average less the average of it") {
  // weight 2/3: ema 2, 10/3, 52/9 from row 1; its ema from row 2, first a mean: 8/3, 128/27
  const sample::Rows rows = sample::rows_of_closes({1, 3, 4, 7});
  const std::vector<double> got = sample::values_of({}, sample::instance({}, "dema", {2}), rows);
  CHECK(std::isnan(got[1]));
  CHECK(got[2] == doctest::Approx(20.0 / 3 - 8.0 / 3).epsilon(1e-12));
  CHECK(got[3] == doctest::Approx(104.0 / 9 - 128.0 / 27).epsilon(1e-12));
}
