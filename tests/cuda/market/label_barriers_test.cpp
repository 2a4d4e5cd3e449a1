// Barriers, entries, fees, sides: what a label is made of, by hand and against a plain search.
#include "cuda/market/label_barriers.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "cuda/base/error.hpp"
#include "cuda/base/time.hpp"
#include "tests/cuda/market/label_market.hpp"

using namespace tf;
using namespace tf::market;
using series::BarColumn;

namespace {

struct Row {
  double open, high, low, bid, ask;
  int64_t known_ts = -1;
  int32_t day = 1;
};

/// Bar n is known at 1000 n unless it says otherwise.
BarTable table_of(const std::vector<Row>& rows) {
  BarTable bars;
  for (const Row& row : rows) {
    for (auto& column : bars.column) column.push_back(0);
    const auto put = [&](BarColumn column, double value) { bars.column[static_cast<int>(column)].back() = value; };
    put(BarColumn::open, row.open);
    put(BarColumn::high, row.high);
    put(BarColumn::low, row.low);
    put(BarColumn::close, 0.5 * (row.bid + row.ask));
    put(BarColumn::bid, row.bid);
    put(BarColumn::ask, row.ask);
    bars.known_ts.push_back(row.known_ts >= 0 ? row.known_ts : 1000 * bars.rows());
    bars.day.push_back(row.day);
  }
  return bars;
}

/// A bar that stands still.
Row still(double bid, double ask, int64_t known_ts = -1, int32_t day = 1) {
  const double mid = 0.5 * (bid + ask);
  return {mid, mid, mid, bid, ask, known_ts, day};
}

LabelSpec barriers(double take, double stop, int horizon, const char* watch) {
  LabelSpec spec;
  spec.kind = "triple_barrier";
  spec.take_ticks = take;
  spec.stop_ticks = stop;
  spec.horizon_bars = horizon;
  spec.watch = watch;
  return spec;
}

}  // namespace

TEST_CASE("a horizon by time ends at the first bar known then, within the day") {
  const BarTable bars = table_of({still(100, 101, 0), still(102, 103, 1 * kSecond), still(105, 106, 3 * kSecond),
                                  still(109, 110, 3 * kSecond + 1), still(90, 91, 20 * kSecond, 2)});
  LabelSpec spec;
  spec.horizon_s = 2;
  const LabelTable labels = make_labels(spec, bars);
  CHECK(labels.value[0] == 5);
  CHECK(labels.t1[0] == 3 * kSecond);
  CHECK(labels.value[1] == 3);  // known exactly at the horizon
  CHECK(labels.t1[1] == 3 * kSecond);
  CHECK(std::isnan(labels.value[2]));  // no bar of the day is known so late
  CHECK(labels.t1[2] == 3 * kSecond + 1);
  spec.horizon_s = 3.000000001;
  CHECK(make_labels(spec, bars).value[0] == 9);
}

TEST_CASE("a latency enters at the first bar known then, and no trip ends before it begins") {
  const BarTable bars = table_of({still(100, 101), still(102, 104), still(107, 108), still(110, 111)});
  LabelSpec spec;
  spec.horizon_bars = 2;
  spec.latency_ns = 1;
  const LabelTable labels = make_labels(spec, bars);
  CHECK(labels.value[0] == 4.5);       // mid 103 to 107.5
  CHECK(labels.long_ticks[0] == 3);    // 104 to 107
  CHECK(labels.short_ticks[0] == -6);  // 102 to 108
  CHECK(labels.t0[0] == 0);
  spec.latency_ns = 1000;
  CHECK(make_labels(spec, bars).value[0] == 4.5);
  spec.latency_ns = 1001;  // the entry is the exit
  CHECK(std::isnan(make_labels(spec, bars).value[0]));
  spec.horizon_bars = 3;
  CHECK(make_labels(spec, bars).value[0] == 3);
}

TEST_CASE("fees are paid on both sides, and a barrier is a result after them") {
  const BarTable bars = table_of({still(1000, 1000), still(1003, 1003), still(1006, 1006), still(1000, 1000)});
  LabelSpec spec = barriers(4, 4, 3, "close");
  CHECK(make_labels(spec, bars).t1[0] == 2000);
  CHECK(make_labels(spec, bars).long_ticks[0] == 6);
  spec.fee_ticks = 1;
  CHECK(make_labels(spec, bars).value[0] == 1);  // 6 - 2 is just enough
  CHECK(make_labels(spec, bars).long_ticks[0] == 4);
  CHECK(make_labels(spec, bars).short_ticks[0] == -8);
  spec.fee_bps = 1;  // of 1000 and 1006: 0.2006 more
  CHECK(make_labels(spec, bars).value[0] == 0);
  spec.stop_ticks = 2.15;  // the last bar: 0 - 2.2
  const LabelTable stopped = make_labels(spec, bars);
  CHECK(stopped.value[0] == -1);
  CHECK(stopped.long_ticks[0] == doctest::Approx(-2.2).epsilon(1e-12));
}

