#include "cuda/market/bar_events.hpp"

#include <algorithm>
#include <limits>

#include "cuda/base/error.hpp"
#include "cuda/base/time.hpp"
#include "cuda/market/bar_kernels.hpp"

namespace tf::market {

using series::TickColumn;

namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr uint32_t kDepthColumns = tick_bit(TickColumn::bid_depth) | tick_bit(TickColumn::ask_depth) |
                                   tick_bit(TickColumn::bid_depth_px) | tick_bit(TickColumn::ask_depth_px) |
                                   tick_bit(TickColumn::added_size) | tick_bit(TickColumn::cancelled_size);

}  // namespace

BarEvents EventUnfolder::of_plain_trades(const TickSpan& ticks) const {
  BarEvents events;
  events.local = ticks.local_ts.data();
  events.exch = ticks.exch_ts.data();
  events.px = events.price = ticks.px.data();
  events.lots = ticks.qty.data();
  events.flags = ticks.flags.data();
  events.still_bid = touch_.has_bid ? touch_.bid : kNan;
  events.still_ask = touch_.has_ask ? touch_.ask : kNan;
  events.rows = static_cast<int64_t>(ticks.size());
  events.only_trades = true;
  return events;
}

BarEvents EventUnfolder::unfold(const TickSpan& ticks, int64_t& local, TickTable* ticks_out) {
  expect(ticks.size() <= kPiece, "ticks are unfolded a piece at a time");
  const auto rows = static_cast<int64_t>(ticks.size());
  const bool writes = ticks_out && ticks_out->wanted;
  // Trades alone need no unfolding: their columns are the events'.
  if (by_trade_ && !writes && bar_kernels().plain_trades(ticks.flags.data(), ticks.local_ts.data(), local, rows)) {
    local = ticks.local_ts.back();
    touch_moved_ = false;
    return of_plain_trades(ticks);
  }

  if (local_.empty()) {
    for (auto* column : {&local_, &exch_, &px_, &lots_, &price_}) column->resize(kPiece);
    flags_.resize(kPiece);
    bid_.resize(kPiece);
    ask_.resize(kPiece);
  }
  int64_t first_out = 0;
  if (writes) {
    first_out = ticks_out->count;
    for (int column = 0; column < series::kTickColumns; ++column)
      if (ticks_out->wants(static_cast<TickColumn>(column)))
        ticks_out->column[column].resize(static_cast<std::size_t>(first_out + rows));
  }
  const bool depth = writes && (ticks_out->wanted & kDepthColumns);
  int64_t count = 0;
  for (std::size_t row = 0; row < ticks.size(); ++row) {
    const uint32_t flags = ticks.flags[row];
    const auto kind = static_cast<TickKind>(flags & kKindMask);
    local = std::max(local, ticks.local_ts[row]);
    const bool trade = kind == TickKind::trade;
    touch_.apply(flags, ticks.px[row], ticks.qty[row]);
    if (depth) book_.apply(ticks[row]);
    touch_moved_ |= kind == TickKind::best_bid || kind == TickKind::best_ask;
    const bool last = (flags & kFlagLast) != 0, quote = touch_moved_ && last && !trade;
    if (last) touch_moved_ = false;
    if (by_trade_ ? !trade : !((trade || quote) && touch_.ready())) continue;

    local_[count] = local;
    exch_[count] = ticks.exch_ts[row];
    px_[count] = ticks.px[row];
    lots_[count] = trade ? ticks.qty[row] : 0;
    flags_[count] = flags;
    price_[count] = by_trade_ ? ticks.px[row] : static_cast<int64_t>(touch_.bid) + static_cast<int64_t>(touch_.ask);
    bid_[count] = touch_.has_bid ? touch_.bid : kNan;
    ask_[count] = touch_.has_ask ? touch_.ask : kNan;
    if (writes) put(ticks[row], local, first_out + count, *ticks_out);
    ++count;
  }
  if (writes) {
    ticks_out->count = first_out + count;
    for (int column = 0; column < series::kTickColumns; ++column)
      if (ticks_out->wants(static_cast<TickColumn>(column)))
        ticks_out->column[column].resize(static_cast<std::size_t>(ticks_out->count));
  }
  BarEvents events;
  events.local = local_.data();
  events.exch = exch_.data();
  events.px = px_.data();
  events.lots = lots_.data();
  events.flags = flags_.data();
  events.price = price_.data();
  events.bid = bid_.data();
  events.ask = ask_.data();
  events.rows = count;
  return events;
}

void EventUnfolder::put(const Tick& tick, int64_t local, int64_t row, TickTable& table) {
  const bool trade = tick.kind() == TickKind::trade;
  const double nothing = touch_.ready() ? 0 : kNan;
  const double sign = !trade ? 0 : (tick.flags & kFlagBuy) ? 1 : (tick.flags & kFlagSell) ? -1 : 0;
  const auto set = [&](TickColumn column, double value) {
    if (table.wants(column)) table.column[static_cast<int>(column)][static_cast<std::size_t>(row)] = value;
  };
  set(TickColumn::bid, touch_.bid + nothing);
  set(TickColumn::ask, touch_.ask + nothing);
  set(TickColumn::bid_size, touch_.bid_size + nothing);
  set(TickColumn::ask_size, touch_.ask_size + nothing);
  set(TickColumn::signed_size, sign * static_cast<double>(tick.qty));
  set(TickColumn::trade_px, trade ? static_cast<double>(tick.px) : 0);
  set(TickColumn::trade_size, trade ? static_cast<double>(tick.qty) : 0);
  if ((table.wanted & ~TickTable::kTouchColumns) == 0) return;

  if (!midnight_ns_) midnight_ns_ = day_of(local).start_ns();
  set(TickColumn::time_ns, static_cast<double>(local - *midnight_ns_));
  if (table.wants(TickColumn::reference_mid)) {
    set(TickColumn::reference_mid, kNan);
    table.local_ts.push_back(local);
  }
  if ((table.wanted & kDepthColumns) == 0) return;
  const DepthBook::Depth bid = book_.bid(), ask = book_.ask();
  const DepthBook::Flow flow = book_.take_flow();
  set(TickColumn::bid_depth, bid.lots);
  set(TickColumn::ask_depth, ask.lots);
  set(TickColumn::bid_depth_px, bid.px);
  set(TickColumn::ask_depth_px, ask.px);
  set(TickColumn::added_size, static_cast<double>(flow.added));
  set(TickColumn::cancelled_size, static_cast<double>(flow.cancelled));
}

void EventUnfolder::reset() {
  touch_ = {};
  touch_moved_ = false;
  midnight_ns_.reset();
  book_.reset();
}

}  // namespace tf::market
