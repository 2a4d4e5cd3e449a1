#include <doctest/doctest.h>

#include "tests/cuda/series/sample_rows.hpp"

using namespace tf;
using sample::instance;
using sample::rows_of_closes;
using sample::values_of;

static const Exec kExec;

TEST_CASE("volume counts with the sign of the close's change") {
  // flows 20, 0, -40 from row 1
  sample::Rows rows = rows_of_closes({1, 2, 2, 1});
  rows.bar[static_cast<int>(series::BarColumn::volume)] = {10, 20, 30, 40};
  const std::vector<double> got = values_of(kExec, instance(kExec, "obv", {2}), rows);
  CHECK(std::isnan(got[1]));
  CHECK(got[2] == doctest::Approx(20.0).epsilon(1e-12));
  CHECK(got[3] == doctest::Approx(-40.0).epsilon(1e-12));
}
