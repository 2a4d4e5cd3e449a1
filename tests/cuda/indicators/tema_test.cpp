#include <doctest/doctest.h>

#include "tests/cuda/series/sample_rows.hpp"

using namespace tf;

TEST_CASE("a tema is 3 ema - 3 ema(ema) + ema(ema(ema))") {
  // weight 2/3: ema 2, 10/3, 52/9 from row 1; its ema 8/3, 128/27 from row 2; the mean of these is 100/27
  const sample::Rows rows = sample::rows_of_closes({1, 3, 4, 7});
  const std::vector<double> got = sample::values_of({}, sample::instance({}, "tema", {2}), rows);
  CHECK(std::isnan(got[2]));
  CHECK(got[3] == doctest::Approx(3 * 52.0 / 9 - 3 * 128.0 / 27 + 100.0 / 27).epsilon(1e-12));
}

TEST_CASE("a tema of a constant is that") {
  const sample::Rows rows = sample::rows_of_closes({5, 5, 5, 5, 5, 5});
  const std::vector<double> got = sample::values_of({}, sample::instance({}, "tema", {2}), rows);
  CHECK(got[5] == doctest::Approx(5).epsilon(1e-12));
}
