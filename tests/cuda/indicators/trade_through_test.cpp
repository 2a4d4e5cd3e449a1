#include <doctest/doctest.h>

#include "tests/cuda/series/sample_rows.hpp"

using namespace tf;
using series::TickColumn;

TEST_CASE("prints outside and strictly inside the touch before them") {
  sample::Rows rows = sample::rows_of_closes({1});
  rows.set(TickColumn::bid, {100, 100, 100, 100});
  rows.set(TickColumn::ask, {102, 102, 102, 102});
  rows.set(TickColumn::trade_px, {0, 103, 101, 102});
  rows.set(TickColumn::trade_size, {0, 1, 2, 1});
  rows.ends = {4};
  CHECK(sample::close_to(sample::values_of({}, {"trade_through", nullptr}, rows), {0.25, 0.5}));
}
