#include <doctest/doctest.h>

#include "tests/cuda/series/sample_rows.hpp"

using namespace tf;
using series::TickColumn;

TEST_CASE("a spread counts for as long as it stood") {
  sample::Rows rows = sample::rows_of_closes({1, 1});
  rows.set(TickColumn::bid, {100, 100, 100});
  rows.set(TickColumn::ask, {102, 104, 103});
  rows.set(TickColumn::time_ns, {0, 1e9, 4e9});
  rows.ends = {3, 3};
  // 2 for 1 s and 4 for 3 s.
  CHECK(sample::close_to(sample::values_of({}, {"time_weighted_spread", nullptr}, rows), {3.5, 0}));
}
