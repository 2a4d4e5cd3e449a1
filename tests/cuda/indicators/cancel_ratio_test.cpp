#include <doctest/doctest.h>

#include "tests/cuda/series/sample_rows.hpp"

using namespace tf;
using series::TickColumn;

TEST_CASE("cancelled lots are counted against added and cancelled ones") {
  sample::Rows rows = sample::rows_of_closes({1, 1});
  rows.set(TickColumn::added_size, {6, 0, 0});
  rows.set(TickColumn::cancelled_size, {2, 0, 0});
  rows.ends = {1, 3};
  CHECK(sample::close_to(sample::values_of({}, {"cancel_ratio", nullptr}, rows), {0.25, 0}));
}
