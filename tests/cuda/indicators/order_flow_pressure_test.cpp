#include <doctest/doctest.h>

#include "tests/cuda/series/sample_rows.hpp"

using namespace tf;
using series::TickColumn;

TEST_CASE("order flow is measured in queues at the touch") {
  sample::Rows rows = sample::rows_of_closes({1});
  rows.set(TickColumn::bid, {100, 100});
  rows.set(TickColumn::ask, {102, 102});
  rows.set(TickColumn::bid_size, {5, 8});
  rows.set(TickColumn::ask_size, {7, 7});
  rows.ends = {2};
  // 3 lots joined the bid; the queues have (6 + 7.5) / 2 lots in the mean.
  CHECK(sample::close_to(sample::values_of({}, sample::instance({}, "order_flow_pressure", {1}), rows), {3 / 6.75}));
}
