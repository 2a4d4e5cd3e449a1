#include <doctest/doctest.h>

#include "tests/cuda/series/sample_rows.hpp"

using namespace tf;

TEST_CASE("a donchian channel spans the window's highs and lows") {
  sample::Rows rows = sample::rows_of_closes({3, 4, 5});
  rows.bar[static_cast<int>(series::BarColumn::high)] = {5, 7, 6};
  rows.bar[static_cast<int>(series::BarColumn::low)] = {1, 3, 4};
  const std::vector<double> got = sample::values_of({}, sample::instance({}, "donchian", {2}), rows);
  CHECK(std::isnan(got[2]));
  CHECK(got[3] == doctest::Approx(7).epsilon(1e-12));
  CHECK(got[4] == doctest::Approx(4).epsilon(1e-12));
  CHECK(got[5] == doctest::Approx(1).epsilon(1e-12));
  CHECK(got[6] == doctest::Approx(7).epsilon(1e-12));
  CHECK(got[7] == doctest::Approx(5).epsilon(1e-12));
  CHECK(got[8] == doctest::Approx(3).epsilon(1e-12));
}
