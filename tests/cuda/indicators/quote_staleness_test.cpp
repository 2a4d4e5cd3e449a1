#include <doctest/doctest.h>

#include "tests/cuda/series/sample_rows.hpp"

using namespace tf;
using series::TickColumn;

TEST_CASE("a quote is as old as its last change of price") {
  sample::Rows rows = sample::rows_of_closes({1, 1});
  rows.set(TickColumn::time_ns, {0, 1e9, 2e9, 5e9});
  rows.set(TickColumn::bid, {100, 101, 101, 101});
  rows.set(TickColumn::ask, {102, 102, 102, 102});
  rows.ends = {2, 4};
  CHECK(sample::close_to(sample::values_of({}, {"quote_staleness", nullptr}, rows), {0, 4}));
}
