#include <doctest/doctest.h>

#include "tests/cuda/series/sample_rows.hpp"

using namespace tf;
using series::BarColumn;

TEST_CASE("one-sided lots over all lots of the window") {
  sample::Rows rows = sample::rows_of_closes({1, 1});
  rows.bar[static_cast<int>(BarColumn::buy_volume)] = {3, 1};
  rows.bar[static_cast<int>(BarColumn::sell_volume)] = {1, 5};
  // (2 + 4) / 10.
  CHECK(sample::close_to(sample::values_of({}, sample::instance({}, "vpin", {2}), rows), {std::nan(""), 0.6}));
}
