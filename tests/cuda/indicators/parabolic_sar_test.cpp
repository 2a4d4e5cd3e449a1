#include <doctest/doctest.h>

#include "tests/cuda/series/sample_rows.hpp"

using namespace tf;

TEST_CASE("a stop closes in on the extreme, and turns where the price meets it") {
  // Row 1 rises: long from the low before. Row 2: 9 + 0.1 (12 - 9). Then 9.3 + 0.2 (13 - 9.3) = 10.04, which row 3's
  // low
  // crosses: short from the extreme 13. Row 4: 13 + 0.1 (8 - 13), held at the high before last, 13.
  sample::Rows rows = sample::rows_of_closes({9.5, 11.5, 12.5, 8.5, 8});
  rows.bar[static_cast<int>(series::BarColumn::high)] = {10, 12, 13, 11, 9};
  rows.bar[static_cast<int>(series::BarColumn::low)] = {9, 11, 12, 8, 7};
  const std::vector<double> got = sample::values_of({}, sample::instance({}, "parabolic_sar", {0.1, 0.2}), rows);
  CHECK(std::isnan(got[1]));
  CHECK(got[2] == doctest::Approx(9).epsilon(1e-12));
  CHECK(got[3] == doctest::Approx(1).epsilon(1e-12));
  CHECK(got[4] == doctest::Approx(9.3).epsilon(1e-12));
  CHECK(got[5] == doctest::Approx(1).epsilon(1e-12));
  CHECK(got[6] == doctest::Approx(13).epsilon(1e-12));
  CHECK(got[7] == doctest::Approx(-1).epsilon(1e-12));
  CHECK(got[8] == doctest::Approx(13).epsilon(1e-12));
  CHECK(got[9] == doctest::Approx(-1).epsilon(1e-12));
}

TEST_CASE("a first bar that falls starts short") {
  sample::Rows rows = sample::rows_of_closes({9, 7});
  rows.bar[static_cast<int>(series::BarColumn::high)] = {10, 9};
  rows.bar[static_cast<int>(series::BarColumn::low)] = {8, 6};
  const std::vector<double> got = sample::values_of({}, sample::instance({}, "parabolic_sar", {0.02, 0.2}), rows);
  CHECK(std::isnan(got[1]));
  CHECK(got[2] == doctest::Approx(10).epsilon(1e-12));
  CHECK(got[3] == doctest::Approx(-1).epsilon(1e-12));
}
