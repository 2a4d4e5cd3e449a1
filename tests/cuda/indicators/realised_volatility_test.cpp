#include <doctest/doctest.h>

#include "tests/cuda/series/sample_rows.hpp"

using namespace tf;
using sample::instance;
using sample::rows_of_closes;
using sample::values_of;

static const Exec kExec;

TEST_CASE("realised volatility is the root of the summed squared log returns of the window") {
  const std::vector<double> closes = {100, 110, 99, 99, 104.5};
  const std::vector<double> got = values_of(kExec, instance(kExec, "realised_volatility", {2}), rows_of_closes(closes));
  CHECK(std::isnan(got[1]));
  for (int at = 2; at < 5; ++at) {
    const double last = std::log(closes[at] / closes[at - 1]), before = std::log(closes[at - 1] / closes[at - 2]);
    CHECK(got[at] == doctest::Approx(std::sqrt(last * last + before * before)).epsilon(1e-14));
  }
}

TEST_CASE("realised volatility is NaN while a negative close is in its window, and comes back") {
  const std::vector<double> got =
      values_of(kExec, instance(kExec, "realised_volatility", {1}), rows_of_closes({2, 1, -1, 1, 2, 4}));
  CHECK(got[1] == doctest::Approx(std::log(2.0)));
  CHECK(std::isnan(got[2]));
  CHECK(std::isnan(got[3]));
  CHECK(got[5] == doctest::Approx(std::log(2.0)));
}
