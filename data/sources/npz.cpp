// npz: event arrays of hftbacktest 2 (.npz or .npy): ev, exch_ts, local_ts, px, qty, order_id, ival, fval. Of an .npz
// the array "data" is read, else the first one; it streams out of the zip whatever its size.
// hftbacktest writes an event twice where the two clocks order events differently: once for the exchange (EXCH_EVENT
// alone) and once for the receiver (LOCAL_EVENT alone). events = merged yields each event once, at whichever copy comes
// first; the other copy is refused as "second copy of an event". exchange or local: only rows of that order.
//   1 depth   2 trade   3 clear (with a price: only levels up to it, as hftbacktest does)   4 depth of a snapshot
//   5 best bid or ask   10 to 13 order add, cancel, modify, fill
// Rows of one book update are those of equal times that follow each other; kFlagLast is on the last of them.
#include <cmath>
#include <optional>
#include <unordered_map>

#include "cuda/base/error.hpp"
#include "cuda/base/time.hpp"
#include "data/sources/catalogue.hpp"
#include "data/sources/parse/byte_window.hpp"
#include "data/sources/parse/double_grid.hpp"
#include "data/sources/parse/event_queue.hpp"
#include "data/sources/parse/level_book.hpp"
#include "data/sources/parse/npy_layout.hpp"
#include "data/sources/parse/time_column.hpp"

namespace tf::data {
namespace {

struct NpzParams {
  std::string events = "merged", time_unit = "auto", off_grid = "refuse";

  static std::span<const Field> fields() {
    using P = NpzParams;
    static const Field table[] = {
        TF_TEXT_FIELD(P, events, "merged|exchange|local",
                      "each event once, or the rows of the exchange's or the receiver's order"),
        TF_TEXT_FIELD(P, time_unit, "auto|ns|us|ms|s", "of both times; auto: by magnitude, row by row"),
        TF_TEXT_FIELD(P, off_grid, "refuse|round", "rows whose price or size is no multiple of the tick or lot size"),
    };
    return table;
  }
};

using Reason = const char*;

constexpr std::string_view kMagic{"\x93NUMPY", 6};
constexpr uint64_t kExchange = uint64_t{1} << 31, kLocal = uint64_t{1} << 30, kBuy = uint64_t{1} << 29,
                   kSell = uint64_t{1} << 28;
constexpr uint64_t kSides = kExchange | kLocal;

/// Events of which one copy was seen, by a hash of what they say: above 0 the exchange's, below 0 the receiver's.
class Copies {
 public:
  /// True when this row is the second copy of an event.
  bool second(uint64_t hash, bool exchange) {
    const int mine = exchange ? 1 : -1;
    const auto at = seen_.try_emplace(hash, 0).first;
    const bool second = at->second * mine < 0;
    at->second += mine;
    if (at->second == 0) seen_.erase(at);
    if (seen_.size() > kMost) {
      seen_.clear();
      ++forgotten_;
    }
    return second;
  }
  bool lost() { return std::exchange(forgotten_, 0) > 0; }

 private:
  static constexpr std::size_t kMost = std::size_t{1} << 20;
  std::unordered_map<uint64_t, int> seen_;
  int forgotten_ = 0;
};

class NpzSource : public Source {
 public:
  NpzSource(const SourceInput& input, const NpzParams& params)
      : files_(input.files), params_(params), round_(params.off_grid == "round") {
    if (files_.empty()) throw Error(ErrorKind::config, "npz source: no files given");
    if (!(input.instrument.tick_size > 0) || !(input.instrument.lot_size > 0))
      throw Error(ErrorKind::config, "npz source: the instrument needs a tick_size and a lot_size above 0");
    price_grid_ = DoubleGrid(input.instrument.tick_size, 1);
    size_grid_ = DoubleGrid(input.instrument.lot_size, 1);
  }

  std::size_t next_batch(std::span<Tick> out) override {
    const std::size_t count = queue_.next_batch(out, [&] { return next_row(); });
    counts_.ticks += static_cast<int64_t>(count);
    return count;
  }
  const SourceCounts& counts() const override { return counts_; }
  std::string damage() const override { return damage_; }
  double share() const override { return share_of(file_, next_file_, files_.size()); }

