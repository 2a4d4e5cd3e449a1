#include <doctest/doctest.h>

#include "tests/cuda/series/sample_rows.hpp"

using namespace tf;
using sample::instance;
using sample::rows_of_closes;
using sample::values_of;

static const Exec kExec;
static const double kLogTwo = std::log(2.0);

TEST_CASE("a sum beyond the threshold is an event and starts again") {
  // threshold 1: up ln 2, then 2 ln 2 > 1; down ln 4 > 1 at once
  const std::vector<double> got =
      values_of(kExec, instance(kExec, "cusum_filter", {10000}), rows_of_closes({1, 2, 4, 1, 1}));
  CHECK(std::isnan(got[0]));
  CHECK(got[3] == 0);
  CHECK(got[4] == doctest::Approx(kLogTwo).epsilon(1e-12));
  CHECK(got[5] == 0);
  CHECK(got[6] == 1);
  CHECK(got[7] == 0);
  CHECK(got[9] == -1);
  CHECK(got[10] == 0);
  CHECK(got[11] == 0);
  CHECK(got[12] == 0);
}
