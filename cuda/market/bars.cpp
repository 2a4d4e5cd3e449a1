#include "cuda/market/bars.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "cuda/base/error.hpp"
#include "cuda/market/bar_kernels.hpp"

namespace tf::market {

using series::BarColumn;

namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr int64_t kMin = std::numeric_limits<int64_t>::min();
constexpr int64_t kMax = std::numeric_limits<int64_t>::max();

int64_t floor_div(int64_t value, int64_t by) { return value / by - (value % by < 0); }

/// The first row of [first, end) whose time is at or after `wanted`: in steps that double, since bars are short.
int64_t first_at(const int64_t* time, int64_t first, int64_t end, int64_t wanted) {
  int64_t step = 16, from = first;
  while (from + step < end && time[from + step] < wanted) {
    from += step;
    step *= 2;
  }
  return std::lower_bound(time + from, time + std::min(end, from + step + 1), wanted) - time;
}

}  // namespace

BarBuilder::BarBuilder(const BarSpec& spec, const Instrument& instrument)
    : spec_(spec),
      by_trade_(spec.price == "trade"),
      currency_per_tick_lot_(instrument.tick_size * instrument.lot_size * instrument.multiplier),
      unfolder_(by_trade_, spec.depth_levels),
      rule_(spec, currency_per_tick_lot_) {
  const auto refuse = [](const std::string& what) { throw Error(ErrorKind::config, "bars: " + what); };
  const auto choose = [&](const char* name, const std::string& value) {
    const Field* field = nullptr;
    for (const Field& candidate : BarSpec::fields())
      if (std::string(candidate.name) == name) field = &candidate;
    std::string choices = field->choices, list;
    if (("|" + choices + "|").find("|" + value + "|") != std::string::npos && !value.empty()) return;
    for (const char c : choices) list += c == '|' ? std::string(", ") : std::string(1, c);
    refuse(std::string(name) + " \"" + value + "\": expected one of " + list);
  };
  choose("kind", spec.kind);
  choose("price", spec.price);
  choose("anchor", spec.anchor);
  kind_ = spec.kind == "time"     ? Kind::time
          : spec.kind == "tick"   ? Kind::tick
          : spec.kind == "volume" ? Kind::volume
          : spec.kind == "dollar" ? Kind::dollar
                                  : Kind::rule;
  if (!(spec.size > 0)) refuse("size must be above 0");
  if (spec.depth_levels < 1) refuse("depth_levels must be at least 1");
  if (!(spec.bars_span >= 1 && spec.events_span >= 1)) refuse("bars_span and events_span must be at least 1");
  if (kind_ == Kind::time) {
    if (spec.size > 86400) refuse("size of time bars is at most 86400 seconds");
    size_ns_ = std::max<int64_t>(1, std::llround(spec.size * 1e9));
  } else {
    whole_size_ = std::max<int64_t>(1, static_cast<int64_t>(std::ceil(std::min(spec.size, 9e18))));
  }
  local_ = closed_until_ = kMin;
}

void BarBuilder::begin_day(Day day, std::span<const SessionTimes> sessions) {
  expect(!sessions.empty(), "a trading day has a session");
  day_ = day;
  sessions_.assign(sessions.begin(), sessions.end());
  has_day_ = true;
}

void BarBuilder::push(const TickSpan& ticks, BarTable& bars, TickTable* ticks_out) {
  if (ticks.size() == 0) return;
  if (!has_day_) begin_day(day_of(ticks.local_ts[0]));
  for (std::size_t at = 0; at < ticks.size(); at += EventUnfolder::kPiece) {
    count(unfolder_.unfold(ticks.part(at, std::min(EventUnfolder::kPiece, ticks.size() - at)), local_, ticks_out),
          bars);
    advance_clock(local_, bars);
  }
}

void BarBuilder::count(const BarEvents& events, BarTable& bars) {
  for (int64_t first = 0; first < events.rows;) {
    if (open_bar_ && events.local[first] >= boundary_) close(boundary_, bars);
    if (!open_bar_) open(events, first);
    int64_t end = first + 1;
    if (events.local[events.rows - 1] < boundary_)
      end = events.rows;
    else
      end = std::max(end, first_at(events.local, first, events.rows, boundary_));
    if (!has_trades_ && !events.only_trades) {
      // The feed may have trades after all: from the first one on quotes no longer stand for volume.
      int64_t trade = first;
      while (trade < end && !events.is_trade(trade)) ++trade;
      if (trade > first) end = trade;
    }
    if (!has_trades_ && events.is_trade(first)) {
      has_trades_ = true;
      volume_ = 0;
      dollars_ = 0;
    }
    const int64_t closing = find_end(events, first, end), stop = std::min(closing + 1, end);
    add(events, first, stop);
    if (closing < end) close(events.local[closing], bars);
    first = stop;
  }
}

void BarBuilder::open(const BarEvents& events, int64_t at) {
  open_bar_ = true;
  open_ = high_ = low_ = events.price[at];
  base_ = by_trade_ ? open_ : open_ / 2;
  volume_ = buy_ = sell_ = traded_ = events_ = 0;
  moved_ = 0;
  dollars_ = 0;
  open_ts_ = events.exch[at];
  // A bar that the clock has closed stays closed.
  const int64_t now = std::max(events.local[at], closed_until_);
  session_ = session_at(now);
  boundary_ = boundary_after(now);
}

std::size_t BarBuilder::session_at(int64_t local_ns) const {
  std::size_t session = 0;
  while (session + 1 < sessions_.size() && sessions_[session + 1].open_ns <= local_ns) ++session;
  return session;
}

