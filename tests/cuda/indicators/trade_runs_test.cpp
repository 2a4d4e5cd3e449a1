#include <doctest/doctest.h>

#include "tests/cuda/series/sample_rows.hpp"

using namespace tf;
using series::TickColumn;

TEST_CASE("the mean run of trades of one side") {
  sample::Rows rows = sample::rows_of_closes({1, 1});
  rows.set(TickColumn::signed_size, {1, 2, -1, 0, -3});
  rows.ends = {5, 5};
  // Two bought, two sold.
  CHECK(sample::close_to(sample::values_of({}, {"trade_runs", nullptr}, rows), {2, 0}));
}
