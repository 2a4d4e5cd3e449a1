#include <doctest/doctest.h>

#include "tests/cuda/series/sample_rows.hpp"

using namespace tf;
using sample::instance;
using sample::rows_of_closes;
using sample::values_of;

static const Exec kExec;
static const double kLogTwo = std::log(2.0);

TEST_CASE("the yang-zhang volatility joins gaps, moves and ranges") {
  // gaps ln 2, 0: sample variance (ln 2)^2 / 2; moves 0, ln 2: the same; no bar turned back;
  // k = 0.34 / (1.34 + 3 / 1)
  sample::Rows rows = rows_of_closes({1, 2, 4});
  rows.bar[static_cast<int>(series::BarColumn::open)] = {1, 2, 2};
  rows.bar[static_cast<int>(series::BarColumn::high)] = {1, 2, 4};
  rows.bar[static_cast<int>(series::BarColumn::low)] = {1, 2, 2};
  const std::vector<double> got = values_of(kExec, instance(kExec, "yang_zhang", {2}), rows);
  CHECK(std::isnan(got[1]));
  CHECK(got[2] == doctest::Approx(std::sqrt(kLogTwo * kLogTwo / 2 * (1 + 0.34 / 4.34))).epsilon(1e-12));
}

TEST_CASE("the gap and the bar of a row count from the window's first row on") {
  // gap variance 0 and move variance (ln 2)^2 / 2 over rows 2 and 3; rogers-satchell of row 3: ln 4 ln 2 = 2 (ln 2)^2
  sample::Rows rows = rows_of_closes({1, 2, 2, 4});
  rows.bar[static_cast<int>(series::BarColumn::open)] = {1, 2, 2, 2};
  rows.bar[static_cast<int>(series::BarColumn::high)] = {1, 2, 2, 8};
  rows.bar[static_cast<int>(series::BarColumn::low)] = {1, 2, 2, 2};
  const std::vector<double> got = values_of(kExec, instance(kExec, "yang_zhang", {2}), rows);
  CHECK(got[2] == doctest::Approx(kLogTwo * std::sqrt(0.5)).epsilon(1e-12));
  CHECK(got[3] == doctest::Approx(kLogTwo * std::sqrt(0.5 * 0.34 / 4.34 + (1 - 0.34 / 4.34))).epsilon(1e-12));
}
