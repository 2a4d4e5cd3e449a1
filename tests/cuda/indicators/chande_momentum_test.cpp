#include <doctest/doctest.h>

#include "tests/cuda/series/sample_rows.hpp"

using namespace tf;

TEST_CASE("chande's momentum weighs rises against falls") {
  // rises 2 + 3, fall 1
  const sample::Rows rows = sample::rows_of_closes({10, 12, 11, 14});
  const std::vector<double> got = sample::values_of({}, sample::instance({}, "chande_momentum", {3}), rows);
  CHECK(std::isnan(got[2]));
  CHECK(got[3] == doctest::Approx(100 * 4.0 / 6).epsilon(1e-12));
}

TEST_CASE("without moves it is 0") {
  const sample::Rows rows = sample::rows_of_closes({5, 5, 5});
  const std::vector<double> got = sample::values_of({}, sample::instance({}, "chande_momentum", {2}), rows);
  CHECK(got[2] == doctest::Approx(0).epsilon(1e-12));
}
