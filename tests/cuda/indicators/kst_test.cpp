#include <doctest/doctest.h>

#include "tests/cuda/series/sample_rows.hpp"

using namespace tf;

TEST_CASE("a kst counts four smoothed rates 1, 2, 3 and 4 times") {
  // rates over 1, 2, 1, 1 bars: 100, 300, 100, 100 at row 2: 1400; 25, 150, 25, 25 at row 3: 500; their mean is the
  // signal
  const sample::Rows rows = sample::rows_of_closes({1, 2, 4, 5});
  const std::vector<double> got = sample::values_of({}, sample::instance({}, "kst", {1, 2, 1, 1, 1, 1, 1, 1, 2}), rows);
  CHECK(std::isnan(got[5]));
  CHECK(got[6] == doctest::Approx(500).epsilon(1e-12));
  CHECK(got[7] == doctest::Approx(950).epsilon(1e-12));
}
