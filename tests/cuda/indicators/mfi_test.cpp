#include <doctest/doctest.h>

#include "tests/cuda/series/sample_rows.hpp"

using namespace tf;

TEST_CASE("a money flow index is the share of flow in rising bars") {
  // 24 up, 33 down
  sample::Rows rows = sample::rows_of_closes({10, 12, 11});
  rows.bar[static_cast<int>(series::BarColumn::volume)] = {1, 2, 3};
  const std::vector<double> got = sample::values_of({}, sample::instance({}, "mfi", {2}), rows);
  CHECK(std::isnan(got[1]));
  CHECK(got[2] == doctest::Approx(100 * 24.0 / 57).epsilon(1e-12));
}

TEST_CASE("a bar whose typical price did not move counts for neither side") {
  sample::Rows rows = sample::rows_of_closes({10, 12, 12});
  rows.bar[static_cast<int>(series::BarColumn::volume)] = {1, 2, 3};
  const std::vector<double> got = sample::values_of({}, sample::instance({}, "mfi", {2}), rows);
  CHECK(got[2] == doctest::Approx(100).epsilon(1e-12));
}

TEST_CASE("without volume it is 0") {
  sample::Rows rows = sample::rows_of_closes({10, 12, 11});
  rows.bar[static_cast<int>(series::BarColumn::volume)] = {0, 0, 0};
  const std::vector<double> got = sample::values_of({}, sample::instance({}, "mfi", {2}), rows);
  CHECK(got[2] == doctest::Approx(0).epsilon(1e-12));
}
