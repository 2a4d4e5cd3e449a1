#include <doctest/doctest.h>

#include "tests/cuda/series/sample_rows.hpp"

using namespace tf;
using sample::instance;
using sample::rows_of_closes;
using sample::values_of;

static const Exec kExec;

TEST_CASE("the ulcer index is the root mean square percent below the highest close") {
  // percent below the higher of two closes from row 1: 10, 0, 0
  const std::vector<double> got =
      values_of(kExec, instance(kExec, "ulcer_index", {2}), rows_of_closes({100, 90, 99, 99}));
  CHECK(std::isnan(got[1]));
  CHECK(got[2] == doctest::Approx(std::sqrt(50.0)).epsilon(1e-12));
  CHECK(got[3] == 0);
}
