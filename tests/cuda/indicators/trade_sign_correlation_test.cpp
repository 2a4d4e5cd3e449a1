#include <doctest/doctest.h>

#include "tests/cuda/series/sample_rows.hpp"

using namespace tf;
using series::TickColumn;

TEST_CASE("successive trades of one side multiply to 1, of two sides to -1; those without a side are left out") {
  sample::Rows rows = sample::rows_of_closes({1, 1});
  rows.set(TickColumn::signed_size, {1, 2, -1, 0, -3});
  rows.ends = {5, 5};
  // 1, -1, 1.
  CHECK(sample::close_to(sample::values_of({}, {"trade_sign_correlation", nullptr}, rows), {1.0 / 3, 0}));
}
