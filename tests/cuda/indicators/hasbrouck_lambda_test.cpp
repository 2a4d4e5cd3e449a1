#include <doctest/doctest.h>

#include "tests/cuda/series/sample_rows.hpp"

using namespace tf;
using series::TickColumn;

TEST_CASE("returns lie on a line of root-sized signed trades") {
  sample::Rows rows = sample::rows_of_closes({100, 110, 100});
  rows.set(TickColumn::signed_size, {0, 4, -1});
  rows.set(TickColumn::trade_px, {0, 25, 100});
  rows.ends = {1, 2, 3};
  // (10, ln 1.1) and (-10, -ln 1.1) in basis points.
  CHECK(sample::close_to(sample::values_of({}, sample::instance({}, "hasbrouck_lambda", {2}), rows),
                         {std::nan(""), std::nan(""), std::nan(""), std::nan(""), 1e3 * std::log(1.1), 1}));
}
