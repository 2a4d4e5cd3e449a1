#include <doctest/doctest.h>

#include "tests/cuda/series/sample_rows.hpp"

using namespace tf;
using series::TickColumn;

TEST_CASE("time runs from the last trade, before one from the first event") {
  sample::Rows rows = sample::rows_of_closes({1, 1, 1});
  rows.set(TickColumn::time_ns, {1e9, 2e9, 4e9, 7e9});
  rows.set(TickColumn::trade_size, {0, 0, 3, 0});
  rows.ends = {2, 3, 4};
  CHECK(sample::close_to(sample::values_of({}, {"time_since_trade", nullptr}, rows), {1, 0, 3}));
}
