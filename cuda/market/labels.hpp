// Labels: what happened after a bar, priced on bid and ask, each with the interval [t0, t1] it looked at.
#pragma once
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "cuda/base/fields.hpp"
#include "cuda/market/bars.hpp"
#include "cuda/market/label_touches.hpp"

namespace tf::market {

struct LabelSpec {
  std::string kind = "forward_return";  ///< "forward_return", "triple_barrier" or "trend_scan"
  int horizon_bars = 5;                 ///< forward return: bars ahead; triple barrier: the time barrier
  double take_ticks = 0;  ///< triple barrier: profit barrier in ticks from entry; 0 = scaled by volatility
  double stop_ticks = 0;
  double barrier_deviations = 2;  ///< barriers in deviations of the close-to-close change over volatility_bars
  int volatility_bars = 50;
  double horizon_s = 0;            ///< the horizon as time, in place of horizon_bars; 0 = by bars
  std::string watch = "close";     ///< what barriers are watched on: closing touch, range of the bars, every touch
  std::string tie = "stop_first";  ///< both barriers within the range of one bar: stop_first, drop (NaN), take_first
  std::string side;                ///< feature whose sign is the primary side: values become meta-labels; empty = none
  int64_t latency_ns = 0;          ///< from t0 to the entry
  double fee_bps = 0;              ///< of the price, each side
  double fee_ticks = 0;            ///< each side
  int window_min = 5;              ///< trend scan: fewest and most bars of a window, the bar of t0 among them
  int window_max = 20;
  static std::span<const Field> fields();
};

/// One label a bar. A long round trip buys at ask and sells at bid, a short one the reverse; long_ticks and short_ticks
/// are what they end with after the fees of the spec. Entry: the closing touch of the bar; with a latency that of the
/// first bar known latency_ns after t0. Exit: the first bar known at the horizon, or the barrier met before it.
///  - forward_return: value = mid-to-mid change in ticks from entry to exit.
///  - triple_barrier: value = +1 profit barrier first, -1 stop first, 0 time first (long side). A barrier is met where
///    the round trip would end that many ticks above or below zero, spread and fees paid. Deviations are of the last
///    volatility_bars close-to-close changes within trading days; NaN labels until there are so many, or where it is 0.
///    watch = close: by the first bar whose closing touch is there, left at that touch.
///    watch = range: within a bar. Its high and low are of the mid (or of trades), so bid and ask are taken to lie half
///    (trades: all) of a spread below and above, the wider one of the closing touches around the bar. A bar that
///    opens beyond a barrier met that one, both within one bar else are a tie. Left at the barrier, a stop that the
///    open has jumped over at the open.
///    watch = ticks: by the first touch; the entry is then the touch in force at t0 + latency_ns. No ties.
///  - trend_scan: value = sign of the strongest trend that starts at the bar (trend_scan.hpp).
/// With a side (not for trend_scan) the round trip is the one of the side's sign, and value = 1 where it ends above
/// zero after fees, else 0: Lopez de Prado, Advances in Financial ML, section 3.6. NaN where the side is 0 or NaN.
struct LabelTable {
  std::vector<double> value;  ///< NaN where the horizon passes the end of the day or of the data, barrier met or not
  std::vector<double> long_ticks, short_ticks;
  std::vector<int64_t> t0, t1;     ///< knowledge time of the bar; time at which the label is resolved
  std::vector<uint8_t> tie;        ///< 1 where both barriers were met within one bar, whatever was made of it
  std::vector<double> trend_t;     ///< trend_scan alone: t-value of the strongest window; else empty
  std::vector<int64_t> trend_end;  ///< trend_scan alone: known_ts of that window's last bar (t1 is that of the longest)
};

/// What labels may need beside the bars.
struct LabelSources {
  std::span<const double> side;                 ///< one a bar, where spec.side asks for it; only its sign counts
  bool range_of_trades = false;                 ///< the bars' high and low are of trades
  std::function<TouchPath(int32_t day)> ticks;  ///< of one trading day, for watch = ticks; asked once a day, in order
};

/// Labels never cross a trading day: a horizon that does is NaN with t1 = the day's last known_ts. No label depends on
/// prices after t1, nor before t0 but for barriers scaled by volatility. Throws Error{config} for a spec that is none
/// of the above or lacks its source.
LabelTable make_labels(const LabelSpec& spec, const BarTable& bars, const LabelSources& sources = {});

}  // namespace tf::market
