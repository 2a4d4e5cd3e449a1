#include <doctest/doctest.h>

#include "tests/cuda/series/sample_rows.hpp"

using namespace tf;
using sample::instance;
using sample::rows_of_closes;
using sample::values_of;

static const Exec kExec;
static const double kLogTwo = std::log(2.0);

TEST_CASE("the rogers-satchell volatility counts what a bar turned back") {
  // bar 0: ln 4 ln 2 + ln(1/2) ln(1/4) = 4 (ln 2)^2; bar 1 rises from low to high: 0
  sample::Rows rows = rows_of_closes({4, 4});
  rows.bar[static_cast<int>(series::BarColumn::open)] = {2, 1};
  rows.bar[static_cast<int>(series::BarColumn::high)] = {8, 4};
  rows.bar[static_cast<int>(series::BarColumn::low)] = {1, 1};
  const std::vector<double> got = values_of(kExec, instance(kExec, "rogers_satchell", {2}), rows);
  CHECK(std::isnan(got[0]));
  CHECK(got[1] == doctest::Approx(std::sqrt(2.0) * kLogTwo).epsilon(1e-12));
}

TEST_CASE("a bar alone") {
  sample::Rows rows = rows_of_closes({4, 4});
  rows.bar[static_cast<int>(series::BarColumn::open)] = {2, 1};
  rows.bar[static_cast<int>(series::BarColumn::high)] = {8, 4};
  rows.bar[static_cast<int>(series::BarColumn::low)] = {1, 1};
  const std::vector<double> got = values_of(kExec, instance(kExec, "rogers_satchell", {1}), rows);
  CHECK(got[0] == doctest::Approx(2 * kLogTwo).epsilon(1e-12));
  CHECK(got[1] == 0);
}
