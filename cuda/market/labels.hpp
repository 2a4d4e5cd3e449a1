// Labels: what happened after a bar, priced on bid and ask, each with the interval [t0, t1] it looked at.
#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "cuda/base/fields.hpp"
#include "cuda/market/bars.hpp"

namespace tf::market {

struct LabelSpec {
  std::string kind = "forward_return";  ///< "forward_return" or "triple_barrier"
  int horizon_bars = 5;                 ///< forward return: bars ahead; triple barrier: the time barrier
  double take_ticks = 0;  ///< triple barrier: profit barrier in ticks from entry; 0 = scaled by volatility
  double stop_ticks = 0;
  double barrier_deviations = 2;  ///< barriers in deviations of the close-to-close change over volatility_bars
  int volatility_bars = 50;
  static std::span<const Field> fields();
};

/// One label a bar, priced at the bars' closing bid and ask. A long entry buys at ask and leaves at bid, a short the
/// reverse, so value already pays the spread: forward_return: mid-to-mid change in ticks over the horizon (value), with
/// long_ticks and short_ticks what a round trip would have earned before fees. triple_barrier: value = +1 profit
/// barrier first, -1 stop first, 0 time first (long side); a barrier is met by the first bar whose closing bid is that
/// far from the entry's ask. Volatility: the sample deviation of the last volatility_bars close-to-close changes within
/// trading days; NaN labels until there are so many, or where it is 0.
struct LabelTable {
  std::vector<double> value;  ///< NaN where the horizon passes the end of the day or of the data, barrier met or not
  std::vector<double> long_ticks, short_ticks;
  std::vector<int64_t> t0, t1;  ///< knowledge time of the bar; time at which the label is resolved
};

/// Labels never cross a trading day: a horizon that does is NaN with t1 = the day's last known_ts.
/// Throws Error{config} for an unknown kind or a horizon below 1.
LabelTable make_labels(const LabelSpec& spec, const BarTable& bars);

}  // namespace tf::market
