#include <doctest/doctest.h>

#include "tests/cuda/series/sample_rows.hpp"

using namespace tf;
using series::TickColumn;

TEST_CASE("an intensity halves every half-life and each trade adds ln 2 over it") {
  sample::Rows rows = sample::rows_of_closes({1, 1});
  rows.set(TickColumn::time_ns, {0, 1e9, 2e9});
  rows.set(TickColumn::signed_size, {1, 1, -1});
  rows.ends = {2, 3};
  // Half-life 1 s: 1, then 1/2 + 1; then half of that, and a sale.
  const double ln2 = std::log(2.0);
  CHECK(sample::close_to(sample::values_of({}, sample::instance({}, "trade_intensity", {1}), rows),
                         {1.5 * ln2, 0, 1, 0.75 * ln2, ln2, -1.0 / 7}));
}