 private:
  // Pushes the row before the one read now: only this one tells whether an event ends there.
  bool next_row() {
    for (;;) {
      if (!file_) {
        if (next_file_ == files_.size() || !damage_.empty()) return release();
        open_array(files_[next_file_++]);
        if (!file_) continue;
      }
      if (row_ == layout_.rows) {
        file_.reset();
        if (release()) return true;
        continue;
      }
      const std::string_view record = bytes_.need(layout_.record_bytes);
      if (record.size() < layout_.record_bytes) {
        damage_ = file_->damage();
        if (damage_.empty())
          damage_ = file_->where() + ": byte " + std::to_string(bytes_.offset()) + ": the array ends after " +
                    std::to_string(row_) + " of " + std::to_string(layout_.rows) + " rows";
        file_.reset();
        continue;
      }
      ++counts_.rows_read;
      ++row_;
      fresh_.clear();
      const Reason reason = hear(record.data());
      if (reason) count_row(counts_.refused, reason, file_->where(), bytes_.offset(), example(record.data()));
      bytes_.skip(layout_.record_bytes);
      if (reason) continue;
      ++counts_.rows_stored;
      fresh_.back().flags |= kRowEnd;
      const bool same = !held_.empty() && in_book(held_.back()) && in_book(fresh_.front()) &&
                        held_.back().exch_ts == fresh_.front().exch_ts &&
                        held_.back().local_ts == fresh_.front().local_ts;
      if (!held_.empty() && !same) held_.back().flags |= kFlagLast;
      for (const Tick& tick : held_) queue_.push(tick);
      held_.swap(fresh_);
      if (!queue_.empty()) return true;
    }
  }

  // The last row held back; false when there is none.
  bool release() {
    if (held_.empty()) return false;
    held_.back().flags |= kFlagLast;
    for (const Tick& tick : held_) queue_.push(tick);
    held_.clear();
    return true;
  }

  static bool in_book(const Tick& tick) {
    const TickKind kind = tick.kind();
    return kind == TickKind::depth_bid || kind == TickKind::depth_ask || kind == TickKind::best_bid ||
           kind == TickKind::best_ask || kind == TickKind::clear;
  }

