#include <doctest/doctest.h>

#include "tests/cuda/series/sample_rows.hpp"

using namespace tf;

TEST_CASE("relative vigour is the weighted move over the weighted range") {
  // moves 1 .. 7 in ranges of 10: (1 + 2 * 2 + 2 * 3 + 4) / 60 = 0.25, then 0.35, 0.45, 0.55; signal (0.25 + 2 * 0.35 +
  // 2 *
  // 0.45 + 0.55) / 6
  sample::Rows rows = sample::rows_of_closes({1, 2, 3, 4, 5, 6, 7});
  rows.bar[static_cast<int>(series::BarColumn::open)] = {0, 0, 0, 0, 0, 0, 0};
  rows.bar[static_cast<int>(series::BarColumn::high)] = {9, 9, 9, 9, 9, 9, 9};
  rows.bar[static_cast<int>(series::BarColumn::low)] = {-1, -1, -1, -1, -1, -1, -1};
  const std::vector<double> got = sample::values_of({}, sample::instance({}, "relative_vigor", {1}), rows);
  CHECK(std::isnan(got[11]));
  CHECK(got[12] == doctest::Approx(0.55).epsilon(1e-12));
  CHECK(got[13] == doctest::Approx(0.4).epsilon(1e-12));
}

TEST_CASE("without range it is 0") {
  const sample::Rows rows = sample::rows_of_closes({5, 5, 5, 5, 5, 5, 5});
  const std::vector<double> got = sample::values_of({}, sample::instance({}, "relative_vigor", {1}), rows);
  CHECK(got[12] == doctest::Approx(0).epsilon(1e-12));
  CHECK(got[13] == doctest::Approx(0).epsilon(1e-12));
}
