#include <doctest/doctest.h>

#include "tests/cuda/series/sample_rows.hpp"

using namespace tf;
using series::BarColumn;

TEST_CASE("equal ranges of two bars that lie upon each other give half of the range") {
  sample::Rows rows = sample::rows_of_closes({101, 101});
  rows.bar[static_cast<int>(BarColumn::high)] = {102, 102};
  rows.bar[static_cast<int>(BarColumn::low)] = {100, 100};
  // beta = 2 L^2 and gamma = L^2 with L = ln 1.02: alpha = L.
  CHECK(sample::close_to(sample::values_of({}, sample::instance({}, "corwin_schultz", {1}), rows),
                         {std::nan(""), 2 * 0.02 / 2.02}));
}
