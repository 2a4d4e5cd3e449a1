#include <doctest/doctest.h>

#include "tests/cuda/series/sample_rows.hpp"

using namespace tf;

TEST_CASE("a wma counts the newest close most") {
  // row 2: (1 + 2 * 2 + 3 * 4) / 6, row 3: (2 + 2 * 4 + 3 * 8) / 6
  const sample::Rows rows = sample::rows_of_closes({1, 2, 4, 8});
  const std::vector<double> got = sample::values_of({}, sample::instance({}, "wma", {3}), rows);
  CHECK(std::isnan(got[1]));
  CHECK(got[2] == doctest::Approx(17.0 / 6).epsilon(1e-12));
  CHECK(got[3] == doctest::Approx(34.0 / 6).epsilon(1e-12));
}
