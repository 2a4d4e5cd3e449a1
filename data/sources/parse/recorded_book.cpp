#include "data/sources/parse/recorded_book.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

namespace tf::data {
namespace {

// Deltas kept for a snapshot that arrives after deltas that are newer than it.
constexpr std::size_t kMostRecent = 4096, kMostRecentChanges = 1 << 16;

constexpr char kFeedQuotes[] = "best quotes of the feed, not of the book";

constexpr uint32_t bits(TickKind kind) { return static_cast<uint32_t>(kind); }

}  // namespace

const char* FeedGrid::steps(const Grid& grid, std::string_view text, const char* off, int64_t& steps,
                            Decimal* written) const {
  Decimal value;
  switch (parse_decimal(text, value)) {
    case ParseState::good:
      break;
    case ParseState::bad:
      return text.empty() ? heard::kMissingMember : "bad number";
    case ParseState::out_of_range:
      return "number out of range";
  }
  if (written) *written = value;
  return reason_of(grid.steps(value, steps), round_, off);
}

const char* FeedGrid::price(std::string_view text, int64_t& px, Decimal* written) const {
  return steps(price_, text, "price off the tick grid", px, written);
}

const char* FeedGrid::size(std::string_view text, int64_t& qty, Decimal* written) const {
  if (const char* const reason = steps(size_, text, "size off the lot grid", qty, written)) return reason;
  return qty < 0 ? "negative size" : nullptr;
}

RecordedBook::RecordedBook(const VenueInput& input, BookRules rules)
    : grid_(input), rules_(rules), touch_wanted_(input.touch) {
  rules_.depth = std::min(rules_.depth, input.depth_rows);
}

const char* RecordedBook::parse(std::span<const LevelText> levels) {
  changes_.clear();
  for (const LevelText& level : levels) {
    Change change;
    change.bid = level.bid;
    if (const char* const reason = grid_.price(level.px, change.px, &change.written.px)) return reason;
    if (const char* const reason = grid_.size(level.qty, change.qty, &change.written.qty)) return reason;
    changes_.push_back(change);
  }
  return nullptr;
}

void RecordedBook::set(const Change& change) {
  levels_.side(change.bid).set(change.px, change.qty);
  if (!rules_.keep_written) return;
  if (change.qty == 0) {
    written_[change.bid].erase(change.px);
  } else {
    written_[change.bid][change.px] = change.written;
  }
}

void RecordedBook::lose(Heard& heard) {
  heard.note(heard::kGap);
  if (state_ == State::whole) state_ = State::lost;
}

const char* RecordedBook::snapshot(std::span<const LevelText> levels, int64_t sequence, RowTimes times, Heard& heard,
                                   EventQueue& out) {
  if (const char* const reason = parse(levels)) {
    lose(heard);
    return reason;
  }
  if (state_ == State::lost || state_ == State::part) heard.note(heard::kRebuilt);
  levels_.clear();
  written_[0].clear();
  written_[1].clear();
  touch_.forget();
  for (const Change& change : changes_) set(change);
  state_ = State::whole;
  sequence_ = sequence;
  if (!rules_.snapshots_in_stream) replay(sequence, heard);
  cut(0, times, nullptr);
  out.push({times.exch_ts, times.local_ts, 0, 0, 0, bits(TickKind::clear) | kFlagSnapshot});
  for (const bool bid : {true, false}) {
    const BookSide& side = levels_.side(bid);
    for (std::size_t rank = 0; rank < side.size(); ++rank)
      out.push({times.exch_ts, times.local_ts, side.at(rank).px, side.at(rank).qty, 0,
                bits(bid ? TickKind::depth_bid : TickKind::depth_ask) | kFlagSnapshot});
  }
  end_event(kFlagSnapshot, times, heard, out);
  return nullptr;
}

// Applies the deltas that came before the snapshot and are newer than it.
void RecordedBook::replay(int64_t sequence, Heard& heard) {
  if (sequence == kNoSequence) return;
  auto change = recent_changes_.begin();
  for (const Recent& recent : recent_) {
    const auto end = change + static_cast<std::ptrdiff_t>(recent.changes);
    if (recent.last > sequence_) {
      if (recent.previous > sequence_) lose(heard);
      for (; change != end; ++change) set(*change);
      sequence_ = recent.last;
    }
    change = end;
  }
}

void RecordedBook::remember(int64_t previous, int64_t last) {
  if (last == kNoSequence) return;
  recent_.push_back({previous, last, changes_.size()});
  recent_changes_.insert(recent_changes_.end(), changes_.begin(), changes_.end());
  while (recent_.size() > kMostRecent || (recent_changes_.size() > kMostRecentChanges && recent_.size() > 1)) {
    recent_changes_.erase(recent_changes_.begin(),
                          recent_changes_.begin() + static_cast<std::ptrdiff_t>(recent_.front().changes));
    recent_.pop_front();
  }
}

const char* RecordedBook::admit(int64_t previous, int64_t last, Heard& heard) {
  const bool known = sequence_ != kNoSequence && last != kNoSequence;
  const bool follows = !known || previous == sequence_ || (previous < sequence_ && last > sequence_);
  if (rules_.snapshots_in_stream) {
    if (state_ == State::empty) return heard::kBeforeSnapshot;
    if (state_ == State::lost) return heard::kAfterGap;
  }
  if (!follows) {
    if (last <= sequence_) return heard::kOldUpdate;
    lose(heard);
    if (rules_.snapshots_in_stream) return heard::kAfterGap;
  }
  if (last != kNoSequence) sequence_ = last;
  if (state_ == State::empty) state_ = State::part;
  if (state_ == State::part) heard.note(heard::kBeforeSnapshot);
  if (state_ == State::lost) heard.note(heard::kAfterGap);
  return nullptr;
}

const char* RecordedBook::delta(std::span<const LevelText> levels, int64_t previous, int64_t last, RowTimes times,
                                Heard& heard, EventQueue& out) {
  if (const char* const reason = admit(previous, last, heard)) return reason;
  if (levels.empty()) return heard::kEmptyUpdate;
  if (const char* const reason = parse(levels)) {
    lose(heard);
    return reason;
  }
  if (!rules_.snapshots_in_stream) remember(previous, last);
  for (const Change& change : changes_) {
    set(change);
    out.push({times.exch_ts, times.local_ts, change.px, change.qty, 0,
              bits(change.bid ? TickKind::depth_bid : TickKind::depth_ask)});
  }
  cut(0, times, &out);
  end_event(0, times, heard, out);
  return nullptr;
}

// Levels beyond the venue's depth are gone without a word of the venue: the ticks say so.
void RecordedBook::cut(uint32_t flags, RowTimes times, EventQueue* out) {
  for (const bool bid : {true, false}) {
    BookSide& side = levels_.side(bid);
    if (side.size() <= rules_.depth) continue;
    for (std::size_t rank = rules_.depth; rank < side.size(); ++rank) {
      const int64_t px = side.at(rank).px;
      written_[bid].erase(px);
      if (out)
        out->push(
            {times.exch_ts, times.local_ts, px, 0, 0, bits(bid ? TickKind::depth_bid : TickKind::depth_ask) | flags});
    }
    side.cut(rules_.depth);
  }
}

void RecordedBook::end_event(uint32_t flags, RowTimes times, Heard& heard, EventQueue& out) {
  if (state_ == State::whole && touch_wanted_) {
    if (quotes_ <= QuoteKind::book) {
      quotes_ = QuoteKind::book;
      touch_.update(levels_, times.exch_ts, times.local_ts, flags, out);
    } else if (!std::exchange(told_, true)) {
      heard.note(kFeedQuotes);
    }
  }
  out.ticks().back().flags |= kFlagLast;
}

const char* RecordedBook::quote(QuoteKind kind, const QuoteText& text, RowTimes times, Heard& heard, EventQueue& out) {
  if (kind < quotes_) return heard::kOtherQuotes;
  Level sides[2];  // ask, bid
  bool there[2];
  for (const bool bid : {true, false}) {
    const std::string_view px = bid ? text.bid : text.ask, qty = bid ? text.bid_qty : text.ask_qty;
    there[bid] = !px.empty();
    if (px.empty()) continue;
    if (const char* const reason = grid_.price(px, sides[bid].px)) return reason;
    if (!text.sizes) continue;
    if (const char* const reason = grid_.size(qty, sides[bid].qty)) return reason;
    there[bid] = sides[bid].qty > 0;
  }
  if (!there[0] && !there[1] && !quoted_[0] && !quoted_[1]) return "no price on either side";
  if (kind == QuoteKind::stream && quotes_ == QuoteKind::book && !std::exchange(told_, true)) heard.note(kFeedQuotes);
  quotes_ = kind;
  for (const bool bid : {true, false}) {
    Tick row{times.exch_ts, times.local_ts, sides[bid].px, sides[bid].qty, 0, 0};
    if (there[bid]) {
      row.flags = bits(bid ? TickKind::best_bid : TickKind::best_ask) | (text.sizes ? 0 : kFlagNoSize);
    } else if (quoted_[bid]) {
      row.px = row.qty = 0;
      row.flags = bits(TickKind::clear) | (bid ? kFlagBuy : kFlagSell);
    } else {
      continue;
    }
    quoted_[bid] = there[bid];
    out.push(row);
  }
  out.ticks().back().flags |= kFlagLast;
  return nullptr;
}

const char* RecordedTrades::push_one(const TradeText& trade, int64_t local_ts, Heard& heard, EventQueue& out) {
  Tick tick{trade.exch_ts, local_ts, 0, 0, 0, bits(TickKind::trade) | kFlagLast | trade.flags};
  if (const char* const reason = grid_.price(trade.px, tick.px)) return reason;
  if (const char* const reason = grid_.size(trade.qty, tick.qty)) return reason;
  if (!trade.id.empty()) {
    if (ids_.seen(trade.id)) return heard::kRepeatedTrade;
    const auto read = std::from_chars(trade.id.data(), trade.id.data() + trade.id.size(), tick.order_id);
    if (read.ec != std::errc() || read.ptr != trade.id.data() + trade.id.size()) tick.order_id = 0;
    if (consecutive_ && tick.order_id != 0) {
      if (last_id_ != 0 && tick.order_id > last_id_ && tick.order_id - last_id_ > 1) heard.note(heard::kGap);
      last_id_ = std::max(last_id_, tick.order_id);
    }
  }
  out.push(tick);
  return nullptr;
}

const char* RecordedTrades::push(std::span<const TradeText> trades, int64_t local_ts, Heard& heard, EventQueue& out) {
  const char* first = nullptr;
  bool any = false;
  for (const TradeText& trade : trades) {
    const char* const reason = push_one(trade, local_ts, heard, out);
    any |= !reason;
    if (reason && !first) first = reason;
  }
  if (!any) return first ? first : "no trade in the message";
  if (first) heard.note(first);
  return nullptr;
}

}  // namespace tf::data
