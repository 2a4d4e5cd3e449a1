#include <doctest/doctest.h>

#include "tests/cuda/series/sample_rows.hpp"

using namespace tf;
using series::TickColumn;

TEST_CASE("rates count from the event before the bar to its last one; no time passed is 0") {
  sample::Rows rows = sample::rows_of_closes({1, 1});
  rows.set(TickColumn::time_ns, {0, 1e9, 3e9, 3e9});
  rows.set(TickColumn::trade_size, {0, 1, 0, 2});
  rows.ends = {3, 4};
  // Three events, one of them a trade, in 3 s.
  CHECK(sample::close_to(sample::values_of({}, {"arrival_rate", nullptr}, rows), {1, 1.0 / 3, 0, 0}));
}
