#include <doctest/doctest.h>

#include "tests/cuda/series/sample_rows.hpp"

using namespace tf;
using series::TickColumn;

TEST_CASE("number and mean size of trades") {
  sample::Rows rows = sample::rows_of_closes({1, 1});
  rows.set(TickColumn::trade_size, {0, 3, 1});
  rows.ends = {3, 3};
  CHECK(sample::close_to(sample::values_of({}, {"trade_size", nullptr}, rows), {2, 2, 0, 0}));
}
