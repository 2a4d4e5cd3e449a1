#include <doctest/doctest.h>

#include "tests/cuda/series/sample_rows.hpp"

using namespace tf;
using series::TickColumn;

TEST_CASE("events that are no trades for each trade") {
  sample::Rows rows = sample::rows_of_closes({1, 1});
  rows.set(TickColumn::trade_size, {0, 0, 1, 0});
  rows.ends = {4, 4};
  CHECK(sample::close_to(sample::values_of({}, {"quote_to_trade_ratio", nullptr}, rows), {3, 0}));
}
