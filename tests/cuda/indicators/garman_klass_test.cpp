#include <doctest/doctest.h>

#include "tests/cuda/series/sample_rows.hpp"

using namespace tf;
using sample::instance;
using sample::rows_of_closes;
using sample::values_of;

static const Exec kExec;
static const double kLogTwo = std::log(2.0);

TEST_CASE("the garman-klass volatility weighs range against move") {
  // range ln 4, move ln 2: (ln 2)^2 (0.5 * 4 - (2 ln 2 - 1))
  sample::Rows rows = rows_of_closes({2, 3});
  rows.bar[static_cast<int>(series::BarColumn::open)] = {1, 3};
  rows.bar[static_cast<int>(series::BarColumn::high)] = {4, 3};
  rows.bar[static_cast<int>(series::BarColumn::low)] = {1, 3};
  const std::vector<double> got = values_of(kExec, instance(kExec, "garman_klass", {1}), rows);
  CHECK(got[0] == doctest::Approx(kLogTwo * std::sqrt(3 - 2 * kLogTwo)).epsilon(1e-12));
  CHECK(got[1] == 0);
}
