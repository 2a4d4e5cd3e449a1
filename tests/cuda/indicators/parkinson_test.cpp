#include <doctest/doctest.h>

#include "tests/cuda/series/sample_rows.hpp"

using namespace tf;
using sample::instance;
using sample::rows_of_closes;
using sample::values_of;

static const Exec kExec;
static const double kLogTwo = std::log(2.0);

TEST_CASE("the parkinson volatility is the root mean square log range over 2 sqrt(ln 2)") {
  // (ln 2)^2 + (ln 4)^2 = 5 (ln 2)^2, over 2 * 4 ln 2
  sample::Rows rows = rows_of_closes({1, 1, 1});
  rows.bar[static_cast<int>(series::BarColumn::high)] = {2, 4, 1};
  rows.bar[static_cast<int>(series::BarColumn::low)] = {1, 1, 1};
  const std::vector<double> got = values_of(kExec, instance(kExec, "parkinson", {2}), rows);
  CHECK(std::isnan(got[0]));
  CHECK(got[1] == doctest::Approx(std::sqrt(5 * kLogTwo / 8)).epsilon(1e-12));
  CHECK(got[2] == doctest::Approx(std::sqrt(4 * kLogTwo / 8)).epsilon(1e-12));
}

TEST_CASE("bars without a range have no volatility") {
  const std::vector<double> got = values_of(kExec, instance(kExec, "parkinson", {1}), rows_of_closes({5, 5}));
  CHECK(got[1] == 0);
}
