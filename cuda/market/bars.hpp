// Bars from ticks. One body for a whole day and for a stream of single ticks: ticks are unfolded to events a piece at a
// time, the bar's end is found among them, and what lies before it is summed; all sums are exact, so that the size of a
// piece decides nothing.
#pragma once
#include <cstdint>
#include <span>
#include <vector>

#include "cuda/base/market.hpp"
#include "cuda/base/time.hpp"
#include "cuda/market/bar_events.hpp"
#include "cuda/market/bar_rule.hpp"
#include "cuda/market/bar_spec.hpp"
#include "cuda/market/bar_table.hpp"

namespace tf::market {

/// An event belongs to the bar of its local_ts (running maximum), so that a bar holds nothing its observer had not
/// received; a UTC midnight ends a time bar of any size that starts there, a session's boundary ends any bar. Volume is
/// the number of quotes until the first trade of a trading day. Sums are exact while a bar's lots, and its lots times
/// the ticks its price moved, stay below 2^53 and 2^63.
class BarBuilder {
 public:
  /// Throws Error{config} for a spec that is none of the above.
  BarBuilder(const BarSpec& spec, const Instrument& instrument);
  /// Names the trading day that follows, with its sessions in order (without: the UTC day of that date, cutting
  /// nothing); without this call a day is named by the UTC date of its first tick. A time between sessions belongs to
  /// the one before it, times before the first to the first.
  void begin_day(Day day) { begin_day(day, SessionTimes::of_day(day)); }
  void begin_day(Day day, const SessionTimes& session) { begin_day(day, {&session, 1}); }
  void begin_day(Day day, std::span<const SessionTimes> sessions);
  /// Takes ticks in order; appends every bar they close. `ticks_out` may be nullptr.
  void push(const TickSpan& ticks, BarTable& bars, TickTable* ticks_out);
  /// The clock reached `now_ns` without a tick: closes a bar whose boundary lies at or before it.
  void advance_clock(int64_t now_ns, BarTable& bars);
  /// The trading day is over: closes the open bar, forgets everything but what was counted.
  void end_day(BarTable& bars);
  /// The latest local_ts of the running day; INT64_MIN before its first tick.
  int64_t local_ts() const { return local_; }

 private:
  enum class Kind { time, tick, volume, dollar, rule };

  void count(const BarEvents& events, BarTable& bars);
  void open(const BarEvents& events, int64_t at);
  int64_t find_end(const BarEvents& events, int64_t first, int64_t end);
  void add(const BarEvents& events, int64_t first, int64_t end);
  void close(int64_t known_ts, BarTable& bars);
  int64_t boundary_after(int64_t at) const;
  std::size_t session_at(int64_t local_ns) const;

  BarSpec spec_;
  Kind kind_ = Kind::time;
  bool by_trade_ = false;
  int64_t size_ns_ = 0, whole_size_ = 0;  ///< of time bars; events or lots that fill a bar
  double currency_per_tick_lot_ = 1;
  EventUnfolder unfolder_;
  BarRule rule_;
  std::vector<SessionTimes> sessions_;

  bool open_bar_ = false, has_trades_ = false, has_day_ = false;
  int64_t open_ = 0, high_ = 0, low_ = 0, close_ = 0;  ///< in the events' unit: ticks, or half ticks of a mid
  int64_t volume_ = 0, buy_ = 0, sell_ = 0, traded_ = 0, events_ = 0;
  int64_t base_ = 0;    ///< near the bar's prices, in ticks
  uint64_t moved_ = 0;  ///< sum of (px - base) * lots of trades
  double dollars_ = 0;
  double bid_ = 0, ask_ = 0;  ///< after the bar's last event
  int64_t open_ts_ = 0, local_ = 0, boundary_ = 0, closed_until_ = 0, used_ = 0;
  std::size_t session_ = 0;  ///< of the open bar
  Day day_{};
};

}  // namespace tf::market
