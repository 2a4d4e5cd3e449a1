#include <doctest/doctest.h>

#include "tests/cuda/series/sample_rows.hpp"

using namespace tf;
using sample::instance;
using sample::rows_of_closes;
using sample::values_of;

static const Exec kExec;

TEST_CASE("an atr averages true ranges, gaps included, plainly at first and then by Wilder") {
  sample::Rows rows = rows_of_closes({10, 11, 15, 14});
  const std::vector<double> high = {11, 12, 16, 15}, low = {9, 10, 14, 13};
  rows.bar[static_cast<int>(series::BarColumn::high)] = high;
  rows.bar[static_cast<int>(series::BarColumn::low)] = low;
  const std::vector<double> got = values_of(kExec, instance(kExec, "atr", {2}), rows);
  CHECK(std::isnan(got[1]));
  CHECK(got[2] == 3.5);   // ranges 2 and 16 - 11
  CHECK(got[3] == 2.75);  // range 15 - 13 = 2
}
