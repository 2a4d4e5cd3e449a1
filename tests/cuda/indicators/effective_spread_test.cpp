#include <doctest/doctest.h>

#include "tests/cuda/series/sample_rows.hpp"

using namespace tf;
using series::TickColumn;

TEST_CASE("a trade pays twice its distance from the mid of the event before it") {
  sample::Rows rows = sample::rows_of_closes({1, 1, 1});
  rows.set(TickColumn::bid, {100, 100, 100, 102});
  rows.set(TickColumn::ask, {102, 102, 102, 104});
  rows.set(TickColumn::trade_px, {0, 102, 101, 105});
  rows.set(TickColumn::trade_size, {0, 3, 1, 2});
  rows.ends = {3, 4, 4};
  // The mid before every trade is 101: 2 for three lots, 0 for one; then 8, though the quote moved with that trade.
  CHECK(sample::close_to(sample::values_of({}, {"effective_spread", nullptr}, rows), {1, 1.5, 8, 8, 0, 0}));
}
