#include <doctest/doctest.h>

#include "tests/cuda/series/sample_rows.hpp"

using namespace tf;
using series::TickColumn;

TEST_CASE("queues flow only while their price stands still") {
  sample::Rows rows = sample::rows_of_closes({1});
  rows.set(TickColumn::bid, {100, 100, 100, 101});
  rows.set(TickColumn::ask, {102, 102, 102, 102});
  rows.set(TickColumn::bid_size, {5, 8, 6, 9});
  rows.set(TickColumn::ask_size, {7, 4, 4, 9});
  rows.ends = {4};
  // Bid: +3, -2, then a new price. Ask: -3, 0, +5.
  CHECK(sample::close_to(sample::values_of({}, {"queue_flow", nullptr}, rows), {2, 3, 3, 5}));
}
