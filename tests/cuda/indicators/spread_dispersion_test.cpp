#include <doctest/doctest.h>

#include "tests/cuda/series/sample_rows.hpp"

using namespace tf;
using series::TickColumn;

TEST_CASE("the standard deviation of the spread over the bar's ticks") {
  sample::Rows rows = sample::rows_of_closes({1, 1});
  rows.set(TickColumn::bid, {100, 100});
  rows.set(TickColumn::ask, {101, 103});
  rows.ends = {2, 2};
  CHECK(sample::close_to(sample::values_of({}, {"spread_dispersion", nullptr}, rows), {1, 0}));
}
