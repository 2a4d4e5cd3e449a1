#include <doctest/doctest.h>

#include "tests/cuda/series/sample_rows.hpp"

using namespace tf;
using series::TickColumn;

TEST_CASE("the size-weighted mid leans to the side with fewer lots; without sizes it is the mid") {
  sample::Rows rows = sample::rows_of_closes({1, 1});
  rows.set(TickColumn::bid, {100, 100});
  rows.set(TickColumn::ask, {102, 102});
  rows.set(TickColumn::bid_size, {3, 0});
  rows.set(TickColumn::ask_size, {1, 0});
  rows.ends = {2, 2};
  // (100 * 1 + 102 * 3) / 4 = 101.5 is 0.5 above the mid; the second tick counts as 0.
  CHECK(sample::close_to(sample::values_of({}, {"microprice_deviation", nullptr}, rows), {0.25, 0}));
}
