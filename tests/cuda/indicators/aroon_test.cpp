#include <doctest/doctest.h>

#include "tests/cuda/series/sample_rows.hpp"

using namespace tf;

TEST_CASE("aroon tells how lately the extremes were made; of equals the latest") {
  // the high 7 two bars ago, the low 2 one bar ago, of four
  sample::Rows rows = sample::rows_of_closes({4, 4, 4, 4, 3});
  rows.bar[static_cast<int>(series::BarColumn::high)] = {5, 7, 7, 6, 3};
  rows.bar[static_cast<int>(series::BarColumn::low)] = {4, 2, 3, 2, 3};
  const std::vector<double> got = sample::values_of({}, sample::instance({}, "aroon", {4}), rows);
  CHECK(std::isnan(got[11]));
  CHECK(got[12] == doctest::Approx(50).epsilon(1e-12));
  CHECK(got[13] == doctest::Approx(75).epsilon(1e-12));
  CHECK(got[14] == doctest::Approx(-25).epsilon(1e-12));
}
