#include <doctest/doctest.h>

#include "tests/cuda/series/sample_rows.hpp"

using namespace tf;
using series::TickColumn;

TEST_CASE("depth imbalance is the mean share of the bid's lots less the ask's") {
  sample::Rows rows = sample::rows_of_closes({1, 1});
  rows.set(TickColumn::bid_depth, {30, 0, 10});
  rows.set(TickColumn::ask_depth, {10, 0, 30});
  rows.ends = {2, 3};
  // 20 / 40 and 0; then -20 / 40.
  CHECK(sample::close_to(sample::values_of({}, {"depth_imbalance", nullptr}, rows), {0.25, -0.5}));
}
