#include <doctest/doctest.h>

#include "tests/cuda/series/sample_rows.hpp"

using namespace tf;
using series::TickColumn;

TEST_CASE("a move against the one before it is a reversal; standing still is no move") {
  sample::Rows rows = sample::rows_of_closes({1});
  rows.set(TickColumn::bid, {100, 101, 100, 100, 99});
  rows.set(TickColumn::ask, {102, 103, 102, 102, 101});
  rows.ends = {5};
  // Up, down (a turn), still, down.
  CHECK(sample::close_to(sample::values_of({}, {"mid_reversals", nullptr}, rows), {1.0 / 3}));
}
