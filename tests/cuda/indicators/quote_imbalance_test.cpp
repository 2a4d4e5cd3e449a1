#include <doctest/doctest.h>

#include "tests/cuda/series/sample_rows.hpp"

using namespace tf;
using sample::instance;
using sample::rows_of_closes;
using sample::values_of;

static const Exec kExec;

TEST_CASE("quote imbalance is the mean over a bar's ticks; without sizes a tick is 0, without ticks a bar is 0") {
  sample::Rows rows = rows_of_closes({1, 1, 1});
  rows.set(series::TickColumn::bid_size, {3, 0, 1, 5});
  rows.set(series::TickColumn::ask_size, {1, 0, 1, 0});
  rows.ends = {3, 3, 4};
  const std::vector<double> got = values_of(kExec, {"quote_imbalance", nullptr}, rows);
  CHECK(got[0] == 0.5 / 3);
  CHECK(got[1] == 0);
  CHECK(got[2] == 1);
}

TEST_CASE("quote imbalance of a bar of many ticks is their mean") {
  sample::Rows rows = rows_of_closes({1});
  double sum = 0;
  for (int tick = 0; tick < 1003; ++tick) {
    rows.tick[static_cast<int>(series::TickColumn::bid_size)].push_back(tick % 7);
    rows.tick[static_cast<int>(series::TickColumn::ask_size)].push_back(tick % 5);
    if (tick % 35) sum += double(tick % 7 - tick % 5) / (tick % 7 + tick % 5);
  }
  rows.ends = {1003};
  CHECK(values_of(kExec, {"quote_imbalance", nullptr}, rows)[0] == doctest::Approx(sum / 1003).epsilon(1e-13));
}
