#include <doctest/doctest.h>

#include "tests/cuda/series/sample_rows.hpp"

using namespace tf;

TEST_CASE("a keltner channel lies average true ranges around the typical price") {
  // typical price 23/3; true ranges 3 and 4
  sample::Rows rows = sample::rows_of_closes({5, 7, 9});
  rows.bar[static_cast<int>(series::BarColumn::high)] = {6, 8, 9};
  rows.bar[static_cast<int>(series::BarColumn::low)] = {4, 6, 5};
  const std::vector<double> got = sample::values_of({}, sample::instance({}, "keltner", {1, 2, 2}), rows);
  CHECK(std::isnan(got[5]));
  CHECK(got[6] == doctest::Approx(23.0 / 3 + 7).epsilon(1e-12));
  CHECK(got[7] == doctest::Approx(23.0 / 3).epsilon(1e-12));
  CHECK(got[8] == doctest::Approx(23.0 / 3 - 7).epsilon(1e-12));
}

TEST_CASE("the shorter average of a keltner channel is seeded just before the channel is ready") {
  // typical prices 5, 7, 23/3, 29/3; the last two true ranges are 4 and 2
  sample::Rows rows = sample::rows_of_closes({5, 7, 9, 9});
  rows.bar[static_cast<int>(series::BarColumn::high)] = {6, 8, 9, 11};
  rows.bar[static_cast<int>(series::BarColumn::low)] = {4, 6, 5, 9};
  const std::vector<double> got = sample::values_of({}, sample::instance({}, "keltner", {4, 2, 2}), rows);
  CHECK(std::isnan(got[8]));
  CHECK(got[9] == doctest::Approx(22.0 / 3 + 6).epsilon(1e-12));
  CHECK(got[10] == doctest::Approx(22.0 / 3).epsilon(1e-12));
}
