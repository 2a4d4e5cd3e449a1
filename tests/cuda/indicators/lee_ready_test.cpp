#include <doctest/doctest.h>

#include "tests/cuda/series/sample_rows.hpp"

using namespace tf;
using series::TickColumn;

TEST_CASE("trades off the mid are signed by the quote before them, those at it by the last change of the price") {
  sample::Rows rows = sample::rows_of_closes({1, 1});
  rows.set(TickColumn::bid, {100, 100, 100, 100, 100});
  rows.set(TickColumn::ask, {102, 102, 102, 102, 102});
  rows.set(TickColumn::trade_px, {0, 102, 100, 101, 101});
  rows.set(TickColumn::trade_size, {0, 3, 1, 2, 4});
  rows.ends = {3, 5};
  // +3 above the mid, -1 below it; at the mid +2 after a rise, and +4 where the price stood since.
  CHECK(sample::close_to(sample::values_of({}, {"lee_ready", nullptr}, rows), {2, 0.5, 6, 1}));
}