int64_t BarBuilder::boundary_after(int64_t at) const {
  int64_t boundary = kMax;
  if (kind_ == Kind::time && spec_.anchor == "utc") {
    // Multiples of the size since midnight UTC; the next midnight starts anew.
    const int64_t midnight = day_of(at).start_ns();
    boundary = std::min(midnight + ((at - midnight) / size_ns_ + 1) * size_ns_, midnight + kDay);
  } else if (kind_ == Kind::time) {
    const int64_t open_ns = sessions_[session_].open_ns;
    boundary = open_ns + (floor_div(at - open_ns, size_ns_) + 1) * size_ns_;
  }
  for (const SessionTimes& session : sessions_) {
    if (session.whole_day) continue;
    for (const int64_t edge : {session.open_ns, session.close_ns})
      if (edge > at) boundary = std::min(boundary, edge);
  }
  return boundary;
}

/// The event that fills the bar, or `end`. Up to `end` either all events are quotes that stand for volume, or none is.
int64_t BarBuilder::find_end(const BarEvents& events, int64_t first, int64_t end) {
  const int64_t rows = end - first;
  const auto after = [&](int64_t left) { return left <= rows ? first + std::max<int64_t>(left, 1) - 1 : end; };
  switch (kind_) {
    case Kind::time:
      return end;
    case Kind::tick:
      return after(whole_size_ - events_);
    case Kind::volume:
      if (!has_trades_) return after(whole_size_ - volume_);
      return first + bar_kernels().reach(events.lots + first, rows, whole_size_ - volume_);
    case Kind::dollar:
      if (has_trades_)
        return first + bar_kernels().reach_money(events.lots + first, events.px + first, rows, currency_per_tick_lot_,
                                                 spec_.size, dollars_);
      for (int64_t at = first; at < end; ++at) {
        dollars_ += 0.5 * static_cast<double>(events.price[at]) * currency_per_tick_lot_;
        if (dollars_ >= spec_.size) return at;
      }
      return end;
    case Kind::rule:
      return rule_.find(events, first, end);
  }
  return end;
}

void BarBuilder::add(const BarEvents& events, int64_t first, int64_t end) {
  const int64_t rows = end - first, last = end - 1;
  const RunSums run = bar_kernels().sum_run(events.price + first, events.px + first, events.lots + first,
                                            events.flags + first, base_, rows);
  high_ = std::max(high_, run.high);
  low_ = std::min(low_, run.low);
  close_ = events.price[last];
  volume_ += has_trades_ ? run.lots : rows;
  traded_ += run.lots;
  buy_ += run.bought;
  sell_ += run.sold;
  moved_ += run.moved;
  events_ += rows;
  used_ += rows;
  bid_ = events.bid ? events.bid[last] : events.still_bid;
  ask_ = events.ask ? events.ask[last] : events.still_ask;
}

void BarBuilder::advance_clock(int64_t now_ns, BarTable& bars) {
  if (open_bar_ && now_ns >= boundary_) close(boundary_, bars);
}

void BarBuilder::end_day(BarTable& bars) {
  if (open_bar_) close(local_, bars);
  unfolder_.reset();
  rule_ = BarRule(spec_, currency_per_tick_lot_);
  sessions_.clear();
  has_trades_ = has_day_ = false;
  local_ = closed_until_ = kMin;
}

void BarBuilder::close(int64_t known_ts, BarTable& bars) {
  if (known_ts == boundary_) {
    closed_until_ = boundary_;
    rule_.cut();
  }
  const double scale = by_trade_ ? 1 : 0.5;
  const auto put = [&](BarColumn column, double value) { bars.column[static_cast<int>(column)].push_back(value); };
  const double last = scale * static_cast<double>(close_);
  put(BarColumn::open, scale * static_cast<double>(open_));
  put(BarColumn::high, scale * static_cast<double>(high_));
  put(BarColumn::low, scale * static_cast<double>(low_));
  put(BarColumn::close, last);
  put(BarColumn::volume, static_cast<double>(volume_));
  put(BarColumn::buy_volume, static_cast<double>(buy_));
  put(BarColumn::sell_volume, static_cast<double>(sell_));
  put(BarColumn::ticks, static_cast<double>(events_));
  put(BarColumn::bid, bid_);
  put(BarColumn::ask, ask_);
  put(BarColumn::vwap, traded_ > 0 ? static_cast<double>(base_) + static_cast<double>(static_cast<int64_t>(moved_)) /
                                                                      static_cast<double>(traded_)
                                   : last);
  const SessionTimes& session = sessions_[session_];
  const int64_t wall =
      known_ts + (known_ts < session.offset_change_ns ? session.utc_offset_ns : session.utc_offset_after_ns);
  put(BarColumn::clock_ns, static_cast<double>(wall - day_of(wall).start_ns()));
  put(BarColumn::since_open_ns, static_cast<double>(known_ts - session.open_ns));
  put(BarColumn::to_close_ns, static_cast<double>(session.close_ns - known_ts));
  put(BarColumn::weekday, static_cast<double>(((day_.days + 3) % 7 + 7) % 7));  // 1970-01-01 was a Thursday
  put(BarColumn::reference, kNan);
  bars.open_ts.push_back(open_ts_);
  bars.known_ts.push_back(known_ts);
  bars.tick_end.push_back(used_);
  bars.day.push_back(day_.days);
  open_bar_ = false;
}

}  // namespace tf::market
