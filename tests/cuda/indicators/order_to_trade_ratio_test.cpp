#include <doctest/doctest.h>

#include "tests/cuda/series/sample_rows.hpp"

using namespace tf;
using series::TickColumn;

TEST_CASE("lots of orders over lots of trades; 0 without trades") {
  sample::Rows rows = sample::rows_of_closes({1, 1});
  rows.set(TickColumn::added_size, {6, 2});
  rows.set(TickColumn::cancelled_size, {2, 0});
  rows.set(TickColumn::trade_size, {0, 4});
  rows.ends = {2, 2};
  CHECK(sample::close_to(sample::values_of({}, {"order_to_trade_ratio", nullptr}, rows), {2.5, 0}));
}
