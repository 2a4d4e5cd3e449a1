#include "cuda/market/bars.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "cuda/base/error.hpp"

namespace tf::market {

using series::BarColumn;
using series::TickColumn;

namespace {
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr int64_t kMin = std::numeric_limits<int64_t>::min();
}  // namespace

std::span<const Field> BarSpec::fields() {
  using P = BarSpec;
  static const Field table[] = {TF_TEXT_FIELD(P, kind, "time|tick|volume|dollar", "what closes a bar"),
                                TF_FIELD(P, size, 1e-9, 1e15, "s|events|lots|currency", "size of a bar"),
                                TF_TEXT_FIELD(P, price, "mid|trade", "the bar's price")};
  return table;
}

series::BarRows BarTable::view(int64_t first, int64_t count) const {
  series::BarRows rows;
  for (int at = 0; at < series::kBarColumns; ++at) rows.column[at] = column[at].data() + first;
  rows.rows = count;
  return rows;
}

series::TickRows TickTable::view(int64_t first, int64_t count) const {
  series::TickRows rows;
  for (int at = 0; at < series::kTickColumns; ++at) rows.column[at] = column[at].data() + first;
  rows.rows = count;
  return rows;
}

BarBuilder::BarBuilder(const BarSpec& spec, const Instrument& instrument) : size_(spec.size) {
  local_ = boundary_ = kMin;
  const auto refuse = [](const std::string& what) { throw Error(ErrorKind::config, "bars: " + what); };
  if (spec.kind == "time")
    kind_ = Kind::time;
  else if (spec.kind == "tick")
    kind_ = Kind::tick;
  else if (spec.kind == "volume")
    kind_ = Kind::volume;
  else if (spec.kind == "dollar")
    kind_ = Kind::dollar;
  else
    refuse("kind \"" + spec.kind + "\": expected one of time, tick, volume, dollar");
  if (spec.price != "mid" && spec.price != "trade") refuse("price \"" + spec.price + "\": expected mid or trade");
  by_trade_ = spec.price == "trade";
  if (!(size_ > 0)) refuse("size must be above 0");
  if (kind_ == Kind::time) {
    if (size_ > 86400) refuse("size of time bars is at most 86400 seconds");
    size_ns_ = std::max<int64_t>(1, std::llround(size_ * 1e9));
  }
  currency_per_tick_lot_ = instrument.tick_size * instrument.lot_size * instrument.multiplier;
}

void BarBuilder::begin_day(Day day) {
  day_ = day.days;
  has_day_ = true;
}

void BarBuilder::push(const TickSpan& ticks, BarTable& bars, TickTable* ticks_out) {
  for (std::size_t row = 0; row < ticks.size(); ++row) take(ticks[row], bars, ticks_out);
}

void BarBuilder::take(const Tick& tick, BarTable& bars, TickTable* ticks_out) {
  if (!has_day_) begin_day(day_of(tick.local_ts));
  local_ = std::max(local_, tick.local_ts);
  advance_clock(local_, bars);

  const TickKind kind = tick.kind();
  const bool trade = kind == TickKind::trade;
  touch_.apply(tick);
  touch_moved_ |= kind == TickKind::best_bid || kind == TickKind::best_ask;
  const bool quote = touch_moved_ && (tick.flags & kFlagLast) && !trade;
  if (tick.flags & kFlagLast) touch_moved_ = false;
  if (by_trade_ ? !trade : !((trade || quote) && touch_.ready())) return;

  if (ticks_out) {
    const double lots = static_cast<double>(tick.qty), nothing = touch_.ready() ? 0 : kNan;
    const double sign = !trade ? 0 : (tick.flags & kFlagBuy) ? 1 : (tick.flags & kFlagSell) ? -1 : 0;
    const auto put = [&](TickColumn column, double value) {
      ticks_out->column[static_cast<int>(column)].push_back(value);
    };
    put(TickColumn::bid, touch_.bid + nothing);
    put(TickColumn::ask, touch_.ask + nothing);
    put(TickColumn::bid_size, touch_.bid_size + nothing);
    put(TickColumn::ask_size, touch_.ask_size + nothing);
    put(TickColumn::signed_size, sign * lots);
    put(TickColumn::trade_px, trade ? static_cast<double>(tick.px) : 0);
  }
  count(tick, bars);
}

void BarBuilder::count(const Tick& tick, BarTable& bars) {
  const bool trade = tick.kind() == TickKind::trade;
  const double price = by_trade_ ? static_cast<double>(tick.px) : touch_.mid();
  if (!open_bar_) {
    open_bar_ = true;
    open_ = high_ = low_ = price;
    volume_ = buy_ = sell_ = events_ = dollars_ = 0;
    open_ts_ = tick.exch_ts;
    if (kind_ == Kind::time) {
      // Multiples of the size since midnight UTC; the next midnight starts anew. A bar that the clock has closed stays
      // closed.
      const int64_t at = std::max(local_, boundary_), midnight = day_of(at).start_ns();
      boundary_ = std::min(midnight + ((at - midnight) / size_ns_ + 1) * size_ns_, midnight + kDay);
    }
  }
  if (trade && !has_trades_) {
    has_trades_ = true;  // the feed has trades after all: quotes no longer stand for volume
    volume_ = dollars_ = 0;
  }
  const double lots = trade ? static_cast<double>(tick.qty) : has_trades_ ? 0 : 1;
  high_ = std::max(high_, price);
  low_ = std::min(low_, price);
  close_ = price;
  bid_ = touch_.has_bid ? touch_.bid : kNan;
  ask_ = touch_.has_ask ? touch_.ask : kNan;
  volume_ += lots;
  if (trade && (tick.flags & kFlagBuy)) buy_ += lots;
  if (trade && (tick.flags & kFlagSell)) sell_ += lots;
  dollars_ += lots * (trade ? static_cast<double>(tick.px) : price) * currency_per_tick_lot_;
  events_ += 1;
  ++used_;

  const double filled = kind_ == Kind::tick ? events_ : kind_ == Kind::volume ? volume_ : dollars_;
  if (kind_ != Kind::time && filled >= size_) close(local_, bars);
}

void BarBuilder::advance_clock(int64_t now_ns, BarTable& bars) {
  if (kind_ == Kind::time && open_bar_ && now_ns >= boundary_) close(boundary_, bars);
}

void BarBuilder::end_day(BarTable& bars) {
  if (open_bar_) close(local_, bars);
  touch_ = {};
  touch_moved_ = has_trades_ = has_day_ = false;
  local_ = boundary_ = kMin;
}

void BarBuilder::close(int64_t known_ts, BarTable& bars) {
  const auto put = [&](BarColumn column, double value) { bars.column[static_cast<int>(column)].push_back(value); };
  put(BarColumn::open, open_);
  put(BarColumn::high, high_);
  put(BarColumn::low, low_);
  put(BarColumn::close, close_);
  put(BarColumn::volume, volume_);
  put(BarColumn::buy_volume, buy_);
  put(BarColumn::sell_volume, sell_);
  put(BarColumn::ticks, events_);
  put(BarColumn::bid, bid_);
  put(BarColumn::ask, ask_);
  bars.open_ts.push_back(open_ts_);
  bars.known_ts.push_back(known_ts);
  bars.tick_end.push_back(used_);
  bars.day.push_back(day_);
  open_bar_ = false;
}

}  // namespace tf::market
