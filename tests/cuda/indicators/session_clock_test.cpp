#include <doctest/doctest.h>

#include "tests/cuda/series/sample_rows.hpp"

using namespace tf;
using sample::instance;
using sample::rows_of_closes;
using sample::values_of;

static const Exec kExec;

TEST_CASE("minutes since the open and the share that is over") {
  // 1800 s of 7200 s; a session without length
  sample::Rows rows = rows_of_closes({6, 6});
  rows.bar[static_cast<int>(series::BarColumn::since_open_ns)] = {1800e9, 0};
  rows.bar[static_cast<int>(series::BarColumn::to_close_ns)] = {5400e9, 0};
  const std::vector<double> got = values_of(kExec, instance(kExec, "session_clock", {}), rows);
  CHECK(got[0] == doctest::Approx(30.0).epsilon(1e-12));
  CHECK(got[1] == doctest::Approx(0.25).epsilon(1e-12));
  CHECK(got[2] == 0);
  CHECK(got[3] == 0);
}
