#include <doctest/doctest.h>

#include "tests/cuda/series/sample_rows.hpp"

using namespace tf;

TEST_CASE("a cci is the distance from the mean in 0.015 mean deviations") {
  // mean 3, deviation (2 + 1 + 3) / 3 = 2
  const sample::Rows rows = sample::rows_of_closes({1, 2, 6});
  const std::vector<double> got = sample::values_of({}, sample::instance({}, "cci", {3}), rows);
  CHECK(std::isnan(got[1]));
  CHECK(got[2] == doctest::Approx(3 / (0.015 * 2)).epsilon(1e-12));
}

TEST_CASE("a cci of a flat window is 0, also where the mean is rounded") {
  const sample::Rows rows = sample::rows_of_closes({99999.7, 99999.7, 99999.7, 99999.7, 99999.7});
  const std::vector<double> got = sample::values_of({}, sample::instance({}, "cci", {3}), rows);
  CHECK(got[4] == doctest::Approx(0).epsilon(1e-12));
}
