// A small unruly market: quotes in one or two rows, trades, equal times, clocks that step back, a touch that goes away.
#pragma once
#include <algorithm>
#include <vector>

#include "cuda/base/market.hpp"
#include "cuda/base/philox.hpp"
#include "cuda/base/time.hpp"
#include "cuda/base/view.hpp"

namespace tf::market {

inline constexpr int64_t kTestDay = int64_t{16191} * kDay;  // 2014-05-01

struct RandomMarket {
  TickColumns ticks;
  std::vector<int64_t> decisions;
  std::vector<double> signals;  ///< [decision][column]
  int64_t columns = 0;

  Panel<const double> panel() const {
    return {signals.data(), static_cast<int64_t>(decisions.size()), columns, columns};
  }
  std::vector<double> column(int64_t at) const {
    std::vector<double> values;
    for (std::size_t row = 0; row < decisions.size(); ++row) values.push_back(signals[row * columns + at]);
    return values;
  }
};

inline RandomMarket random_market(uint64_t seed, int events, int decision_count, int64_t columns, int day = 0) {
  RandomMarket market;
  const RandomStream random{seed, Purpose::test, static_cast<uint32_t>(day)};
  uint64_t step = 0;
  const auto below = [&](uint32_t count) { return static_cast<int64_t>(random.below(step++, count)); };
  int64_t time = kTestDay + day * kDay + 8 * kHour, local = time, bid = 10000, spread = 2;
  const int64_t first = time;
  for (int event = 0; event < events; ++event) {
    time += below(4) == 0 ? 0 : below(20) * 1'000'000;
    const int64_t exch = time - (below(20) == 0 ? below(3) * 1'000'000 : 0);  // now and then a step back
    local = std::max(local + (below(10) == 0 ? -500'000 : 0), exch + 1'000'000 + below(3) * 1'000'000);
    bid += below(7) - 3;
    spread = std::clamp<int64_t>(spread + below(3) - 1, 0, 4);
    const int64_t what = below(20);
    const auto row = [&](TickKind kind, int64_t px, int64_t qty, uint32_t flags) {
      market.ticks.push({exch, local, px, qty, 0, static_cast<uint32_t>(kind) | flags});
    };
    if (what < 10) {
      row(TickKind::best_bid, bid, 1 + below(5), 0);
      row(TickKind::best_ask, bid + spread, 1 + below(5), kFlagLast);
    } else if (what < 13) {
      row(TickKind::best_bid, bid, below(12) == 0 ? 0 : 1 + below(5), kFlagLast);
    } else if (what < 16) {
      row(TickKind::best_ask, bid + spread, 0, kFlagLast | kFlagNoSize);
    } else if (what < 19) {
      row(TickKind::trade, bid + below(2) * spread, 1 + below(9), kFlagLast | (below(2) ? kFlagBuy : kFlagSell));
    } else if (below(4) == 0) {
      row(TickKind::clear, 0, 0, below(3) == 0 ? kFlagBuy : below(2) ? kFlagSell : 0);
    } else {
      row(TickKind::depth_bid, bid - 3, 2, kFlagLast);
    }
  }
  for (int at = 0; at < decision_count; ++at)
    market.decisions.push_back(first + below(static_cast<uint32_t>((time - first) / 1'000'000 + 20)) * 1'000'000);
  std::sort(market.decisions.begin(), market.decisions.end());
  market.columns = columns;
  for (int64_t at = 0; at < decision_count * columns; ++at) {
    const int64_t what = below(10);
    market.signals.push_back(what == 0 ? __builtin_nan("") : static_cast<double>(below(2001) - 1000) / 500.0);
  }
  return market;
}

inline Instrument test_instrument() {
  Instrument instrument;
  instrument.venue = "test";
  instrument.symbol = "TEST";
  instrument.tick_size = 0.01;
  instrument.lot_size = 10;
  return instrument;
}

}  // namespace tf::market