TEST_CASE("a stop nearer than the spread is not met by the entry itself") {
  const BarTable bars = table_of({still(100, 102), still(104, 106)});
  for (const char* watch : {"close", "range"}) {
    const LabelTable labels = make_labels(barriers(1, 1, 1, watch), bars);
    CHECK(labels.value[0] == 1);
    CHECK(labels.t1[0] == 1000);
  }
}

TEST_CASE("both barriers within one bar are a tie, and the policy says what becomes of it") {
  // Spread 2 throughout, mid entry 101: ask 102. Bar 1 spans mids 95 to 115: bids 94 to 114.
  const BarTable bars = table_of({still(100, 102), {101, 115, 95, 101, 103}, still(100, 102)});
  LabelSpec spec = barriers(10, 5, 2, "range");
  LabelTable labels = make_labels(spec, bars);
  CHECK(labels.tie[0] == 1);
  CHECK(labels.value[0] == -1);
  CHECK(labels.long_ticks[0] == -5);
  CHECK(labels.short_ticks[0] == 1);  // sold at 100, bought back at 97 + 2
  CHECK(labels.t1[0] == 1000);
  spec.tie = "take_first";
  labels = make_labels(spec, bars);
  CHECK(labels.tie[0] == 1);
  CHECK(labels.value[0] == 1);
  CHECK(labels.long_ticks[0] == 10);
  spec.tie = "drop";
  labels = make_labels(spec, bars);
  CHECK(labels.tie[0] == 1);
  CHECK(std::isnan(labels.value[0]));
  CHECK(std::isnan(labels.long_ticks[0]));
  spec.take_ticks = 13;  // out of reach: no tie
  labels = make_labels(spec, bars);
  CHECK(labels.tie[0] == 0);
  CHECK(labels.value[0] == -1);
  spec.watch = "close";
  CHECK(make_labels(spec, bars).value[0] == 0);
}

TEST_CASE("a bar that opens beyond a barrier met that one first; a jumped stop is left at the open") {
  LabelSpec spec = barriers(10, 5, 1, "range");
  const LabelTable down = make_labels(spec, table_of({still(100, 102), {90, 120, 88, 118, 120}}));
  CHECK(down.tie[0] == 0);
  CHECK(down.value[0] == -1);
  CHECK(down.long_ticks[0] == 89 - 102);
  const LabelTable up = make_labels(spec, table_of({still(100, 102), {120, 121, 80, 81, 83}}));
  CHECK(up.tie[0] == 0);
  CHECK(up.value[0] == 1);
  CHECK(up.long_ticks[0] == 10);  // at the barrier, not better
}

TEST_CASE("a range is shifted by the wider spread around the bar, of trades by all of it") {
  // Spread 6 before, 2 after: half of 6 counts. Entry at ask 103; a mid of 116 is a bid of 113.
  const BarTable bars = table_of({still(97, 103), {100, 116, 100, 101, 103}});
  LabelSpec spec = barriers(10, 50, 1, "range");
  CHECK(make_labels(spec, bars).value[0] == 1);
  spec.take_ticks = 10.5;
  CHECK(make_labels(spec, bars).value[0] == 0);
  LabelSources trades;
  trades.range_of_trades = true;
  spec.take_ticks = 7.5;
  CHECK(make_labels(spec, bars, trades).value[0] == 0);
  spec.take_ticks = 7;
  CHECK(make_labels(spec, bars, trades).value[0] == 1);
}

TEST_CASE("every touch is watched, from the touch in force at the entry on") {
  const BarTable bars = table_of({still(100, 101, 1000), still(100, 101, 2000), still(100, 101, 3000)});
  const TouchPath path{
      {900, 1200, 1500, 1600, 2999, 3001}, {100, 104, 111, 90, 100, 200}, {101, 105, 112, 91, 101, 201}};
  LabelSources sources;
  sources.ticks = [&](int32_t day) {
    CHECK(day == 1);
    return path;
  };
  LabelSpec spec = barriers(10, 10, 2, "ticks");
  LabelTable labels = make_labels(spec, bars, sources);
  CHECK(labels.value[0] == 1);
  CHECK(labels.t1[0] == 1500);
  CHECK(labels.long_ticks[0] == 10);
  spec.latency_ns = 200;  // bought at 105: 111 is 6, 90 the stop
  labels = make_labels(spec, bars, sources);
  CHECK(labels.value[0] == -1);
  CHECK(labels.t1[0] == 1600);
  CHECK(labels.long_ticks[0] == -15);
  spec.latency_ns = 600;  // bought at 91, left in time
  spec.take_ticks = 20;
  labels = make_labels(spec, bars, sources);
  CHECK(labels.value[0] == 0);
  CHECK(labels.t1[0] == 3000);
  CHECK(labels.long_ticks[0] == 9);
}

