#include <doctest/doctest.h>

#include "tests/cuda/series/sample_rows.hpp"

using namespace tf;
using sample::instance;
using sample::rows_of_closes;
using sample::values_of;

static const Exec kExec;
static const double kLogTwo = std::log(2.0);

TEST_CASE("returns count where volume fell") {
  // returns ln 2, ln 2, -ln 2, ln 4; volume fell in rows 1 and 3, stood in row 4
  sample::Rows rows = rows_of_closes({1, 2, 4, 2, 8});
  rows.bar[static_cast<int>(series::BarColumn::volume)] = {5, 4, 6, 1, 1};
  const std::vector<double> got = values_of(kExec, instance(kExec, "negative_volume_index", {2}), rows);
  CHECK(std::isnan(got[1]));
  CHECK(got[2] == doctest::Approx(kLogTwo).epsilon(1e-12));
  CHECK(got[3] == doctest::Approx(-kLogTwo).epsilon(1e-12));
  CHECK(got[4] == doctest::Approx(-kLogTwo).epsilon(1e-12));
}
