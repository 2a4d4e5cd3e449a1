#include <doctest/doctest.h>

#include "tests/cuda/series/sample_rows.hpp"

using namespace tf;
using series::TickColumn;

TEST_CASE("the depth-weighted mid leans to the thinner side; an empty side counts as 0") {
  sample::Rows rows = sample::rows_of_closes({1, 1});
  rows.set(TickColumn::bid, {100, 100});
  rows.set(TickColumn::ask, {102, 102});
  rows.set(TickColumn::bid_depth, {10, 10});
  rows.set(TickColumn::ask_depth, {30, 0});
  rows.set(TickColumn::bid_depth_px, {99, 99});
  rows.set(TickColumn::ask_depth_px, {104, 0});
  rows.ends = {1, 2};
  // (99 * 30 + 104 * 10) / 40 = 100.25 against a mid of 101.
  CHECK(sample::close_to(sample::values_of({}, {"depth_price", nullptr}, rows), {-0.75, 0}));
}
