#include <doctest/doctest.h>

#include "tests/cuda/series/sample_rows.hpp"

using namespace tf;
using series::TickColumn;

TEST_CASE("realised skewness and kurtosis of the moves") {
  sample::Rows rows = sample::rows_of_closes({1, 1});
  rows.set(TickColumn::bid, {100, 102, 101});
  rows.set(TickColumn::ask, {102, 104, 103});
  rows.ends = {3, 3};
  // Moves 0, 2, -1: squares 5, cubes 7, fourth powers 17.
  CHECK(sample::close_to(sample::values_of({}, {"realised_skewness", nullptr}, rows),
                         {std::sqrt(3.0) * 7 / (5 * std::sqrt(5.0)), 3 * 17 / 25.0, 0, 0}));
}
