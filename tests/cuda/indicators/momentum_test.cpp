#include <doctest/doctest.h>

#include "tests/cuda/series/sample_rows.hpp"

using namespace tf;

TEST_CASE("momentum is the move over the period") {
  const sample::Rows rows = sample::rows_of_closes({1, 4, 9});
  const std::vector<double> got = sample::values_of({}, sample::instance({}, "momentum", {2}), rows);
  CHECK(std::isnan(got[1]));
  CHECK(got[2] == doctest::Approx(8).epsilon(1e-12));
}
