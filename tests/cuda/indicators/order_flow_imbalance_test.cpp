#include <doctest/doctest.h>

#include "tests/cuda/series/sample_rows.hpp"

using namespace tf;
using series::TickColumn;

TEST_CASE("order flow imbalance adds what joins the bid and takes what leaves it, the ask in reverse") {
  sample::Rows rows = sample::rows_of_closes({1, 1, 1});
  //                             first, more lots, bid up, bid down, ask down
  rows.set(TickColumn::bid, {100, 100, 101, 100, 100});
  rows.set(TickColumn::ask, {102, 102, 102, 102, 101});
  rows.set(TickColumn::bid_size, {5, 8, 4, 6, 6});
  rows.set(TickColumn::ask_size, {7, 7, 7, 7, 3});
  rows.ends = {2, 5, 5};
  // +3 | +4 (new level), -4 (level gone), -3 (lots offered at the better ask)
  const std::vector<double> expected = {3, -3, 0};
  CHECK(sample::values_of({}, {"order_flow_imbalance", nullptr}, rows) == expected);
}
