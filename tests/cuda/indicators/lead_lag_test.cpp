#include <doctest/doctest.h>

#include "tests/cuda/series/sample_rows.hpp"

using namespace tf;
using series::BarColumn;

TEST_CASE("a close that repeats the reference's changes a bar later is led by it") {
  sample::Rows rows = sample::rows_of_closes({0, 0, 1, 3, 2, 6});
  rows.bar[static_cast<int>(BarColumn::reference)] = {0, 1, 3, 2, 6, 4};
  CHECK(sample::close_to(sample::values_of({}, sample::instance({}, "lead_lag", {3, 1}), rows),
                         {std::nan(""), std::nan(""), std::nan(""), std::nan(""), 1, 1}));
}
