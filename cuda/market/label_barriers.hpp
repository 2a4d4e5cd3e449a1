// The search for the barrier that a round trip meets first: on closing touches, on ranges of bars, on every touch.
#pragma once
#include <cmath>
#include <cstdint>
#include <span>

#include "cuda/market/label_touches.hpp"

namespace tf::market {

struct Quote {
  double bid = 0, ask = 0;
};

/// What one side of a round trip pays, in ticks.
struct Fees {
  double rate = 0, ticks = 0;
  double of(double px) const { return std::fabs(px) * rate + ticks; }
};

/// Ticks a round trip ends with, fees paid.
inline double long_result(const Fees& fees, const Quote& entry, const Quote& exit) {
  return exit.bid - entry.ask - fees.of(entry.ask) - fees.of(exit.bid);
}
inline double short_result(const Fees& fees, const Quote& entry, const Quote& exit) {
  return entry.bid - exit.ask - fees.of(entry.bid) - fees.of(exit.ask);
}

/// A round trip under way. Barriers are results in ticks: take at +take, stop at -stop; a NaN result meets none.
struct RoundTrip {
  Quote entry;
  bool is_long = true;
  double take = 0, stop = 0;
  Fees fees;
};

/// How it ended; outcome 0: no barrier was met, and the other members are unset.
struct BarrierExit {
  int outcome = 0;  ///< +1 take, -1 stop; of a tie the one that is assumed
  bool tie = false;
  std::size_t bar = 0;  ///< of bars
  int64_t known_ts = 0;
  Quote quote;
};

/// Columns of the bars. spread_share: how much of a spread lies between the high and the bid then.
struct BarPath {
  std::span<const double> open, high, low, bid, ask;
  std::span<const int64_t> known_ts;
  double spread_share = 0.5;
};

/// Bars (entry, last], by their closing touch.
BarrierExit watch_closes(const BarPath& bars, const RoundTrip& trip, std::size_t entry, std::size_t last);

/// The same bars, by their range; a tie is taken for a stop unless take_first.
BarrierExit watch_ranges(const BarPath& bars, const RoundTrip& trip, std::size_t entry, std::size_t last,
                         bool take_first);

/// Rows of the path after `entry` that are known at or before `until_ts`.
BarrierExit watch_touches(const TouchPath& path, const TouchBlocks& blocks, const RoundTrip& trip, std::size_t entry,
                          int64_t until_ts);

}  // namespace tf::market
