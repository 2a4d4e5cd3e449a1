#include <doctest/doctest.h>

#include "tests/cuda/series/sample_rows.hpp"

using namespace tf;
using sample::instance;
using sample::rows_of_closes;
using sample::values_of;

static const Exec kExec;

TEST_CASE("trade flow imbalance is net over gross traded lots; 0 without trades") {
  sample::Rows rows = rows_of_closes({1, 1, 1});
  rows.set(series::TickColumn::signed_size, {3, 0, -1, 0, -2});
  rows.ends = {3, 4, 5};
  const std::vector<double> got = values_of(kExec, {"trade_flow_imbalance", nullptr}, rows);
  CHECK(got == std::vector<double>{0.5, 0, -1});
}
