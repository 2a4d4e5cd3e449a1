// Bars from ticks: time, tick, volume, dollar. One body for a whole day and for a stream of single ticks.
#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "cuda/base/fields.hpp"
#include "cuda/base/market.hpp"
#include "cuda/base/time.hpp"
#include "cuda/market/touch.hpp"
#include "cuda/series/columns.hpp"

namespace tf::market {

/// Which bars. A bar is closed by time (kind time: at each multiple of size_s seconds since midnight UTC), after `size`
/// events (tick), lots (volume) or lots * price (dollar, in currency), and always at the end of a trading day.
struct BarSpec {
  std::string kind = "time";
  double size = 60;           ///< seconds | events | lots | currency
  std::string price = "mid";  ///< "mid" of the touch or "trade"
  static std::span<const Field> fields();
};

/// Closed bars as columns. known_ts is when a live observer has the bar: its boundary for time bars, the local_ts of
/// the closing event for others, the local_ts of the day's last event for the last bar of a day.
struct BarTable {
  std::vector<double> column[series::kBarColumns];
  std::vector<int64_t> open_ts, known_ts;  ///< exch_ts of the first event; knowledge time
  std::vector<int64_t> tick_end;  ///< events used so far (all days of this table), i.e. where the bar's ticks end
  std::vector<int32_t> day;       ///< Day::days of the bar
  int64_t rows() const { return static_cast<int64_t>(known_ts.size()); }
  series::BarRows view(int64_t first, int64_t count) const;
};

/// Per-event columns of the ticks that went into bars (only filled when asked for): TickColumn order.
struct TickTable {
  std::vector<double> column[series::kTickColumns];
  int64_t rows() const { return static_cast<int64_t>(column[0].size()); }
  series::TickRows view(int64_t first, int64_t count) const;
};

/// Builds bars tick by tick. An event is a trade, or the last row (kFlagLast) of a group that moved the touch. With
/// price = "mid" events count once both sides of the touch are known; with price = "trade" only trades count. An event
/// belongs to the bar of its local_ts (running maximum), so that a bar holds nothing its observer had not received; a
/// UTC midnight ends a time bar of any size. Volume is the number of quotes until the first trade of a trading day.
class BarBuilder {
 public:
  /// Throws Error{config} for a spec that is none of the above.
  BarBuilder(const BarSpec& spec, const Instrument& instrument);
  /// Names the trading day that follows; without it a day is named by the UTC date of its first tick.
  void begin_day(Day day);
  /// Takes ticks in order; appends every bar they close. `ticks_out` may be nullptr.
  void push(const TickSpan& ticks, BarTable& bars, TickTable* ticks_out);
  /// The clock reached `now_ns` without a tick: closes a time bar that ends at or before it.
  void advance_clock(int64_t now_ns, BarTable& bars);
  /// The trading day is over: closes the open bar, forgets the touch.
  void end_day(BarTable& bars);

 private:
  enum class Kind { time, tick, volume, dollar };
  void take(const Tick& tick, BarTable& bars, TickTable* ticks_out);
  void count(const Tick& tick, BarTable& bars);
  void close(int64_t known_ts, BarTable& bars);

  Kind kind_ = Kind::time;
  bool by_trade_ = false;
  double size_ = 0;
  int64_t size_ns_ = 0;
  double currency_per_tick_lot_ = 1;

  Touch touch_;
  bool touch_moved_ = false;  ///< since the last event
  bool open_bar_ = false, has_trades_ = false, has_day_ = false;
  double open_ = 0, high_ = 0, low_ = 0, close_ = 0, volume_ = 0, buy_ = 0, sell_ = 0, events_ = 0, dollars_ = 0;
  double bid_ = 0, ask_ = 0;  ///< after the bar's last event
  int64_t open_ts_ = 0, local_ = 0, boundary_ = 0, used_ = 0;
  int32_t day_ = 0;
};

}  // namespace tf::market
