// The made market: what it promises about its edge is measured here.
#include <doctest/doctest.h>

#include <cmath>

#include "cuda/base/time.hpp"
#include "data/sources/parse/market_model.hpp"
#include "tests/data/sources/made_files.hpp"

using namespace tf;
using data::SyntheticParams;

namespace {

made::Drained generate(const SyntheticParams& params, std::size_t batch = 10000) {
  const auto source = data::find_source("synthetic").open({{}, made::instrument(0.01)}, &params);
  return made::drain(*source, batch);
}

/// What a reader sees of one interval.
struct Bar {
  double mid = 0;  // last of the interval
  double size_imbalance = 0, flow_imbalance = 0;
  int64_t ticks = 0;
};

std::vector<Bar> bars_of(const std::vector<Tick>& ticks, int64_t bar_ns) {
  std::vector<Bar> bars;
  int64_t begin = INT64_MIN;
  double quotes = 0, trades = 0, bid = 0, bid_qty = 0;
  for (const Tick& tick : ticks) {
    const int64_t start = tick.exch_ts / bar_ns * bar_ns;
    if (start != begin) {
      bars.push_back({bars.empty() ? 0 : bars.back().mid, 0, 0, 0});  // an interval without a quote keeps the mid
      begin = start;
      quotes = trades = 0;
    }
    Bar& bar = bars.back();
    ++bar.ticks;
    if (tick.kind() == TickKind::best_bid) {
      bid = static_cast<double>(tick.px);
      bid_qty = static_cast<double>(tick.qty);
    } else if (tick.kind() == TickKind::best_ask) {
      const double ask_qty = static_cast<double>(tick.qty);
      bar.mid = (bid + static_cast<double>(tick.px)) / 2;
      bar.size_imbalance += ((bid_qty - ask_qty) / (bid_qty + ask_qty) - bar.size_imbalance) / ++quotes;
    } else {
      bar.flow_imbalance += ((tick.flags & kFlagBuy ? 1.0 : -1.0) - bar.flow_imbalance) / ++trades;
    }
  }
  return bars;
}

struct Fit {
  double slope, t;
};
Fit regress(const std::vector<double>& x, const std::vector<double>& y) {
  const double n = static_cast<double>(x.size());
  double mx = 0, my = 0, xx = 0, xy = 0, yy = 0;
  for (std::size_t row = 0; row < x.size(); ++row) mx += x[row] / n, my += y[row] / n;
  for (std::size_t row = 0; row < x.size(); ++row) {
    xx += (x[row] - mx) * (x[row] - mx);
    xy += (x[row] - mx) * (y[row] - my);
    yy += (y[row] - my) * (y[row] - my);
  }
  const double slope = xy / xx;
  return {slope, slope / std::sqrt((yy - slope * xy) / (n - 2) / xx)};
}

// Next-interval move in ticks on an interval's imbalance, over the days [from, to).
Fit edge_fit(const SyntheticParams& params, int from, int to, double Bar::*predictor) {
  SyntheticParams part = params;
  part.skip_days = from;
  part.days = to - from;
  const auto bars = bars_of(generate(part).ticks, params.edge_bar_s * kSecond);
  std::vector<double> x, y;
  for (std::size_t bar = 0; bar + 1 < bars.size(); ++bar) {
    x.push_back(bars[bar].*predictor);
    y.push_back(bars[bar + 1].mid - bars[bar].mid);
  }
  return regress(x, y);
}

}  // namespace

TEST_CASE("the planted edge has its sign in each regime, and no edge is no edge") {
  SyntheticParams params;
  params.regimes = "flow:4,reverse:4,none:12";
  params.edge_ticks = 2;
  for (const auto predictor : {&Bar::size_imbalance, &Bar::flow_imbalance}) {
    const Fit flow = edge_fit(params, 0, 4, predictor), reverse = edge_fit(params, 4, 8, predictor),
              none = edge_fit(params, 8, 20, predictor);
    CAPTURE(flow.t);
    CAPTURE(reverse.t);
    CAPTURE(none.t);
    CHECK(flow.t > 10);
    CHECK(reverse.t < -10);
    CHECK(std::abs(none.t) < 3);
  }
}

