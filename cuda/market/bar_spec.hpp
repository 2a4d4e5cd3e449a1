// Which bars, as a config names them.
#pragma once
#include <cstdint>
#include <span>
#include <string>

#include "cuda/base/fields.hpp"
#include "cuda/base/time.hpp"

namespace tf::market {

/// What closes a bar, always together with the end of the trading day and the boundaries of its sessions:
///   time             the clock, each `size` seconds from midnight UTC or from the session's open
///   tick             `size` events
///   volume, dollar   `size` lots; lots * price of `size`, in currency
///   X_imbalance      |sum of b * w| >= E[T] * |E[b * w]|, w = 1, lots or currency as X = tick, volume, dollar; b = +1
///                    bought, -1 sold, by the tick rule where the feed does not say (Lopez de Prado 2018, 2.3.2.1)
///   X_runs           max(bought, sold) >= E[T] * max(P E[w | bought], (1 - P) E[w | sold]), P the share of bought
///                    events (2.3.2.2)
///   renko            a price at least one brick of `size` ticks away from the anchor. One bar an event, however many
///                    bricks it jumps; the anchor (the day's first price) then moves on by those whole bricks
///   range            high - low of at least `size` ticks
struct BarSpec {
  std::string kind = "time";
  double size = 60;            ///< s | events | lots | currency | ticks; imbalance and runs: the first E[T], in events
  std::string price = "mid";   ///< "mid" of the touch or "trade"
  std::string anchor = "utc";  ///< of time bars: "utc" midnight or "session" (the open of the running session)
  int depth_levels = 5;        ///< levels a side that the depth columns of ticks sum over

  double bars_span = 20;      ///< EWMA span of E[T] (and of P), in bars that closed by their rule
  double events_span = 1000;  ///< EWMA span of E[b * w], E[w | side], in events
  /// E[|b * w|] of the first bar: a share of events, lots or currency. 0: measured over the day's first `size` events,
  /// before which no bar closes.
  double first_imbalance = 0;
  double least_events = 0, most_events = 0;  ///< E[T] is kept between them; 0: a tenth, and ten times, of `size`

  static std::span<const Field> fields();
  /// Canonical text: kind, size and price, and the others where they are not at their defaults.
  std::string text() const;
};

/// Hours of trading by the receiver's clock: [open_ns, close_ns) UTC, and the instrument's wall clock.
struct SessionTimes {
  int64_t open_ns = 0, close_ns = 0;
  int64_t utc_offset_ns = 0;                                      ///< wall clock minus UTC
  int64_t offset_change_ns = INT64_MAX, utc_offset_after_ns = 0;  ///< where clocks change within the day
  bool whole_day = false;  ///< a trading day without a calendar: bars are not cut at its ends

  static SessionTimes of_day(Day day) { return {day.start_ns(), day.start_ns() + kDay, 0, INT64_MAX, 0, true}; }
};

}  // namespace tf::market
