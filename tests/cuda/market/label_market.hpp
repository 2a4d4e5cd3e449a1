// A random market for tests of labels: touches within bars of 1000 ns, some days, one-sided now and then.
#pragma once
#include <algorithm>
#include <cstdint>
#include <limits>
#include <vector>

#include "cuda/base/philox.hpp"
#include "cuda/market/labels.hpp"

namespace tf::market {

struct LabelMarket {
  BarTable bars;
  std::vector<TouchPath> days;  ///< day n of the bars is days[n]
  std::vector<double> side;
};

/// Bars built by hand from the touches: bar b of a day is known at its boundary, touches fall strictly before it.
inline LabelMarket label_market(uint64_t seed, int days, int bars_a_day, int touches_a_bar = 6, bool gaps = false) {
  using series::BarColumn;
  const RandomStream random{seed, Purpose::test, 7};
  uint64_t step = 0;
  LabelMarket market;
  double bid = 1000;
  for (int day = 0; day < days; ++day) {
    TouchPath path;
    const int64_t midnight = int64_t{day} * 100'000'000;
    for (int bar = 0; bar < bars_a_day; ++bar) {
      double open = 0, high = -1e300, low = 1e300, ask = 0;
      for (int touch = 0; touch < touches_a_bar; ++touch) {
        bid += static_cast<double>(random.below(step++, 7)) - 3;
        ask = bid + 1 + random.below(step++, 3);
        const double mid = 0.5 * (bid + ask);
        if (touch == 0) open = mid;
        high = std::max(high, mid);
        low = std::min(low, mid);
        path.known_ts.push_back(midnight + bar * 1000 + (touch + 1) * 1000 / (touches_a_bar + 1));
        path.bid.push_back(bid);
        path.ask.push_back(ask);
      }
      const bool one_sided = gaps && random.below(step++, 40) == 0;
      for (auto& column : market.bars.column) column.push_back(0);
      const auto put = [&](BarColumn column, double value) {
        market.bars.column[static_cast<int>(column)].back() = value;
      };
      put(BarColumn::open, open);
      put(BarColumn::high, high);
      put(BarColumn::low, low);
      put(BarColumn::close, 0.5 * (bid + ask));
      put(BarColumn::bid, bid);
      put(BarColumn::ask, one_sided ? std::numeric_limits<double>::quiet_NaN() : ask);
      // Some bars are missing, as time bars without an event are.
      const int64_t known = midnight + (bar + 1) * 1000;
      market.bars.open_ts.push_back(known - 1000);
      market.bars.known_ts.push_back(known);
      market.bars.tick_end.push_back(static_cast<int64_t>(path.bid.size()));
      market.bars.day.push_back(day);
      market.side.push_back(static_cast<double>(random.below(step++, 5)) - 2);
      if (random.below(step++, 9) == 0) bar += 2;
    }
    market.days.push_back(path);
  }
  return market;
}

inline LabelSources sources_of(const LabelMarket& market) {
  return {market.side, false, [&market](int32_t day) { return market.days[static_cast<std::size_t>(day)]; }};
}

}  // namespace tf::market
