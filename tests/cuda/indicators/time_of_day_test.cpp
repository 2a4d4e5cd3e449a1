#include <doctest/doctest.h>

#include "tests/cuda/series/sample_rows.hpp"

using namespace tf;
using sample::instance;
using sample::rows_of_closes;
using sample::values_of;

static const Exec kExec;

TEST_CASE("midnight is above, six o'clock to the right, noon below") {
  sample::Rows rows = rows_of_closes({6, 6, 6});
  rows.bar[static_cast<int>(series::BarColumn::clock_ns)] = {0, 21600e9, 43200e9};
  const std::vector<double> got = values_of(kExec, instance(kExec, "time_of_day", {}), rows);
  CHECK(got[0] == 0);
  CHECK(got[1] == 1);
  CHECK(got[2] == 1);
  CHECK(got[3] == doctest::Approx(0.0).epsilon(1e-12));
  CHECK(got[4] == doctest::Approx(0.0).epsilon(1e-12));
  CHECK(got[5] == -1);
}
