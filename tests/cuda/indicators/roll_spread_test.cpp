#include <doctest/doctest.h>

#include "tests/cuda/series/sample_rows.hpp"

using namespace tf;
using series::TickColumn;

TEST_CASE("a bounce between bid and ask gives the spread times two changes") {
  sample::Rows rows = sample::rows_of_closes({1, 1});
  rows.set(TickColumn::trade_px, {100, 102, 100, 102});
  rows.set(TickColumn::trade_size, {1, 1, 1, 1});
  rows.ends = {4, 4};
  // Changes 2, -2, 2: covariance -4 around a mean of 0.
  CHECK(sample::close_to(sample::values_of({}, sample::instance({}, "roll_spread", {2}), rows), {std::nan(""), 4}));
}