TEST_CASE("the size of the edge is as documented") {
  SyntheticParams params;
  params.regimes = "flow";
  params.edge_ticks = 4;
  params.signal_noise = 0;
  params.ticks_per_day = 200000;  // else the last quote of an interval is well before its end
  params.days = 4;
  // Without noise the size imbalance is 0.6 z, so the slope is edge_ticks / 0.6, less what the noise of sizes takes
  // away.
  const Fit fit = edge_fit(params, 0, 4, &Bar::size_imbalance);
  CHECK(fit.slope == doctest::Approx(4 / 0.6).epsilon(0.06));
  // Trading on the sign of the imbalance earns more than the spread of one tick.
  const auto bars = bars_of(generate(params).ticks, kMinute);
  double earned = 0;
  for (std::size_t bar = 0; bar + 1 < bars.size(); ++bar)
    earned += (bars[bar].size_imbalance > 0 ? 1 : -1) * (bars[bar + 1].mid - bars[bar].mid);
  CHECK(earned / static_cast<double>(bars.size() - 1) > 2);
}

TEST_CASE("within a regime the edge halves in its half-life") {
  SyntheticParams params;
  params.edge_ticks = 8;
  params.edge_half_life_days = 4;
  const double early = edge_fit(params, 0, 2, &Bar::size_imbalance).slope,
               late = edge_fit(params, 8, 10, &Bar::size_imbalance).slope;
  CHECK(late / early == doctest::Approx(0.25).epsilon(0.25));
}

