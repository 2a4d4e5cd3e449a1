#include <doctest/doctest.h>

#include "tests/cuda/series/sample_rows.hpp"

using namespace tf;

TEST_CASE("directional movement is summed, then decays") {
  // Up 2, then both 1: neither, then down 2, then none; true ranges 2.5, 3, 5, 5. Sums up 2, 1, 0.5, 0.25, down 0, 0,
  // 2, 1,
  // range 2.5, 4.25, 7.125; DX 100 at row 2, then 60 and 60; ADX (100 + 60) / 2, then half of 80 and 60.
  sample::Rows rows = sample::rows_of_closes({9.5, 11, 11, 9, 9});
  rows.bar[static_cast<int>(series::BarColumn::high)] = {10, 12, 13, 13, 13};
  rows.bar[static_cast<int>(series::BarColumn::low)] = {9, 11, 10, 8, 8};
  const std::vector<double> got = sample::values_of({}, sample::instance({}, "adx", {2}), rows);
  CHECK(std::isnan(got[11]));
  CHECK(got[12] == doctest::Approx(50 / 7.125).epsilon(1e-12));
  CHECK(got[13] == doctest::Approx(200 / 7.125).epsilon(1e-12));
  CHECK(got[14] == doctest::Approx(60).epsilon(1e-12));
  CHECK(got[15] == doctest::Approx(80).epsilon(1e-12));
  CHECK(got[18] == doctest::Approx(60).epsilon(1e-12));
  CHECK(got[19] == doctest::Approx(70).epsilon(1e-12));
}

TEST_CASE("where nothing moves all lines are 0") {
  const sample::Rows rows = sample::rows_of_closes({5, 5, 5, 5, 5, 5});
  const std::vector<double> got = sample::values_of({}, sample::instance({}, "adx", {2}), rows);
  CHECK(got[20] == doctest::Approx(0).epsilon(1e-12));
  CHECK(got[21] == doctest::Approx(0).epsilon(1e-12));
  CHECK(got[22] == doctest::Approx(0).epsilon(1e-12));
  CHECK(got[23] == doctest::Approx(0).epsilon(1e-12));
}
