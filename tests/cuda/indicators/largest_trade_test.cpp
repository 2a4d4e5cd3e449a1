#include <doctest/doctest.h>

#include "tests/cuda/series/sample_rows.hpp"

using namespace tf;
using series::TickColumn;

TEST_CASE("the largest trade and its share") {
  sample::Rows rows = sample::rows_of_closes({1, 1});
  rows.set(TickColumn::trade_size, {2, 5, 1});
  rows.ends = {3, 3};
  CHECK(sample::close_to(sample::values_of({}, {"largest_trade", nullptr}, rows), {5, 0.625, 0, 0}));
}
