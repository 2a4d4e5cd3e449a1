#include <doctest/doctest.h>

#include "tests/cuda/series/sample_rows.hpp"

using namespace tf;
using series::TickColumn;

TEST_CASE("durations lie between trades, over the bars' ends too") {
  sample::Rows rows = sample::rows_of_closes({1, 1});
  rows.set(TickColumn::time_ns, {0, 2e9, 3e9, 7e9});
  rows.set(TickColumn::trade_size, {1, 1, 0, 1});
  rows.ends = {3, 4};
  CHECK(sample::close_to(sample::values_of({}, {"trade_duration", nullptr}, rows), {2, 5}));
}
