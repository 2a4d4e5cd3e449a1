#include <doctest/doctest.h>

#include "tests/cuda/series/sample_rows.hpp"

using namespace tf;
using series::TickColumn;

TEST_CASE("an imbalance counts for as long as it stood") {
  sample::Rows rows = sample::rows_of_closes({1});
  rows.set(TickColumn::bid_size, {3, 1, 0});
  rows.set(TickColumn::ask_size, {1, 3, 0});
  rows.set(TickColumn::time_ns, {0, 2e9, 3e9});
  rows.ends = {3};
  CHECK(sample::close_to(sample::values_of({}, {"time_weighted_imbalance", nullptr}, rows), {(0.5 * 2 - 0.5 * 1) / 3}));
}
