#include "data/sources/parse/dbn_ticks.hpp"

#include <algorithm>

#include "cuda/base/time.hpp"
#include "data/sources/parse/time_column.hpp"

namespace tf::data::dbn {
namespace {

constexpr std::size_t kMostOrders = std::size_t{1} << 22;  // in a book; no venue comes near
constexpr double kToWhole = 6755399441055744.0;            // 1.5 * 2^52: adding it rounds |x| < 2^51 to a whole number

constexpr uint32_t side_flag(char side) { return side == 'B' ? kFlagBuy : side == 'A' ? kFlagSell : 0; }

// Of a status action, where the record does not say itself whether there is trading: 2 trading, 1 quoting, 0 halted.
int state_of(uint16_t action) {
  switch (action) {
    case 7:  // trading
      return 2;
    case 1:   // pre-open
    case 2:   // pre-cross
    case 3:   // quoting
    case 4:   // cross
    case 5:   // rotation
    case 6:   // new price indication
    case 11:  // pre-close
      return 1;
    case 8:   // halt
    case 9:   // pause
    case 10:  // suspend
    case 12:  // close
    case 13:  // post-close
    case 15:  // not available for trading
      return 0;
    default:
      return -1;
  }
}

}  // namespace

TickMaker::TickMaker(const TickSettings& settings)
    : settings_(settings), price_grid_(settings.tick_size, 1), size_grid_(settings.lot_size, 1) {
  const Decimal tick = shortest_decimal(settings.tick_size);
  if (tick.exponent >= -9 && tick.exponent <= 0 && tick.mantissa < kPowersOfTen[9]) {
    units_per_tick_ = tick.mantissa * kPowersOfTen[static_cast<std::size_t>(9 + tick.exponent)];
    ticks_per_unit_ = 1.0 / static_cast<double>(units_per_tick_);
  }
  size_is_lots_ = settings.lot_size == 1;
}

void TickMaker::change_instrument() {
  has_top_ = has_ten_ = false;
  void_book_ = true;
  book_.clear();
  touch_.forget();
}

const char* TickMaker::make(const char* record, Tick* out, int& count) {
  out_ = out;
  count_ = 0;
  seen_ = 0;
  const char* reason = nullptr;
  bool last = true;
  const auto type = static_cast<uint8_t>(record[kType]);
  switch (type) {
    case kTrades:
      reason = trades(record);
      break;
    case kMbp1:
    case kCmbp1:
    case kTcbbo:
      reason = top(record, true, false);
      break;
    case kBbo1s:
    case kBbo1m:
    case kCbbo1s:
    case kCbbo1m:
      reason = top(record, false, true);
      break;
    case kMbp10:
      reason = ten(record);
      break;
    case kMbo:
      reason = order(record);
      last = static_cast<uint8_t>(record[kOrderFlags]) & dbn::kLast;
      break;
    case kBar1s:
      reason = bar(record, kSecond);
      break;
    case kBar1m:
      reason = bar(record, kMinute);
      break;
    case kBar1h:
      reason = bar(record, kHour);
      break;
    case kBar1d:
    case kBarEod:
      reason = bar(record, kDay);
      break;
    case kStatus:
      reason = status(record);
      break;
    default:
      reason = "not a tick record: unknown type";
  }
  count = 0;
  if (reason) return reason;
  if (last) out_[count_ - 1].flags |= kFlagLast;
  count = count_;
  return nullptr;
}

const char* TickMaker::times(uint64_t event, uint64_t receive, bool of_snapshot) {
  if (of_snapshot && !settings_.snapshot_event_time && receive != kNoTime) event = receive;
  if (event == kNoTime || receive == kNoTime) {
    if (event == receive) return "no time";
    seen_ |= event == kNoTime ? Seen::kNoEventTime : Seen::kNoReceiveTime;
    event = receive = event == kNoTime ? receive : event;
  }
  if (event > static_cast<uint64_t>(kLatest) || receive > static_cast<uint64_t>(kLatest)) return "time out of range";
  exch_ts_ = static_cast<int64_t>(event);
  local_ts_ = static_cast<int64_t>(receive);
  return nullptr;
}

const char* TickMaker::price(int64_t raw, int64_t& ticks) const {
  if (raw == kNoPrice) return "no price";
  // The quotient rounded to a whole number is proved by multiplying back; what it cannot prove goes the exact way.
  const double quotient = static_cast<double>(raw) * ticks_per_unit_;
  if (quotient < 0x1p50 && quotient > -0x1p50) {
    const int64_t whole = std::bit_cast<int64_t>(quotient + kToWhole) - std::bit_cast<int64_t>(kToWhole);
    if (units_per_tick_ != 0 && whole * units_per_tick_ == raw) {
      ticks = whole;
      return nullptr;
    }
  }
  switch (price_grid_.steps({raw, -9}, ticks)) {
    case GridState::on:
      return nullptr;
    case GridState::off:
      return settings_.round ? nullptr : "price off the tick grid";
    case GridState::out_of_range:
      break;
  }
  return "number out of range";
}

const char* TickMaker::size(uint64_t raw, int64_t& lots) const {
  if (raw > static_cast<uint64_t>(INT64_MAX)) return "number out of range";
  lots = static_cast<int64_t>(raw);
  if (size_is_lots_) return nullptr;
  switch (size_grid_.steps({lots, 0}, lots)) {
    case GridState::on:
      return nullptr;
    case GridState::off:
      return settings_.round ? nullptr : "size off the lot grid";
    case GridState::out_of_range:
      break;
  }
  return "number out of range";
}

void TickMaker::push_plain(TickKind kind, uint32_t flags, int64_t px, int64_t qty, uint64_t order) {
  out_[count_++] = {exch_ts_, local_ts_, px, qty, order, static_cast<uint32_t>(kind) | flags};
}

const char* TickMaker::push(TickKind kind, uint32_t flags, int64_t raw_px, uint64_t raw_qty) {
  int64_t px, qty;
  if (const char* reason = price(raw_px, px)) return reason;
  if (const char* reason = size(raw_qty, qty)) return reason;
  push_plain(kind, flags, px, qty, 0);
  return nullptr;
}

const char* TickMaker::push_best(bool bid, const Side& side, uint32_t flags) {
  if (side.px == kNoPrice) {
    push_plain(TickKind::clear, flags | (bid ? kFlagBuy : kFlagSell), 0, 0, 0);
    return nullptr;
  }
  return push(bid ? TickKind::best_bid : TickKind::best_ask, flags, side.px, side.qty);
}

const char* TickMaker::push_trade(int64_t raw_px, uint32_t raw_qty, char side, bool consolidated) {
  uint32_t flags = side_flag(side);
  if (flags == 0 && settings_.unsided_is_auction && !consolidated) flags = kFlagAuction;
  return push(TickKind::trade, flags, raw_px, raw_qty);
}

const char* TickMaker::trades(const char* record) {
  if (const char* reason = times(load<uint64_t>(record + kEventTime), load<uint64_t>(record + kReceiveTime), false))
    return reason;
  return push_trade(load<int64_t>(record + kPrice), load<uint32_t>(record + kSize), record[kSide], false);
}

const char* TickMaker::top(const char* record, bool trade_in, bool of_interval) {
  const auto marks = static_cast<uint8_t>(record[kFlags]);
  const uint64_t event = load<uint64_t>(record + kEventTime), receive = load<uint64_t>(record + kReceiveTime);
  const bool at_end = of_interval && receive != kNoTime;
  if (const char* reason = times(at_end ? receive : event, receive, false)) return reason;
  if (at_end && event == kNoTime) seen_ |= Seen::kNoEventTime;
  if (marks & dbn::kMaybeBadBook) seen_ |= Seen::kMaybeBadBook;

  const uint32_t flags = marks & dbn::kSnapshot ? kFlagSnapshot : 0;
  const char* const level = record + kLevels;
  const Side bid{load<int64_t>(level), load<uint32_t>(level + kLevelBidSize)},
      ask{load<int64_t>(level + kLevelAsk), load<uint32_t>(level + kLevelAskSize)};
  if (!has_top_ || bid != bid_)
    if (const char* reason = push_best(true, bid, flags)) return reason;
  if (!has_top_ || ask != ask_)
    if (const char* reason = push_best(false, ask, flags)) return reason;
  const char side = record[kSide];
  if (trade_in && record[kAction] == 'T') {
    const bool consolidated = static_cast<uint8_t>(record[kType]) != kMbp1;
    const char* const reason =
        push_trade(load<int64_t>(record + kPrice), load<uint32_t>(record + kSize), side, consolidated);
    if (reason) return reason;
  }
  if (count_ == 0) {
    const bool of_bid = side == 'B' || (side != 'A' && bid.px != kNoPrice);
    if (const char* reason = push_best(of_bid, of_bid ? bid : ask, flags)) return reason;
  }
  has_top_ = true;
  bid_ = bid;
  ask_ = ask;
  return nullptr;
}

// Both lists run from the best price on; what is only in the old one is gone, what is only in the new one came.
const char* TickMaker::ten_side(bool bid, const Ten& old, const Ten& now, uint32_t flags) {
  const TickKind kind = bid ? TickKind::depth_bid : TickKind::depth_ask;
  const auto better = [bid](int64_t one, int64_t other) { return bid ? one > other : one < other; };
  std::size_t old_count = has_ten_ ? old.count : 0;
  if (old_count > 0 && !(old.sorted && now.sorted)) {
    push_plain(TickKind::clear, flags | (bid ? kFlagBuy : kFlagSell), 0, 0, 0);
    old_count = 0;
  }
  for (std::size_t before = 0, after = 0; before < old_count || after < now.count;) {
    const char* reason = nullptr;
    if (after == now.count || (before < old_count && better(old.levels[before].px, now.levels[after].px))) {
      reason = push(kind, flags, old.levels[before++].px, 0);
    } else if (before == old_count || old.levels[before].px != now.levels[after].px) {
      reason = push(kind, flags, now.levels[after].px, now.levels[after].qty);
      ++after;
    } else {
      if (old.levels[before].qty != now.levels[after].qty)
        reason = push(kind, flags, now.levels[after].px, now.levels[after].qty);
      ++before;
      ++after;
    }
    if (reason) return reason;
  }
  return nullptr;
}

const char* TickMaker::ten(const char* record) {
  const auto marks = static_cast<uint8_t>(record[kFlags]);
  if (const char* reason = times(load<uint64_t>(record + kEventTime), load<uint64_t>(record + kReceiveTime), false))
    return reason;
  if (marks & dbn::kMaybeBadBook) seen_ |= Seen::kMaybeBadBook;
  Ten bids, asks;
  for (std::size_t rank = 0; rank < bids.levels.size(); ++rank) {
    const char* const level = record + kLevels + rank * kLevelBytes;
    bids.add(rank, {load<int64_t>(level), load<uint32_t>(level + kLevelBidSize)}, true);
    asks.add(rank, {load<int64_t>(level + kLevelAsk), load<uint32_t>(level + kLevelAskSize)}, false);
  }
  if (!bids.sorted || !asks.sorted) seen_ |= Seen::kUnsorted;

  const bool first = !has_ten_;
  const uint32_t flags = first || marks & dbn::kSnapshot ? kFlagSnapshot : 0;
  if (first) push_plain(TickKind::clear, flags, 0, 0, 0);
  if (const char* reason = ten_side(true, bids_, bids, flags)) return reason;
  if (const char* reason = ten_side(false, asks_, asks, flags)) return reason;
  const Side bid = bids.best(), ask = asks.best();
  if (first ? bids.count > 0 : bid != bids_.best())
    if (const char* reason = push_best(true, bid, flags)) return reason;
  if (first ? asks.count > 0 : ask != asks_.best())
    if (const char* reason = push_best(false, ask, flags)) return reason;
  const char side = record[kSide];
  if (record[kAction] == 'T') {
    const char* const reason = push_trade(load<int64_t>(record + kPrice), load<uint32_t>(record + kSize), side, false);
    if (reason) return reason;
  }
  if (count_ == 0) {
    const bool of_bid = side == 'B' || (side != 'A' && bids.count > 0);
    if (const char* reason = push_best(of_bid, of_bid ? bid : ask, flags)) return reason;
  }
  bids_ = bids;
  asks_ = asks;
  has_ten_ = true;
  return nullptr;
}

const char* TickMaker::order(const char* record) {
  const auto marks = static_cast<uint8_t>(record[kOrderFlags]);
  const bool of_snapshot = marks & dbn::kSnapshot;
  if (const char* reason =
          times(load<uint64_t>(record + kEventTime), load<uint64_t>(record + kOrderReceiveTime), of_snapshot))
    return reason;
  if (marks & dbn::kBadReceiveTime && !of_snapshot) seen_ |= Seen::kBadReceiveTime;
  if (marks & dbn::kMaybeBadBook) seen_ |= Seen::kMaybeBadBook;

  const char action = record[kOrderAction], side = record[kOrderSide];
  const uint32_t flags = of_snapshot ? kFlagSnapshot : 0, side_of = side_flag(side);
  const int64_t raw_px = load<int64_t>(record + kOrderPrice);
  const uint64_t id = load<uint64_t>(record + kOrder);
  int64_t px = 0, qty = 0;
  if (action == 'A' || action == 'C' || action == 'M' || action == 'F') {
    if (side_of == 0) return "order without a side";
    const bool empties = action == 'A' && marks & dbn::kTopOfBook && raw_px == kNoPrice;
    if (const char* reason = empties ? nullptr : price(raw_px, px)) return reason;
    if (const char* reason = size(load<uint32_t>(record + kOrderSize), qty)) return reason;
  }
  if (void_book_ && action != 'R') push_plain(TickKind::clear, flags, 0, 0, 0);
  const bool bid = side == 'B';
  switch (action) {
    case 'A':
      // A feed of tops only: the record is the side's best quote, or says that there is none.
      if (marks & dbn::kTopOfBook) {
        if (const char* reason = push_best(bid, {raw_px, load<uint32_t>(record + kOrderSize)}, flags)) return reason;
        break;
      }
      push_plain(TickKind::order_add, flags | side_of, px, qty, id);
      if (!settings_.touch) break;
      if (book_.size() >= kMostOrders) {
        seen_ |= Seen::kBookFull;
      } else if (!book_.add(id, {px, qty, bid})) {
        seen_ |= Seen::kOrderAgain;
      }
      break;
    case 'M':
      push_plain(TickKind::order_modify, flags | side_of, px, qty, id);
      // As the vendor's own book does: an order that is not there is added.
      if (settings_.touch && book_.size() < kMostOrders && book_.add(id, {px, qty, bid})) seen_ |= Seen::kUnknownOrder;
      break;
    case 'C':
      push_plain(TickKind::order_cancel, flags | side_of, px, qty, id);
      if (settings_.touch && !book_.reduce(id, qty)) seen_ |= Seen::kUnknownOrder;
      break;
    case 'F':
      push_plain(TickKind::order_fill, flags | side_of | kFlagNoBook, px, qty, id);
      break;
    case 'T':
      if (const char* reason = push_trade(raw_px, load<uint32_t>(record + kOrderSize), side, false)) return reason;
      break;
    case 'R':
      push_plain(TickKind::clear, flags, 0, 0, 0);
      book_.clear();
      touch_.forget();
      break;
    case 'N':
      return "no action";
    default:
      return "bad action";
  }
  void_book_ = false;
  if (settings_.touch && marks & dbn::kLast && touch_.update(book_.levels(), exch_ts_, local_ts_, flags, touched_) > 0)
    count_ += static_cast<int>(touched_.take({out_ + count_, 2}));
  return nullptr;
}

const char* TickMaker::bar(const char* record, int64_t length_ns) {
  const uint64_t start = load<uint64_t>(record + kEventTime);
  if (start > static_cast<uint64_t>(kLatest)) return start == kNoTime ? "no time" : "time out of range";
  const int64_t end = static_cast<int64_t>(start) + length_ns;
  exch_ts_ = static_cast<int64_t>(start);
  local_ts_ = end;
  for (const std::size_t at : {kOpen, kHigh, kLow, kClose}) {
    const uint64_t volume = at == kClose ? load<uint64_t>(record + kVolume) : 0;
    const bool unknown = at != kClose || volume == UINT64_MAX;
    if (const char* reason = push(TickKind::trade, kFlagBar | (unknown ? kFlagNoSize : 0), load<int64_t>(record + at),
                                  unknown ? 0 : volume))
      return reason;
    exch_ts_ = end - 1;
  }
  return nullptr;
}

const char* TickMaker::status(const char* record) {
  if (const char* reason =
          times(load<uint64_t>(record + kEventTime), load<uint64_t>(record + kStatusReceiveTime), false))
    return reason;
  const char trading = record[kIsTrading], quoting = record[kIsQuoting];
  int state = -1;
  if (trading == 'Y') {
    state = 2;
  } else if (trading == 'N') {
    state = quoting == 'Y' ? 1 : 0;
  } else {
    state = state_of(load<uint16_t>(record + kStatusAction));
  }
  if (state < 0) return "status that says nothing of trading";
  push_plain(TickKind::status, 0, 0, state, 0);
  return nullptr;
}

}  // namespace tf::data::dbn
