#include <doctest/doctest.h>

#include "tests/cuda/series/sample_rows.hpp"

using namespace tf;
using sample::instance;
using sample::rows_of_closes;
using sample::values_of;

static const Exec kExec;

TEST_CASE("the day, and its point on a circle of seven") {
  // Thursday: 3 / 7 of the circle
  sample::Rows rows = rows_of_closes({6, 6});
  rows.bar[static_cast<int>(series::BarColumn::weekday)] = {0, 3};
  const std::vector<double> got = values_of(kExec, instance(kExec, "day_of_week", {}), rows);
  CHECK(got[0] == 0);
  CHECK(got[1] == 0);
  CHECK(got[2] == 1);
  CHECK(got[3] == doctest::Approx(3.0).epsilon(1e-12));
  CHECK(got[4] == doctest::Approx(std::sin(6 * std::acos(-1.0) / 7)).epsilon(1e-12));
  CHECK(got[5] == doctest::Approx(std::cos(6 * std::acos(-1.0) / 7)).epsilon(1e-12));
}
