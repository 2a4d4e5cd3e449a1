#include <doctest/doctest.h>

#include "tests/cuda/series/sample_rows.hpp"

using namespace tf;
using series::TickColumn;

TEST_CASE("changes of the touch and how long one stood") {
  sample::Rows rows = sample::rows_of_closes({1});
  rows.set(TickColumn::bid, {100, 100, 101});
  rows.set(TickColumn::ask, {102, 102, 102});
  rows.set(TickColumn::time_ns, {0, 1e9, 4e9});
  rows.ends = {3};
  // The series' first touch and one change, in 4 s.
  CHECK(sample::close_to(sample::values_of({}, {"touch_changes", nullptr}, rows), {2, 2}));
}
