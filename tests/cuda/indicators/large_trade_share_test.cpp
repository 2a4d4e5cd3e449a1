#include <doctest/doctest.h>

#include "tests/cuda/series/sample_rows.hpp"

using namespace tf;
using series::TickColumn;

TEST_CASE("lots of trades at or above the size asked for") {
  sample::Rows rows = sample::rows_of_closes({1, 1});
  rows.set(TickColumn::trade_size, {2, 5, 3});
  rows.ends = {3, 3};
  CHECK(sample::close_to(sample::values_of({}, sample::instance({}, "large_trade_share", {3}), rows), {0.8, 0}));
}
