#include <doctest/doctest.h>

#include "tests/cuda/series/sample_rows.hpp"

using namespace tf;
using series::TickColumn;

TEST_CASE("two bars lie on a line of the mid's change by lots bought") {
  sample::Rows rows = sample::rows_of_closes({1, 1, 1});
  rows.set(TickColumn::bid, {100, 101, 100});
  rows.set(TickColumn::ask, {102, 103, 102});
  rows.set(TickColumn::signed_size, {0, 4, -2});
  rows.ends = {1, 2, 3};
  // (0, 0), (4, 1), (-2, -1).
  CHECK(sample::close_to(sample::values_of({}, sample::instance({}, "kyle_lambda", {2}), rows),
                         {std::nan(""), std::nan(""), 0.25, 1, 1.0 / 3, 1}));
}
