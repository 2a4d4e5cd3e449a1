#include <doctest/doctest.h>

#include "tests/cuda/series/sample_rows.hpp"

using namespace tf;
using sample::instance;
using sample::rows_of_closes;
using sample::values_of;

static const Exec kExec;

TEST_CASE("bollinger bands lie deviations times the population deviation around the mean") {
  const std::vector<double> got =
      values_of(kExec, instance(kExec, "bollinger", {4, 2}), rows_of_closes({9, 2, 4, 4, 6}));
  CHECK(std::isnan(got[2 * 4]));
  const double half = 2 * std::sqrt(2.0);  // 2 4 4 6: mean 4, variance 2
  CHECK(got[16] == doctest::Approx(4 + half));
  CHECK(got[17] == 4);
  CHECK(got[18] == doctest::Approx(4 - half));
  CHECK(got[19] == doctest::Approx((6 - (4 - half)) / (2 * half)));
}

TEST_CASE("a flat window has bands of no width and the close in the middle, even far from zero") {
  const std::vector<double> got =
      values_of(kExec, instance(kExec, "bollinger", {3, 2}), rows_of_closes(std::vector<double>(8, 1234567.1)));
  const double* row = got.data() + 7 * 4;
  CHECK(row[0] - row[2] <= 1e-8);
  CHECK((row[3] >= 0 && row[3] <= 1));
  CHECK(values_of(kExec, instance(kExec, "bollinger", {3, 2}), rows_of_closes({7, 7, 7}))[2 * 4 + 3] == 0.5);
}

TEST_CASE("small deviations far from zero keep their digits") {
  const double base = 1e7;
  const std::vector<double> got =
      values_of(kExec, instance(kExec, "bollinger", {2, 1}), rows_of_closes({base, base + 0.5}));
  CHECK(got[4] - got[6] == 0.5);  // two deviations of 0.25
}
