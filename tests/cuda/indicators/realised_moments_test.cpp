#include <doctest/doctest.h>

#include "tests/cuda/series/sample_rows.hpp"

using namespace tf;
using series::TickColumn;

TEST_CASE("realised variance, bipower variation and what is left for jumps") {
  sample::Rows rows = sample::rows_of_closes({1});
  rows.set(TickColumn::bid, {100, 102, 101});
  rows.set(TickColumn::ask, {102, 104, 103});
  rows.ends = {3};
  // The mid moves by 2 and -1: 4 + 1; pi / 2 * |-1| * |2|.
  const double pi = std::acos(-1.0);
  CHECK(sample::close_to(sample::values_of({}, {"realised_moments", nullptr}, rows), {5, pi, 5 - pi, 4, 1}));
}
