#include <doctest/doctest.h>

#include "tests/cuda/series/sample_rows.hpp"

using namespace tf;
using series::TickColumn;

TEST_CASE("the slope of a side is its lots over their mean distance from the mid") {
  sample::Rows rows = sample::rows_of_closes({1, 1});
  rows.set(TickColumn::bid, {100, 100});
  rows.set(TickColumn::ask, {102, 102});
  rows.set(TickColumn::bid_depth, {10, 10});
  rows.set(TickColumn::ask_depth, {30, 0});
  rows.set(TickColumn::bid_depth_px, {99, 99});
  rows.set(TickColumn::ask_depth_px, {104, 0});
  rows.ends = {1, 2};
  // 10 lots 2 ticks below 101, 30 lots 3 above it.
  CHECK(sample::close_to(sample::values_of({}, {"book_slope", nullptr}, rows), {5, 10, 5, 0}));
}
