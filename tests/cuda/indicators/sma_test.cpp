#include <doctest/doctest.h>

#include "tests/cuda/series/sample_rows.hpp"

using namespace tf;
using sample::instance;
using sample::rows_of_closes;
using sample::values_of;

static const Exec kExec;

TEST_CASE("an sma is the mean of the last period closes") {
  const std::vector<double> got = values_of(kExec, instance(kExec, "sma", {4}), rows_of_closes({1, 2, 3, 4, 5.5, 8.5}));
  CHECK(std::isnan(got[2]));
  CHECK(got[3] == 2.5);
  CHECK(got[4] == 3.625);
  CHECK(got[5] == 5.25);
}

TEST_CASE("an sma of thirds is the dyadic sum of its window whatever the window's length") {
  const sample::Rows rows = sample::make_rows(1500);
  for (const int period : {1, 2, 3, 7, 64, 100, 1023}) {
    const std::vector<double> got = values_of(kExec, instance(kExec, "sma", {double(period)}), rows);
    const std::vector<double>& close = rows.bar[static_cast<int>(series::BarColumn::close)];
    for (int at = period - 1; at < 1500; at += 111) {
      double sum = 0;  // half ticks: exact in any order
      for (int back = 0; back < period; ++back) sum += close[at - back];
      CHECK(got[at] == sum * (1.0 / period));
    }
  }
}
