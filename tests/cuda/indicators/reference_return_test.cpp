#include <doctest/doctest.h>

#include "tests/cuda/series/sample_rows.hpp"

using namespace tf;
using series::TickColumn;

TEST_CASE("the reference's moves are summed from where it is known") {
  sample::Rows rows = sample::rows_of_closes({1});
  rows.set(TickColumn::reference_mid, {std::nan(""), 50, 52, 51});
  rows.ends = {4};
  CHECK(sample::close_to(sample::values_of({}, {"reference_return", nullptr}, rows), {1}));
}
