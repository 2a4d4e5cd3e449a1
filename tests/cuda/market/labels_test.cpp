#include "cuda/market/labels.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "cuda/base/error.hpp"
#include "cuda/base/philox.hpp"

using namespace tf;
using namespace tf::market;
using series::BarColumn;

namespace {

/// Bars with closing bid and ask; bar n is known at 100 n.
BarTable bars_of(const std::vector<double>& bids, double spread, const std::vector<int32_t>& days) {
  BarTable bars;
  for (std::size_t bar = 0; bar < bids.size(); ++bar) {
    for (auto& column : bars.column) column.push_back(0);
    bars.column[static_cast<int>(BarColumn::bid)].back() = bids[bar];
    bars.column[static_cast<int>(BarColumn::ask)].back() = bids[bar] + spread;
    bars.column[static_cast<int>(BarColumn::close)].back() = bids[bar] + spread / 2;
    bars.known_ts.push_back(static_cast<int64_t>(bar) * 100);
    bars.day.push_back(days[bar]);
  }
  return bars;
}

}  // namespace

TEST_CASE("a forward return is mid to mid, its round trips pay the spread, and no label crosses a day") {
  LabelSpec spec;
  spec.horizon_bars = 2;
  const LabelTable labels = make_labels(spec, bars_of({100, 103, 107, 101, 150, 160}, 2, {1, 1, 1, 1, 2, 2}));
  CHECK(labels.value[0] == 7);
  CHECK(labels.long_ticks[0] == 5);
  CHECK(labels.short_ticks[0] == -9);
  CHECK(labels.value[1] == -2);
  CHECK(labels.t0 == std::vector<int64_t>{0, 100, 200, 300, 400, 500});
  CHECK(labels.t1 == std::vector<int64_t>{200, 300, 300, 300, 500, 500});
  for (const std::size_t bar : {2, 3, 4, 5}) {
    CHECK(std::isnan(labels.value[bar]));
    CHECK(std::isnan(labels.long_ticks[bar]));
    CHECK(std::isnan(labels.short_ticks[bar]));
  }
}

TEST_CASE("a barrier is met by the first closing bid beyond it, and t1 is that bar") {
  LabelSpec spec;
  spec.kind = "triple_barrier";
  spec.horizon_bars = 3;
  spec.take_ticks = 4;
  spec.stop_ticks = 3;
  // Entry of bar 0 at 101: profit from bid 105, stop from bid 98.
  const LabelTable up = make_labels(spec, bars_of({100, 104, 105, 90, 100}, 1, std::vector<int32_t>(5, 1)));
  CHECK(up.value[0] == 1);
  CHECK(up.t1[0] == 200);
  CHECK(up.long_ticks[0] == 4);
  CHECK(up.short_ticks[0] == -6);
  const LabelTable down = make_labels(spec, bars_of({100, 98, 120, 90, 100}, 1, std::vector<int32_t>(5, 1)));
  CHECK(down.value[0] == -1);
  CHECK(down.t1[0] == 100);
  const LabelTable still = make_labels(spec, bars_of({100, 99, 104, 103, 100}, 1, std::vector<int32_t>(5, 1)));
  CHECK(still.value[0] == 0);
  CHECK(still.t1[0] == 300);
  CHECK(still.long_ticks[0] == 2);
  CHECK(std::isnan(still.value[2]));  // the horizon passes the end
}

TEST_CASE("scaled barriers use only changes within days known at the bar") {
  LabelSpec spec;
  spec.kind = "triple_barrier";
  spec.horizon_bars = 1;
  spec.volatility_bars = 3;
  spec.barrier_deviations = 1.5;
  std::vector<double> bids{0, 2, 0, 2, 1000, 1002, 1005, 1005};
  const std::vector<int32_t> days{1, 1, 1, 1, 2, 2, 2, 2};
  const LabelTable labels = make_labels(spec, bars_of(bids, 0, days));
  CHECK(std::isnan(labels.value[2]));  // two changes so far
  // Bar 4: changes +2 -2 +2, deviation sqrt(16/3); 1.5 of it is 3.46 and the next change is 2.
  CHECK(labels.value[4] == 0);
  // Bar 5: changes -2 +2 +2 (the jump over night left out), the same deviation; the next change is 3.
  CHECK(labels.value[5] == 0);
  spec.barrier_deviations = 1.25;  // 2.887
  CHECK(make_labels(spec, bars_of(bids, 0, days)).value[5] == 1);
  bids[6] = 999;
  CHECK(make_labels(spec, bars_of(bids, 0, days)).value[5] == -1);
}

TEST_CASE("bars after t1 never change a label") {
  const RandomStream random{3, Purpose::test, 1};
  std::vector<double> bids;
  std::vector<int32_t> days;
  double bid = 1000;
  for (uint64_t bar = 0; bar < 400; ++bar) {
    bid += static_cast<double>(random.below(bar, 9)) - 4;
    bids.push_back(bid);
    days.push_back(static_cast<int32_t>(bar / 97));
  }
  for (const char* kind : {"forward_return", "triple_barrier"}) {
    LabelSpec spec;
    spec.kind = kind;
    spec.volatility_bars = 20;
    const LabelTable before = make_labels(spec, bars_of(bids, 1, days));
    std::vector<double> other = bids;
    for (std::size_t bar = 251; bar < other.size(); ++bar) other[bar] += 50;
    const LabelTable after = make_labels(spec, bars_of(other, 1, days));
    int labelled = 0;
    for (std::size_t bar = 0; bar < bids.size(); ++bar) {
      if (std::isnan(before.value[bar])) continue;
      CHECK(before.t1[bar] > before.t0[bar]);
      CHECK(days[static_cast<std::size_t>(before.t1[bar] / 100)] == days[bar]);
      if (before.t1[bar] > 250 * 100) continue;
      ++labelled;
      CHECK(before.value[bar] == after.value[bar]);
      CHECK(before.long_ticks[bar] == after.long_ticks[bar]);
      CHECK(before.t1[bar] == after.t1[bar]);
    }
    CHECK(labelled > 100);
  }
}

TEST_CASE("an unknown kind of label is refused with its candidates") {
  LabelSpec spec;
  spec.kind = "backward_return";
  CHECK_THROWS_WITH_AS(make_labels(spec, {}), doctest::Contains("triple_barrier"), Error);
}
