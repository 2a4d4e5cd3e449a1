#include <doctest/doctest.h>

#include "tests/cuda/series/sample_rows.hpp"

using namespace tf;
using series::TickColumn;

TEST_CASE("bought less sold lots, and all lots, those without a side among them") {
  sample::Rows rows = sample::rows_of_closes({1, 1});
  rows.set(TickColumn::signed_size, {3, -1, 0});
  rows.set(TickColumn::trade_size, {3, 1, 2});
  rows.ends = {3, 3};
  CHECK(sample::close_to(sample::values_of({}, {"signed_volume", nullptr}, rows), {2, 6, 0, 0}));
}
