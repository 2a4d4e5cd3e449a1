#include <doctest/doctest.h>

#include "tests/cuda/series/sample_rows.hpp"

using namespace tf;

TEST_CASE("a vortex sets movements against the true range") {
  // |8 - 3| and |6 - 5| of max(4, 8) - min(4, 6)
  sample::Rows rows = sample::rows_of_closes({4, 7});
  rows.bar[static_cast<int>(series::BarColumn::high)] = {5, 8};
  rows.bar[static_cast<int>(series::BarColumn::low)] = {3, 6};
  const std::vector<double> got = sample::values_of({}, sample::instance({}, "vortex", {1}), rows);
  CHECK(std::isnan(got[1]));
  CHECK(got[2] == doctest::Approx(1.25).epsilon(1e-12));
  CHECK(got[3] == doctest::Approx(0.25).epsilon(1e-12));
}

TEST_CASE("without range it is 0") {
  const sample::Rows rows = sample::rows_of_closes({5, 5});
  const std::vector<double> got = sample::values_of({}, sample::instance({}, "vortex", {1}), rows);
  CHECK(got[2] == doctest::Approx(0).epsilon(1e-12));
  CHECK(got[3] == doctest::Approx(0).epsilon(1e-12));
}
