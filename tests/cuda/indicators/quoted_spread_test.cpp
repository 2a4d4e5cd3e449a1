#include <doctest/doctest.h>

#include "tests/cuda/series/sample_rows.hpp"

using namespace tf;
using series::TickColumn;

TEST_CASE("the quoted spread is the mean of ask - bid, in ticks and in basis points of the mid") {
  sample::Rows rows = sample::rows_of_closes({1, 1, 1});
  rows.set(TickColumn::bid, {99, 98, 100});
  rows.set(TickColumn::ask, {101, 102, 101});
  rows.ends = {2, 3, 3};
  // Spreads 2 and 4 at a mid of 100: 200 and 400 bps; then 1 at 100.5; a bar without ticks is 0.
  CHECK(sample::close_to(sample::values_of({}, {"quoted_spread", nullptr}, rows), {3, 300, 1, 1e4 / 100.5, 0, 0}));
}
