#include <doctest/doctest.h>

#include "tests/cuda/series/sample_rows.hpp"

using namespace tf;
using sample::instance;
using sample::rows_of_closes;
using sample::values_of;

static const Exec kExec;

TEST_CASE("the log of the close over the close some bars before") {
  const std::vector<double> got = values_of(kExec, instance(kExec, "log_return", {2}), rows_of_closes({1, 2, 8}));
  CHECK(std::isnan(got[1]));
  CHECK(got[2] == doctest::Approx(std::log(8.0)).epsilon(1e-12));
}