  // Goes to the array of a file and reads its header.
  void open_array(const std::string& path) {
    std::string wanted;
    bool archive = false;
    {
      InputFile look(path);
      bool found = false;
      while (look.next_member()) {
        archive = archive || !look.member().empty();
        if (!look.member().ends_with(".npy") && archive) continue;
        if (!found || look.member() == "data.npy") wanted = look.member();
        found = true;
      }
      damage_ = look.damage();
      if (!found) {
        if (!damage_.empty()) return;
        throw Error(ErrorKind::bad_data, path + ": no array in it; an .npz of hftbacktest has one named data");
      }
    }
    file_.emplace(path);
    while (file_->next_member() && file_->member() != wanted) continue;
    bytes_.start(*file_);
    const auto fail = [&](const std::string& what) { throw Error(ErrorKind::bad_data, file_->where() + ": " + what); };
    const std::string_view head = bytes_.need(12);
    const int version = head.size() >= 12 ? static_cast<unsigned char>(head[6]) : 0;
    if (!head.starts_with(kMagic) || version < 1 || version > 3) {
      damage_ = file_->damage();
      if (damage_.empty()) fail("no .npy array; an event array of hftbacktest 2 was expected (.npz or .npy)");
      file_.reset();
      return;
    }
    const std::size_t fixed = version == 1 ? 10 : 12;
    std::size_t length = 0;
    for (std::size_t at = fixed; at-- > 8;) length = length << 8 | static_cast<unsigned char>(head[at]);
    if (length > 65'536) fail("its header is longer than 64 KiB");
    const std::string_view whole = bytes_.need(fixed + length);
    if (whole.size() < fixed + length) {
      damage_ = file_->damage().empty() ? file_->where() + ": ends in the header of the array" : file_->damage();
      file_.reset();
      return;
    }
    const std::string wrong = parse_npy_header(whole.substr(fixed, length), layout_);
    if (!wrong.empty()) fail(wrong);
    bytes_.skip(fixed + length);
    row_ = 0;
    book_.clear();
    if (layout_[EventField::qty].kind == 0) note("no sizes in the array");
    if (layout_[EventField::local_ts].kind == 0) note("no local_ts in the array");
    if (layout_[EventField::exch_ts].kind == 0) note("no exch_ts in the array");
  }

  void note(const char* what) { count_row(counts_.noted, what, file_->where(), bytes_.offset(), {}); }

  std::string example(const char* record) const {
    std::string text = "row " + std::to_string(row_ - 1) + ": ev " +
                       std::to_string(static_cast<uint64_t>(npy_integer(layout_[EventField::ev], record)));
    text += " px " + std::to_string(npy_real(layout_[EventField::px], record));
    if (layout_[EventField::qty].kind)
      text += " qty " + std::to_string(npy_real(layout_[EventField::qty], record)).substr(0, 40);
    return text;
  }

  Reason time(const NpyField& field, const char* record, int64_t& ns) const {
    int64_t value = npy_integer(field, record), factor = 1;
    if (value < 0) return "time out of range";
    if (params_.time_unit == "auto") {
      if (value < 100'000'000) return "time out of range";
      factor = value < 100'000'000'000           ? kSecond
               : value < 100'000'000'000'000     ? 1'000'000
               : value < 100'000'000'000'000'000 ? 1'000
                                                 : 1;
    } else {
      factor = params_.time_unit == "s"    ? kSecond
               : params_.time_unit == "ms" ? 1'000'000
               : params_.time_unit == "us" ? 1'000
                                           : 1;
    }
    if (__builtin_mul_overflow(value, factor, &ns) || ns > kLatest) return "time out of range";
    return nullptr;
  }

  Reason on_grid(const DoubleGrid& grid, double value, Reason off, int64_t& steps) const {
    if (std::isnan(value)) return "not a number";
    return reason_of(grid.steps(value, steps), round_, off);
  }

  Reason hear(const char* record) {
    const auto ev = static_cast<uint64_t>(npy_integer(layout_[EventField::ev], record));
    const auto what = static_cast<uint32_t>(ev & 0xFF);
    if (what == 0 || (what > 5 && what < 10) || what > 13) return "unknown event";
    const NpyField &exch = layout_[EventField::exch_ts], &local = layout_[EventField::local_ts];
    Tick tick;
    if (const Reason reason = time(exch.kind ? exch : local, record, tick.exch_ts)) return reason;
    if (const Reason reason = time(local.kind ? local : exch, record, tick.local_ts)) return reason;

    const uint64_t whose = ev & kSides;
    if (whose == kLocal && params_.events == "exchange") return "row of the receiver's order alone";
    if (whose == kExchange && params_.events == "local") return "row of the exchange's order alone";
    if (params_.events == "merged" && (whose == kLocal || whose == kExchange)) {
      if (copies_.second(content(record, ev & ~kSides), whose == kExchange)) return "second copy of an event";
      if (copies_.lost()) note("copies of events too far apart to be matched");
    }
    if (whose == 0) note("row for neither exchange nor receiver");

    const bool buy = ev & kBuy, sell = ev & kSell;
    const double px = npy_real(layout_[EventField::px], record);
    const NpyField &size = layout_[EventField::qty], &id = layout_[EventField::order_id];
    if (id.kind) tick.order_id = static_cast<uint64_t>(npy_integer(id, record));
    if (what == 3) return clear(tick, buy, sell, px);
    if (const Reason reason = on_grid(price_grid_, px, "price off the tick grid", tick.px)) return reason;
    if (size.kind == 0) {
      tick.flags = kFlagNoSize;
    } else {
      const double qty = npy_real(size, record);
      if (qty < 0) return "negative size";
      if (const Reason reason = on_grid(size_grid_, qty, "size off the lot grid", tick.qty)) return reason;
    }
    if (what != 2 && buy == sell) return "event without a side";
    const uint32_t side = buy == sell ? 0 : buy ? kFlagBuy : kFlagSell;
    switch (what) {
      case 1:
      case 4:
        tick.flags |= static_cast<uint32_t>(buy ? TickKind::depth_bid : TickKind::depth_ask);
        if (what == 4) tick.flags |= kFlagSnapshot;
        book_.side(buy).set(tick.px, tick.qty);
        tick.order_id = 0;
        break;
      case 2:
        tick.flags |= static_cast<uint32_t>(TickKind::trade) | side;
        break;
      case 5:
        tick.flags |= static_cast<uint32_t>(buy ? TickKind::best_bid : TickKind::best_ask);
        tick.order_id = 0;
        break;
      default: {
        constexpr TickKind kinds[] = {TickKind::order_add, TickKind::order_cancel, TickKind::order_modify,
                                      TickKind::order_fill};
        tick.flags |= static_cast<uint32_t>(kinds[what - 10]) | side;
      }
    }
    fresh_.push_back(tick);
    return nullptr;
  }

  // hftbacktest clears the levels from the best one up to the price; where deeper ones stay, each level is taken away.
  Reason clear(Tick tick, bool buy, bool sell, double px) {
    tick.order_id = 0;
    tick.flags = static_cast<uint32_t>(TickKind::clear) | (buy == sell ? 0 : buy ? kFlagBuy : kFlagSell);
    int64_t limit;
    if (buy == sell || px == 0 || !std::isfinite(px) || price_grid_.steps(px, limit) == GridState::out_of_range) {
      if (buy || !sell) book_.bids.clear();
      if (sell || !buy) book_.asks.clear();
      fresh_.push_back(tick);
      return nullptr;
    }
    BookSide& side = book_.side(buy);
    std::vector<int64_t> gone;
    for (std::size_t rank = 0; rank < side.size(); ++rank) {
      const int64_t level = side.at(rank).px;
      if (buy ? level < limit : level > limit) break;
      gone.push_back(level);
    }
    if (gone.size() == side.size() || gone.empty()) {
      if (gone.empty() && !side.empty()) return "clear that reaches no level";
      side.clear();
      fresh_.push_back(tick);
      return nullptr;
    }
    tick.flags = static_cast<uint32_t>(buy ? TickKind::depth_bid : TickKind::depth_ask);
    for (const int64_t level : gone) {
      side.set(level, 0);
      tick.px = level;
      fresh_.push_back(tick);
    }
    return nullptr;
  }

  // A hash of everything but the two order flags.
  uint64_t content(const char* record, uint64_t ev) const {
    uint64_t hash = 0xcbf29ce484222325u;
    const auto mix = [&](uint64_t value) {
      hash = (hash ^ value) * 0x9E3779B97F4A7C15u;
      hash ^= hash >> 29;
    };
    mix(ev);
    for (std::size_t field = 1; field < kEventFields; ++field) {
      const NpyField& known = layout_.fields[field];
      uint64_t value = 0;
      if (known.kind) std::memcpy(&value, record + known.offset, static_cast<std::size_t>(known.bytes));
      mix(value);
    }
    return hash;
  }

  std::vector<std::string> files_;
  NpzParams params_;
  bool round_;
  DoubleGrid price_grid_, size_grid_;

  std::size_t next_file_ = 0;
  std::optional<InputFile> file_;
  ByteWindow bytes_;
  NpyLayout layout_;
  int64_t row_ = 0;
  Copies copies_;
  LevelBook book_;
  std::vector<Tick> held_, fresh_;  // ticks of the row before, of the row read now
  EventQueue queue_;
  SourceCounts counts_;
  std::string damage_;
};

std::unique_ptr<Source> open(const SourceInput& input, const void* params) {
  return std::make_unique<NpzSource>(input, *static_cast<const NpzParams*>(params));
}

Guess guess(const InputHead& head) {
  if (!head.bytes.starts_with(kMagic) || head.bytes.size() < 12) return {};
  const std::size_t fixed = head.bytes[6] == 1 ? 10 : 12;
  const std::size_t length = static_cast<unsigned char>(head.bytes[8]) | static_cast<unsigned char>(head.bytes[9]) << 8;
  NpyLayout layout;
  const std::string wrong = parse_npy_header(head.bytes.substr(fixed, length), layout);
  if (wrong.empty()) return {Guess::Sure::yes, "event array of hftbacktest 2", {}};
  return {Guess::Sure::maybe, "numpy array, but it " + wrong, {}};
}

}  // namespace
}  // namespace tf::data

namespace tf::source_catalogue {

const Entry& tf_source_npz() {
  static const Entry entry{"event arrays of hftbacktest 2 (.npz or .npy): depth, trades, best quotes, orders",
                           params_type<data::NpzParams>(), data::open, data::guess};
  return entry;
}

}  // namespace tf::source_catalogue
