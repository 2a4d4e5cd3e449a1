#include <doctest/doctest.h>

#include "tests/cuda/series/sample_rows.hpp"

using namespace tf;
using sample::instance;
using sample::rows_of_closes;
using sample::values_of;

static const Exec kExec;

TEST_CASE("a macd is the fast less the slow ema, its signal line and their difference") {
  // fast 1 is the close; slow 3 as in the ema's test: 6, 8, 5 from row 2; signal 2 starts with the mean of two.
  const std::vector<double> got =
      values_of(kExec, instance(kExec, "macd", {1, 3, 2}), rows_of_closes({3, 6, 9, 10, 2}));
  CHECK(std::isnan(got[2 * 3]));
  CHECK(got[3 * 3] == 2);        // 10 - 8
  CHECK(got[3 * 3 + 1] == 2.5);  // (9 - 6 + 2) / 2
  CHECK(got[3 * 3 + 2] == -0.5);
  CHECK(got[4 * 3] == -3);                                  // 2 - 5
  CHECK(got[4 * 3 + 1] == doctest::Approx(2.5 / 3 - 2.0));  // 2.5 + 2/3 (-3 - 2.5)
}

TEST_CASE("the fast average of a macd is seeded by the closes just before the slow one is ready") {
  // fast 2, slow 4: the fast mean starts at rows 2 and 3, whatever rows 0 and 1 hold.
  const std::vector<double> got =
      values_of(kExec, instance(kExec, "macd", {2, 4, 1}), rows_of_closes({100, 200, 4, 8}));
  CHECK(got[3 * 3] == 6 - 78);
}

TEST_CASE("a macd takes the shorter of its periods as the fast one") {
  const sample::Rows rows = sample::make_rows(200);
  CHECK(sample::same_bits(values_of(kExec, instance(kExec, "macd", {12, 26, 9}), rows),
                          values_of(kExec, instance(kExec, "macd", {26, 12, 9}), rows)));
}
