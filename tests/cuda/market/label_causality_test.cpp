// Labels depend on nothing outside [t0, t1]: prices before t0 and after t1 are replaced, the label keeps its bits.
#include <doctest/doctest.h>

#include <cmath>

#include "tests/cuda/market/label_market.hpp"

using namespace tf;
using namespace tf::market;
using series::BarColumn;

namespace {

bool same_bits(double a, double b) { return a == b || (std::isnan(a) && std::isnan(b)); }

/// Every price known before `from` or after `until` moves by 500 ticks; the bar of t0 gave the touch that stands at t0.
LabelMarket spoiled(LabelMarket market, int64_t from, int64_t until) {
  const auto outside = [&](int64_t ts) { return ts < from || ts > until; };
  for (std::size_t bar = 0; bar < market.bars.known_ts.size(); ++bar) {
    const bool here = market.bars.known_ts[bar] == from;
    if (!here && !outside(market.bars.known_ts[bar])) continue;
    for (const BarColumn column :
         {BarColumn::open, BarColumn::high, BarColumn::low, BarColumn::close, BarColumn::bid, BarColumn::ask}) {
      // Of the bar of t0 only what is left of it at its end may be read.
      if (here && column != BarColumn::bid && column != BarColumn::ask)
        market.bars.column[static_cast<int>(column)][bar] += 777;
      if (!here) market.bars.column[static_cast<int>(column)][bar] += 500;
    }
    if (!here) market.side[bar] = -market.side[bar];
  }
  for (TouchPath& path : market.days) {
    // The touch in force at `from` is the last one known by then.
    std::size_t in_force = 0;
    while (in_force + 1 < path.bid.size() && path.known_ts[in_force + 1] <= from) ++in_force;
    for (std::size_t row = 0; row < path.bid.size(); ++row)
      if (row != in_force && outside(path.known_ts[row])) path.bid[row] += 500, path.ask[row] += 500;
  }
  return market;
}

}  // namespace

TEST_CASE("no label changes with anything outside its interval") {
  const LabelMarket market = label_market(5, 3, 70, 6, true);
  int specs = 0, checked = 0, met = 0;
  for (const char* kind : {"forward_return", "triple_barrier", "trend_scan"})
    for (const char* watch : {"close", "range", "ticks"})
      for (const char* side : {"", "s"})
        for (const int variant : {0, 1, 2, 3}) {
          LabelSpec spec;
          spec.kind = kind;
          spec.watch = watch;
          spec.side = side;
          spec.take_ticks = 9, spec.stop_ticks = 8;
          spec.horizon_bars = 12;
          spec.window_max = 15;
          if (spec.kind == "trend_scan" && *side) continue;
          if (variant & 1) spec.horizon_s = 9.5e-6;
          if (variant & 2) spec.latency_ns = 1100, spec.fee_bps = 3, spec.fee_ticks = 0.25;
          ++specs;
          const LabelTable labels = make_labels(spec, market.bars, sources_of(market));
          for (std::size_t bar = 0; bar < labels.value.size(); bar += 3) {
            if (std::isnan(labels.value[bar])) continue;
            REQUIRE(labels.t0[bar] < labels.t1[bar]);
            const LabelMarket other = spoiled(market, labels.t0[bar], labels.t1[bar]);
            const LabelTable again = make_labels(spec, other.bars, sources_of(other));
            ++checked;
            met += labels.t1[bar] < labels.t0[bar] + 12000 && spec.kind == "triple_barrier";
            REQUIRE(same_bits(labels.value[bar], again.value[bar]));
            REQUIRE(same_bits(labels.long_ticks[bar], again.long_ticks[bar]));
            REQUIRE(same_bits(labels.short_ticks[bar], again.short_ticks[bar]));
            REQUIRE(labels.t1[bar] == again.t1[bar]);
            REQUIRE(labels.tie[bar] == again.tie[bar]);
            if (!labels.trend_t.empty()) {
              REQUIRE(same_bits(labels.trend_t[bar], again.trend_t[bar]));
              REQUIRE(labels.trend_end[bar] == again.trend_end[bar]);
            }
          }
        }
  CHECK(specs == 60);
  CHECK(checked > 1500);
  CHECK(met > 100);
}

TEST_CASE("what lies inside the interval does change labels") {
  // The counterpart: without it the test above would hold for labels that read nothing.
  const LabelMarket market = label_market(5, 1, 70);
  for (const char* kind : {"forward_return", "triple_barrier", "trend_scan"}) {
    LabelSpec spec;
    spec.kind = kind;
    spec.take_ticks = spec.stop_ticks = 9;
    const LabelTable labels = make_labels(spec, market.bars);
    int changed = 0, labelled = 0;
    for (std::size_t bar = 0; bar < labels.value.size(); ++bar) {
      if (std::isnan(labels.value[bar])) continue;
      const LabelMarket other = spoiled(market, labels.t0[bar], labels.t1[bar] - 1);
      ++labelled;
      changed += !same_bits(labels.long_ticks[bar], make_labels(spec, other.bars).long_ticks[bar]);
    }
    CHECK(labelled > 20);
    CHECK(changed == labelled);
  }
}