TEST_CASE("a meta-label says whether the side's own round trip earned") {
  const BarTable bars = table_of({still(100, 101), still(106, 107), still(95, 96), still(95, 96)});
  LabelSpec spec = barriers(5, 5, 2, "close");
  spec.side = "signal";
  const auto label = [&](double side) {
    const std::vector<double> sides(4, side);
    LabelSources sources;
    sources.side = sides;
    return make_labels(spec, bars, sources);
  };
  CHECK(label(0.3).value[0] == 1);
  CHECK(label(0.3).t1[0] == 1000);
  const LabelTable sold = label(-7);
  CHECK(sold.value[0] == 0);  // the short is stopped at 107
  CHECK(sold.short_ticks[0] == -7);
  CHECK(label(-1).value[1] == 1);  // sold at 106, bought back at 96
  CHECK(std::isnan(label(0).value[0]));
  CHECK(std::isnan(label(std::nan("")).value[0]));
  spec.fee_ticks = 2.5;  // 5 ticks earned, 5 paid: not above zero
  spec.horizon_bars = 1;
  spec.kind = "forward_return";
  CHECK(label(1).value[0] == 0);
  spec.fee_ticks = 2.4;
  CHECK(label(1).value[0] == 1);
}

TEST_CASE("a touch search that steps over blocks finds what a plain one finds") {
  const LabelMarket market = label_market(11, 3, 120, 40);
  for (const char* side : {"", "s"})
    for (const double width : {5.0, 25.0, 60.0}) {
      LabelSpec spec = barriers(width, 0.8 * width, 20, "ticks");
      spec.latency_ns = 333;
      spec.side = side;
      const LabelTable labels = make_labels(spec, market.bars, sources_of(market));
      int met = 0;
      for (std::size_t bar = 0; bar < labels.value.size(); ++bar) {
        if (std::isnan(labels.value[bar])) continue;
        const TouchPath& path = market.days[static_cast<std::size_t>(market.bars.day[bar])];
        std::size_t at = 0;
        while (at + 1 < path.bid.size() && path.known_ts[at + 1] <= labels.t0[bar] + 333) ++at;
        const bool is_long = !*side || market.side[bar] > 0;
        const double paid = is_long ? path.ask[at] : path.bid[at];
        double result = 0;
        int64_t resolved = market.bars.known_ts[bar + 20];
        int outcome = 0;
        for (++at; at < path.bid.size() && path.known_ts[at] <= market.bars.known_ts[bar + 20]; ++at) {
          result = is_long ? path.bid[at] - paid : paid - path.ask[at];
          if (result >= width || result <= -0.8 * width) {
            outcome = result > 0 ? 1 : -1;
            resolved = path.known_ts[at];
            break;
          }
        }
        met += outcome != 0;
        CHECK(labels.value[bar] == (*side ? result > 0 : outcome));
        CHECK(labels.t1[bar] == resolved);
        CHECK((is_long ? labels.long_ticks : labels.short_ticks)[bar] == result);
      }
      CHECK(met > 10);
    }
}

TEST_CASE("a recorder keeps the touches that changed, at the end of their events") {
  TickColumns ticks;
  const auto bid = static_cast<uint32_t>(TickKind::best_bid), ask = static_cast<uint32_t>(TickKind::best_ask);
  ticks.push({1, 5, 100, 1, 0, bid | kFlagLast});
  ticks.push({2, 6, 99, 1, 0, bid});
  ticks.push({2, 6, 101, 1, 0, ask | kFlagLast});
  ticks.push({3, 4, 101, 2, 0, ask | kFlagLast});                                     // a size alone
  ticks.push({4, 4, 102, 1, 0, ask | kFlagLast});                                     // known no earlier than 6
  ticks.push({5, 9, 102, 1, 0, static_cast<uint32_t>(TickKind::trade) | kFlagLast});  // no quote
  ticks.push({6, 10, 0, 0, 0, ask | kFlagLast});                                      // that side is empty
  TouchRecorder whole, parts;
  whole.push(ticks.span());
  for (std::size_t row = 0; row < ticks.size(); ++row) parts.push(ticks.span().part(row, 1));
  CHECK(whole.path().known_ts == std::vector<int64_t>{6, 6, 10});
  CHECK(whole.path().bid[0] == 99);
  CHECK(whole.path().ask[1] == 102);
  CHECK(std::isnan(whole.path().bid[2]));
  CHECK(parts.path().known_ts == whole.path().known_ts);
}

TEST_CASE("a spec that cannot be met is refused with what was expected") {
  const BarTable bars = table_of({still(100, 101)});
  const auto refused = [&](const LabelSpec& spec, const char* text) {
    CHECK_THROWS_WITH_AS(make_labels(spec, bars), doctest::Contains(text), Error);
  };
  refused(barriers(1, 1, 1, "ticks"), "no ticks were given");
  refused(barriers(1, 1, 1, "closes"), "close, range, ticks");
  LabelSpec spec = barriers(1, 1, 1, "range");
  spec.tie = "coin";
  refused(spec, "stop_first, drop, take_first");
  spec = {};
  spec.side = "rsi";
  refused(spec, "one a bar is needed");
  spec = {};
  spec.fee_bps = 2000;
  refused(spec, "fee_bps");
  spec = {};
  spec.latency_ns = -1;
  refused(spec, "latency_ns");
  spec = {};
  spec.kind = "trend_scan";
  spec.window_min = 30;
  refused(spec, "window_min <= window_max");
}
