// Bars from ticks: time, tick, volume, dollar. One body for a whole day and for a stream of single ticks.
#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "cuda/base/fields.hpp"
#include "cuda/base/market.hpp"
#include "cuda/series/columns.hpp"

namespace tf::market {

/// Which bars. A bar is closed by time (kind time: at each multiple of size_s seconds since midnight UTC), after `size` events
/// (tick), lots (volume) or lots * price (dollar, in currency), and always at the end of a trading day.
struct BarSpec {
  std::string kind = "time";
  double size = 60;            ///< seconds | events | lots | currency
  std::string price = "mid";   ///< "mid" of the touch or "trade"
  static std::span<const Field> fields();
};

/// Best bid and ask after each tick, and what the tick itself was. Both sides known is a condition for every bar.
struct Touch {
  double bid = 0, ask = 0, bid_size = 0, ask_size = 0;
  bool has_bid = false, has_ask = false;
  bool ready() const { return has_bid && has_ask; }
  double mid() const { return 0.5 * (bid + ask); }
  void apply(const Tick& tick);  ///< best_bid, best_ask, clear; other kinds change nothing
};

/// Closed bars as columns. known_ts is when a live observer has the bar: its boundary for time bars, the local_ts of
/// the closing event for others, the local_ts of the day's last event for the last bar of a day.
struct BarTable {
  std::vector<double> column[series::kBarColumns];
  std::vector<int64_t> open_ts, known_ts;  ///< exch_ts of the first event; knowledge time
  std::vector<int64_t> tick_end;           ///< events used so far (all days of this table), i.e. where the bar's ticks end
  std::vector<int32_t> day;                ///< Day::days of the bar
  int64_t rows() const { return static_cast<int64_t>(known_ts.size()); }
  series::BarRows view(int64_t first, int64_t count) const;
};

/// Per-event columns of the ticks that went into bars (only filled when asked for): TickColumn order.
struct TickTable {
  std::vector<double> column[series::kTickColumns];
  int64_t rows() const { return static_cast<int64_t>(column[0].size()); }
  series::TickRows view(int64_t first, int64_t count) const;
};

/// Builds bars tick by tick. Only events with both sides of the touch known, or trades when price = "trade", take part.
class BarBuilder {
 public:
  BarBuilder(const BarSpec& spec, const Instrument& instrument);
  /// Takes ticks in order; appends every bar they close. `ticks_out` may be nullptr.
  void push(const TickSpan& ticks, BarTable& bars, TickTable* ticks_out);
  /// The clock reached `now_ns` without a tick: closes a time bar that ends at or before it.
  void advance_clock(int64_t now_ns, BarTable& bars);
  /// The trading day is over: closes the open bar, forgets the touch.
  void end_day(BarTable& bars);

 private:
  BarSpec spec_;
  double currency_per_tick_lot_ = 1;
  Touch touch_;
  double open_ = 0, high_ = 0, low_ = 0, close_ = 0, volume_ = 0, buy_ = 0, sell_ = 0, events_ = 0, dollars_ = 0;
  int64_t open_ts_ = 0, last_local_ = 0, boundary_ = 0, used_ = 0;
  int32_t day_ = 0;
};

}  // namespace tf::market
