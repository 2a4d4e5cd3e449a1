#include "data/sources/parse/csv_passes.hpp"

#include <algorithm>

namespace tf::data {
namespace {

constexpr uint32_t flag(TickKind kind) { return static_cast<uint32_t>(kind); }

// Appends what is queued to the event that begins at tick number `first` and ends it, and its last row.
void end_event(EventQueue& queue, std::size_t first, std::vector<Tick>& ticks) {
  if (!queue.empty()) {
    if (ticks.size() > first) ticks.back().flags &= ~(kRowEnd | kFlagLast);
    for (const Tick& tick : queue.ticks()) ticks.push_back(tick);
    queue = {};
  }
  ticks.back().flags |= kRowEnd | kFlagLast;
}

// Calls row(ticks, key) for each row.
template <class Row>
void each_row(const CsvTicks& rows, Row row) {
  std::size_t at = 0;
  for (const RowKey& key : rows.keys) {
    row(std::span<const Tick>(rows.ticks).subspan(at, key.ticks), key);
    at += key.ticks;
  }
}

}  // namespace

void PassOut::count(std::map<std::string, Refusal>& where, const char* what, uint32_t line, uint32_t offset) const {
  Refusal& counted = where[what];
  if (counted.rows++ > 0) return;
  counted.file = file;
  counted.line = lines_before + line + 1;
  std::string_view row = text.substr(offset);
  row = row.substr(0, std::min(row.find('\n'), std::size_t{120}));
  if (row.ends_with('\r')) row.remove_suffix(1);
  counted.example = printable(row, 120);
}

std::unique_ptr<RowPass> pass_of(const CsvPlan& plan) {
  switch (plan.kind) {
    case RowKind::quotes:
      return nullptr;
    case RowKind::trades:
      return plan.needs_keys ? std::make_unique<TradePass>(plan.full.id_gaps == "yes") : nullptr;
    case RowKind::mixed:
      return std::make_unique<MixedPass>();
    case RowKind::levels:
      return std::make_unique<LevelPass>(plan);
    case RowKind::book:
      return std::make_unique<BookPass>(plan.full.touch);
    case RowKind::orders:
      return std::make_unique<OrderPass>(plan.full.touch);
    case RowKind::ticks:
      return std::make_unique<OwnTickPass>();
  }
  return nullptr;
}

void OwnTickPass::add(const CsvTicks& rows, const PassOut& out) {
  constexpr std::size_t kMostRows = 1 << 16;  // of an event without an end
  out.counts.rows_stored += static_cast<int64_t>(rows.ticks.size());
  for (const Tick& tick : rows.ticks) {
    event_.push_back(tick);
    if ((tick.flags & kFlagLast) || event_.size() == kMostRows) end_member(out.ticks);
  }
}

void OwnTickPass::end_member(std::vector<Tick>& ticks) {
  ticks.insert(ticks.end(), event_.begin(), event_.end());
  event_.clear();
}

void TradePass::add(const CsvTicks& rows, const PassOut& out) {
  out.ticks.reserve(out.ticks.size() + rows.ticks.size());
  for (std::size_t row = 0; row < rows.keys.size(); ++row) {
    const RowKey& key = rows.keys[row];
    if (key.has_id) {
      if (ids_.seen_key(key.id)) {
        out.refuse("repeated trade id", key);
        continue;
      }
      if (gaps_ && !(key.id & kNoNumber)) {
        if (last_ != kNoNumber && key.id > last_ + 1) out.note("sequence gap", key);
        last_ = key.id;
      }
    }
    out.ticks.push_back(rows.ticks[row]);
    ++out.counts.rows_stored;
  }
}

void MixedPass::add(const CsvTicks& rows, const PassOut& out) {
  each_row(rows, [&](std::span<const Tick> ticks, const RowKey& key) {
    for (Tick tick : ticks) {
      if (tick.kind() == TickKind::trade) {
        if (tick.px != kAsBefore) {
          last_px_ = tick.px;
        } else if (last_px_ != kAsBefore) {
          tick.px = last_px_;
        } else if (ticks.size() == 1) {
          out.refuse("trade without a price", key);
          return;
        } else {
          out.note("trade without a price", key);
          continue;
        }
      }
      out.ticks.push_back(tick);
    }
    out.ticks.back().flags |= kRowEnd;
    ++out.counts.rows_stored;
  });
}

LevelPass::LevelPass(const CsvPlan& plan)
    : touch_on_(plan.full.touch),
      has_snapshots_(!plan.full.snapshot_column.empty()),
      reset_each_(plan.full.snapshot_resets == "event"),
      known_(!has_snapshots_) {}

void LevelPass::begin_event(const Tick& tick, const RowKey& key, const PassOut& out) {
  const bool snapshot = tick.flags & kFlagSnapshot;
  if (snapshot && (reset_each_ || !after_snapshot_)) {
    event_.push_back({tick.exch_ts, tick.local_ts, 0, 0, 0, flag(TickKind::clear) | kFlagSnapshot});
    book_.clear();
    touch_.forget();
    known_ = true;
  }
  if (!snapshot && key.has_previous && has_last_id_ && key.previous != last_id_) out.note("sequence gap", key);
  after_snapshot_ = snapshot;
  has_last_id_ = !snapshot && key.has_id;
  last_id_ = event_id_ = key.id;
}

void LevelPass::add(const CsvTicks& rows, const PassOut& out) {
  for (std::size_t row = 0; row < rows.keys.size(); ++row) {
    const Tick& tick = rows.ticks[row];
    const RowKey& key = rows.keys[row];
    const bool snapshot = tick.flags & kFlagSnapshot;
    if (event_.size() >= kMostTicks) {
      out.note("event cut", key);
      end_member(out.ticks);
    }
    if (!event_.empty() && (tick.exch_ts != event_.back().exch_ts || tick.local_ts != event_.back().local_ts ||
                            snapshot != after_snapshot_ || key.id != event_id_))
      end_member(out.ticks);
    if (event_.empty()) begin_event(tick, key, out);
    if (known_) {
      BookSide& side = book_.side(tick.kind() == TickKind::depth_bid);
      side.set(tick.px, tick.qty);
      if (side.size() > kMostLevels) {
        side.cut(kMostLevels / 2);
        out.note("book cut to its best levels", key);
      }
    } else {
      out.note("delta before the first snapshot", key);
    }
    event_.push_back(tick);
    ++out.counts.rows_stored;
  }
}

void LevelPass::end_member(std::vector<Tick>& ticks) {
  if (event_.empty()) return;
  const Tick& last = event_.back();
  if (touch_on_ && known_) touch_.update(book_, last.exch_ts, last.local_ts, last.flags & kFlagSnapshot, queue_);
  end_event(queue_, 0, event_);
  ticks.insert(ticks.end(), event_.begin(), event_.end());
  event_.clear();
}

void BookPass::change_side(bool bid, std::vector<Level>& now, const Tick& base, uint32_t flags,
                           std::vector<Tick>& ticks) {
  std::vector<Level>& before = bid ? bids_ : asks_;
  std::stable_sort(now.begin(), now.end(), [](const Level& one, const Level& other) { return one.px < other.px; });
  const auto twice = [](const Level& one, const Level& other) { return one.px == other.px; };
  now.erase(std::unique(now.begin(), now.end(), twice), now.end());
  const auto push = [&](int64_t px, int64_t qty) {
    ticks.push_back(
        {base.exch_ts, base.local_ts, px, qty, 0, flag(bid ? TickKind::depth_bid : TickKind::depth_ask) | flags});
  };
  auto old = before.begin();
  for (const Level& level : now) {
    for (; old != before.end() && old->px < level.px; ++old) push(old->px, 0);
    if (old != before.end() && old->px == level.px) {
      if (old->qty != level.qty) push(level.px, level.qty);
      ++old;
    } else {
      push(level.px, level.qty);
    }
  }
  for (; old != before.end(); ++old) push(old->px, 0);
  before.swap(now);
}

void BookPass::add(const CsvTicks& rows, const PassOut& out) {
  each_row(rows, [&](std::span<const Tick> ticks, const RowKey&) {
    const Tick& base = ticks[0];
    next_bids_.clear();
    next_asks_.clear();
    for (const Tick& tick : ticks.subspan(1))
      (tick.kind() == TickKind::depth_bid ? next_bids_ : next_asks_).push_back({tick.px, tick.qty});

    const std::size_t first = out.ticks.size();
    const uint32_t flags = begun_ ? 0 : kFlagSnapshot;
    if (!begun_) out.ticks.push_back({base.exch_ts, base.local_ts, 0, 0, 0, flag(TickKind::clear) | kFlagSnapshot});
    begun_ = true;
    change_side(true, next_bids_, base, flags, out.ticks);
    change_side(false, next_asks_, base, flags, out.ticks);
    const bool changed = out.ticks.size() > first;
    if (touch_on_ || !changed) {
      LevelBook top;
      if (!bids_.empty()) top.bids.set(bids_.back().px, bids_.back().qty);
      if (!asks_.empty()) top.asks.set(asks_.front().px, asks_.front().qty);
      if (!changed) touch_.forget();  // a row that changes nothing says its best prices again
      touch_.update(top, base.exch_ts, base.local_ts, flags, queue_);
      if (!changed && queue_.empty()) queue_.push({base.exch_ts, base.local_ts, 0, 0, 0, flag(TickKind::clear)});
    }
    end_event(queue_, first, out.ticks);
    ++out.counts.rows_stored;
  });
}

void OrderPass::add(const CsvTicks& rows, const PassOut& out) {
  for (std::size_t row = 0; row < rows.keys.size(); ++row) {
    const Tick& tick = rows.ticks[row];
    const RowKey& key = rows.keys[row];
    const std::size_t first = out.ticks.size();
    out.ticks.push_back(tick);
    ++out.counts.rows_stored;
    if (touch_on_) {
      const bool gone = tick.kind() == TickKind::order_cancel || tick.qty == 0;
      if (tick.kind() != TickKind::order_add && !book_.find(tick.order_id)) out.note("order not known", key);
      if (gone) {
        book_.remove(tick.order_id);
      } else {
        book_.add(tick.order_id, {tick.px, tick.qty, (tick.flags & kFlagBuy) != 0});
      }
      if (book_.size() > kMostOrders) {
        out.note("too many orders for a book", key);
        book_.clear();
        touch_on_ = false;
      } else {
        touch_.update(book_.levels(), tick.exch_ts, tick.local_ts, 0, queue_);
      }
    }
    end_event(queue_, first, out.ticks);
  }
}

}  // namespace tf::data
