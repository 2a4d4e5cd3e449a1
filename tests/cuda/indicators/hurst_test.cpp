#include <doctest/doctest.h>

#include "tests/cuda/series/sample_rows.hpp"

using namespace tf;
using sample::instance;
using sample::rows_of_closes;
using sample::values_of;

static const Exec kExec;

TEST_CASE("moves that grow as the root of time have exponent 0.5") {
  // moves over 1, 2, 4, 8, 16 bars: 1, 1, 2, 2, 4 times ln 2; log2 of the squares 0, 0, 2, 2, 4 against
  // -2 .. 2: slope (1 * 2 + 2 * 4) / 10 = 1, half of it
  const std::vector<double> got = values_of(kExec, instance(kExec, "hurst", {1}),
                                            rows_of_closes({1, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 8, 8, 8, 16}));
  CHECK(std::isnan(got[15]));
  CHECK(got[16] == doctest::Approx(0.5).epsilon(1e-12));
}

TEST_CASE("moves that do not grow have exponent 0") {
  // one jump in the last bar: the same move over all distances
  const std::vector<double> got = values_of(kExec, instance(kExec, "hurst", {1}),
                                            rows_of_closes({1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2}));
  CHECK(got[16] == 0);
}

TEST_CASE("moves that grow with time have exponent 1; where one is 0 it is 0.5") {
  const std::vector<double> got = values_of(
      kExec, instance(kExec, "hurst", {1}),
      rows_of_closes({1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384, 32768, 65536, 65536}));
  CHECK(got[16] == doctest::Approx(1.0).epsilon(1e-12));
  CHECK(got[17] == 0.5);
}