TEST_CASE("quotes are never crossed and times never go back, day and session hold") {
  SyntheticParams params;
  params.days = 3;
  params.open_s = 8 * 3600;
  params.close_s = 16 * 3600;
  params.weekends = false;
  params.first_day = "2024-03-01";  // a Friday
  params.latency_us = 250;
  params.spread_ticks = 2;
  const auto all = generate(params);
  CHECK(all.consistent());
  CHECK(all.ticks.size() == doctest::Approx(120000).epsilon(0.15));
  int64_t last = 0, bid = 0, trades = 0;
  for (const Tick& tick : all.ticks) {
    REQUIRE(tick.exch_ts >= last);
    last = tick.exch_ts;
    REQUIRE(tick.local_ts == tick.exch_ts + 250'000);
    REQUIRE(tick.qty > 0);
    const int64_t second = (tick.exch_ts - day_of(tick.exch_ts).start_ns()) / kSecond;
    REQUIRE((second >= params.open_s && second < params.close_s));
    if (tick.kind() == TickKind::best_bid) bid = tick.px;
    if (tick.kind() == TickKind::best_ask) REQUIRE((tick.px - bid >= 2 && tick.px - bid <= 3));
    trades += tick.kind() == TickKind::trade;
  }
  CHECK(trades / static_cast<double>(all.counts.rows_stored) == doctest::Approx(0.2).epsilon(0.05));
  CHECK(to_text(day_of(all.ticks.front().exch_ts)) == "2024-03-01");
  CHECK(to_text(day_of(all.ticks.back().exch_ts)) == "2024-03-05");
}

TEST_CASE("a day is the same alone, within any range and in any batch size; instruments and seeds differ") {
  SyntheticParams params;
  params.days = 5;
  params.regimes = "flow:2,none:1,reverse";
  params.ticks_per_day = 5000;
  const auto all = generate(params);
  SyntheticParams alone = params;
  alone.skip_days = 3;
  alone.days = 1;
  const auto day = generate(alone, 7);
  const auto first = std::find_if(all.ticks.begin(), all.ticks.end(), [&](const Tick& tick) {
    return tick.exch_ts >= (*parse_day("2024-01-04")).start_ns();
  });
  REQUIRE(all.ticks.end() - first > static_cast<std::ptrdiff_t>(day.ticks.size()));
  CHECK(std::equal(day.ticks.begin(), day.ticks.end(), first));
  CHECK((first + static_cast<std::ptrdiff_t>(day.ticks.size()))->exch_ts >= (*parse_day("2024-01-05")).start_ns());
  CHECK(generate(params, 1).ticks == all.ticks);
  SyntheticParams other = params;
  other.instrument_index = 1;
  CHECK(generate(other).ticks != all.ticks);
  other = params;
  other.seed = 2;
  CHECK(generate(other).ticks != all.ticks);
}

TEST_CASE("the price goes on from day to day") {
  SyntheticParams params;
  params.days = 10;
  params.ticks_per_day = 20000;
  const auto all = generate(params);
  double largest = 0, mid = 0, bid = 0;
  for (const Tick& tick : all.ticks) {
    if (tick.kind() == TickKind::best_bid) bid = static_cast<double>(tick.px);
    if (tick.kind() != TickKind::best_ask) continue;
    const double now = (bid + static_cast<double>(tick.px)) / 2;
    if (mid > 0) largest = std::max(largest, std::abs(now - mid));
    mid = now;
  }
  CHECK(largest < 25);  // a day's standard deviation is 100 ticks
}

TEST_CASE("variance and activity are U-shaped over the session, and volatility clusters") {
  SyntheticParams params;
  params.days = 20;
  params.regimes = "none";
  params.seasonality = 0.7;
  params.volatility = 0.03;
  const auto bars = bars_of(generate(params).ticks, kMinute);
  REQUIRE(bars.size() == 20 * 1440);
  double variance[3] = {}, activity[3] = {}, total = 0;
  std::vector<double> size;
  for (std::size_t bar = 1; bar < bars.size(); ++bar) {
    const double move = bars[bar].mid - bars[bar - 1].mid;
    variance[bar % 1440 / 480] += move * move;
    activity[bar % 1440 / 480] += static_cast<double>(bars[bar].ticks);
    total += move * move;
    size.push_back(std::abs(move));
  }
  CHECK(variance[0] > 1.5 * variance[1]);
  CHECK(variance[2] > 1.5 * variance[1]);
  CHECK(activity[0] > 1.5 * activity[1]);
  CHECK(activity[2] > 1.5 * activity[1]);
  CHECK(std::sqrt(total / 20) == doctest::Approx(300).epsilon(0.15));

  params.seasonality = 0;  // so that the season does not pass for clustering
  const auto flat = bars_of(generate(params).ticks, kMinute);
  std::vector<double> now, next;
  for (std::size_t bar = 1; bar + 1 < flat.size(); ++bar) {
    now.push_back(std::abs(flat[bar].mid - flat[bar - 1].mid));
    next.push_back(std::abs(flat[bar + 1].mid - flat[bar].mid));
  }
  CHECK(regress(now, next).t > 10);
  params.clustering = 0;
  const auto calm = bars_of(generate(params).ticks, kMinute);
  now.clear();
  next.clear();
  for (std::size_t bar = 1; bar + 1 < calm.size(); ++bar) {
    now.push_back(std::abs(calm[bar].mid - calm[bar - 1].mid));
    next.push_back(std::abs(calm[bar + 1].mid - calm[bar].mid));
  }
  CHECK(std::abs(regress(now, next).t) < 4);
}

TEST_CASE("parameters that do not fit together are named") {
  const auto fails = [](const std::string& word, const std::function<void(SyntheticParams&)>& change) {
    SyntheticParams params;
    change(params);
    return made::error_with(ErrorKind::config, word, [&] { generate(params); });
  };
  CHECK(fails("flow, reverse or none", [](auto& params) { params.regimes = "fow:3"; }));
  CHECK(fails("only the last", [](auto& params) { params.regimes = "flow,none:3"; }));
  CHECK(fails("no count", [](auto& params) { params.regimes = "flow:x"; }));
  CHECK(fails("YYYY-MM-DD", [](auto& params) { params.first_day = "01.02.2024"; }));
  CHECK(fails("shorter", [](auto& params) { params.close_s = 30; }));
  CHECK(fails("ten spreads", [](auto& params) { params.start_price = 0.01; }));
}
