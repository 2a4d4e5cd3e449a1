#include <doctest/doctest.h>

#include "tests/cuda/series/sample_rows.hpp"

using namespace tf;

TEST_CASE("a supertrend follows the lower band up, and the upper one once a close breaks the lower") {
  // true ranges 2, 3, 7 around 11, 13, 9: lower bands 9, 10 and, wider, still 10; the upper band stays at 13
  sample::Rows rows = sample::rows_of_closes({10, 11, 13, 7});
  rows.bar[static_cast<int>(series::BarColumn::high)] = {10, 12, 14, 12};
  rows.bar[static_cast<int>(series::BarColumn::low)] = {10, 10, 12, 6};
  const std::vector<double> got = sample::values_of({}, sample::instance({}, "supertrend", {1, 1}), rows);
  CHECK(std::isnan(got[1]));
  CHECK(got[2] == doctest::Approx(9).epsilon(1e-12));
  CHECK(got[3] == doctest::Approx(1).epsilon(1e-12));
  CHECK(got[4] == doctest::Approx(10).epsilon(1e-12));
  CHECK(got[5] == doctest::Approx(1).epsilon(1e-12));
  CHECK(got[6] == doctest::Approx(13).epsilon(1e-12));
  CHECK(got[7] == doctest::Approx(-1).epsilon(1e-12));
}
