#include <doctest/doctest.h>

#include "tests/cuda/series/sample_rows.hpp"

using namespace tf;

TEST_CASE("the absolute return a unit of worth traded") {
  sample::Rows rows = sample::rows_of_closes({100, 110});
  // Made bars have their close as volume too.
  CHECK(sample::close_to(sample::values_of({}, sample::instance({}, "amihud", {1}), rows),
                         {std::nan(""), 1e6 * std::log(1.1) / (110.0 * 110.0)}));
}
