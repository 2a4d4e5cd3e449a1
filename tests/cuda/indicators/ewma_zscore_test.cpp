#include <doctest/doctest.h>

#include "tests/cuda/series/sample_rows.hpp"

using namespace tf;
using sample::instance;
using sample::rows_of_closes;
using sample::values_of;

static const Exec kExec;

TEST_CASE("the distance from the weighted mean in weighted deviations") {
  // 1 3: mean 2, variance 1; then weight 2/3, 4 away: variance 1/3 (1 + 4 * 8/3) = 35/9, 4/3 away
  const std::vector<double> got = values_of(kExec, instance(kExec, "ewma_zscore", {2}), rows_of_closes({1, 3, 6}));
  CHECK(std::isnan(got[0]));
  CHECK(got[1] == doctest::Approx(1.0).epsilon(1e-12));
  CHECK(got[2] == doctest::Approx(4 / std::sqrt(35.0)).epsilon(1e-12));
}

TEST_CASE("closes that stand are no distance away") {
  const std::vector<double> got = values_of(kExec, instance(kExec, "ewma_zscore", {2}), rows_of_closes({7, 7, 7}));
  CHECK(got[2] == 0);
}

TEST_CASE("closes that have stood for long are no distance away, whatever they were before") {
  std::vector<double> closes = {1000, 3000};
  closes.resize(1500, 1234.1);
  CHECK(values_of(kExec, instance(kExec, "ewma_zscore", {20}), rows_of_closes(closes)).back() == 0);
}
