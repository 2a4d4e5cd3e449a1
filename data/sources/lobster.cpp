// lobster: message and orderbook files of LOBSTER (lobsterdata.com), row i of the one belonging to row i of the other.
// A row is counted once. Its ticks: what the message says (order, trade, status), then what the orderbook row changed:
// depth levels (if asked for) and best quotes. Without an orderbook file best quotes come from the orders seen, so
// what rested before the file's first row is missing: noted as "opening book unknown".
//   1 order_add   2 order_modify with the size left, or order_cancel of a part of an order from before the file
//   3 order_cancel   4 order_fill and trade (the aggressor is the other side)   5 trade, kFlagHidden
//   6 trade, kFlagAuction, no aggressor   7 status
// The side of a hidden execution is the venue's until 2014-07-13; from then on it is always buy, and none is taken.
#include <array>
#include <charconv>
#include <cmath>
#include <optional>

#include "cuda/base/error.hpp"
#include "data/sources/catalogue.hpp"
#include "data/sources/parse/csv_columns.hpp"
#include "data/sources/parse/decimal.hpp"
#include "data/sources/parse/event_queue.hpp"
#include "data/sources/parse/level_book.hpp"
#include "data/sources/parse/line_reader.hpp"
#include "data/sources/parse/lobster_book.hpp"
#include "data/sources/parse/lobster_files.hpp"
#include "data/sources/parse/time_column.hpp"

namespace tf::data {
namespace {

struct LobsterParams {
  std::string date;
  int depth = 0;
  bool orders = true;
  std::string off_grid = "refuse";

  static std::span<const Field> fields() {
    using P = LobsterParams;
    static const Field table[] = {
        TF_TEXT_FIELD(P, date, nullptr, "trading day, YYYY-MM-DD, for files whose name does not say"),
        TF_FIELD(P, depth, 0, 200, "levels", "of the orderbook file to yield as depth rows; 0: best quotes alone"),
        TF_FIELD(P, orders, 0, 1, "", "yield every order event; else only trades, status, quotes and depth"),
        TF_TEXT_FIELD(P, off_grid, "refuse|round", "rows whose price or size is no multiple of the tick or lot size"),
    };
    return table;
  }
};

using Reason = const char*;
constexpr Day kSidesEnd{16265};  // 2014-07-14

/// The lines of one member of one file.
class Lines {
 public:
  explicit Lines(const LobsterFile& from) : file_(from.path) {
    while (file_.next_member()) {
      if (file_.member() != from.member) continue;
      expect_text(file_);
      lines_.start(file_);
      return;
    }
    ended_ = true;
  }
  /// The next line that is neither blank nor a header.
  bool next(std::string_view& line) {
    while (!ended_ && lines_.next(line)) {
      if (line.empty()) continue;
      if (!std::exchange(begun_, true)) {
        delimiter_ = line.find(';') != line.npos ? ';' : line.find('\t') != line.npos ? '\t' : ',';
        if ((line[0] | 32) >= 'a' && (line[0] | 32) <= 'z') continue;
      }
      return true;
    }
    ended_ = true;
    return false;
  }
  char delimiter() const { return delimiter_; }
  const InputFile& file() const { return file_; }
  int64_t number() const { return lines_.number(); }
  bool too_long() const { return lines_.too_long(); }
  bool cut() const { return lines_.unfinished() && !file_.damage().empty(); }

 private:
  InputFile file_;
  LineReader lines_;
  char delimiter_ = ',';
  bool begun_ = false, ended_ = false;
};

class LobsterSource : public Source {
 public:
  LobsterSource(const SourceInput& input, const LobsterParams& params)
      : params_(params), symbol_(input.instrument.symbol), round_(params.off_grid == "round") {
    if (input.files.empty()) throw Error(ErrorKind::config, "lobster source: no files given");
    if (!(input.instrument.tick_size > 0) || !(input.instrument.lot_size > 0))
      throw Error(ErrorKind::config, "lobster source: the instrument needs a tick_size and a lot_size above 0");
    price_grid_ = Grid(input.instrument.tick_size, 1e-4);
    size_grid_ = Grid(input.instrument.lot_size, 1);
    time_.format = TimeFormat::seconds_of_day;
    time_.zone = Zone("America/New_York");
    days_ = find_lobster_days(input.files, params.date);
  }

  std::size_t next_batch(std::span<Tick> out) override {
    const std::size_t count = queue_.next_batch(out, [&] { return next_row(); });
    counts_.ticks += static_cast<int64_t>(count);
    return count;
  }
  const SourceCounts& counts() const override { return counts_; }
  std::string damage() const override { return damage_; }
  double share() const override {
    const double whole = static_cast<double>(days_.size());
    return messages_        ? (static_cast<double>(next_day_ - 1) + messages_->file().share()) / whole
           : next_day_ == 0 ? 0
                            : 1;
  }

 private:
  bool next_row() {
    for (;;) {
      if (!messages_) {
        if (next_day_ == days_.size() || !damage_.empty()) return false;
        start_day();
      }
      std::string_view line;
      if (!messages_->next(line)) {
        end_day();
        continue;
      }
      ++counts_.rows_read;
      ++rows_of_day_;
      Reason reason = nullptr;
      if (messages_->too_long()) reason = "line too long";
      if (messages_->cut()) {
        reason = "truncated input";
      } else if (book_rows_ && !next_levels(reason)) {
        refuse("no orderbook row", line);
        messages_.reset();
        continue;
      }
      if (!reason) reason = hear(line);
      if (!reason && queue_.ticks().empty()) reason = "order row not asked for";
      if (reason) {
        queue_.ticks().clear();
        refuse(reason, line);
        continue;
      }
      ++counts_.rows_stored;
      new_day_ = false;
      queue_.ticks().back().flags |= kFlagLast | kRowEnd;
      return true;
    }
  }

  void start_day() {
    const LobsterDay& day = days_[next_day_];
    new_day_ = next_day_++ > 0;
    messages_.emplace(day.messages);
    book_rows_.reset();
    if (day.book) book_rows_.emplace(*day.book);
    time_.set_day(day.day);
    sides_of_hidden_ = day.day < kSidesEnd;
    rows_of_day_ = 0;
    orders_.clear();
    touch_.forget();
    before_.reset();
    yielded_ = {};
    yielded_any_ = false;
    if (!day.book) note("opening book unknown", "no orderbook file");
    if (!day.ticker.empty() && day.ticker != symbol_) note("ticker is not the symbol", day.ticker);
  }

  void end_day() {
    damage_ = messages_->file().damage();
    std::string_view line;
    if (damage_.empty() && book_rows_ && book_rows_->next(line))
      damage_ = book_rows_->file().where() + ": line " + std::to_string(book_rows_->number()) +
                ": more rows than the message file, which ends after " + std::to_string(rows_of_day_) +
                ": a row is missing there";
    if (damage_.empty() && book_rows_) damage_ = book_rows_->file().damage();
    messages_.reset();
  }

  // The orderbook row of this message; false when there is none.
  bool next_levels(Reason& reason) {
    std::string_view line;
    if (!book_rows_->next(line)) {
      damage_ = book_rows_->file().damage();
      if (damage_.empty())
        damage_ = book_rows_->file().where() + ": row " + std::to_string(rows_of_day_) + " is missing: the message " +
                  "file " + messages_->file().where() + " has more rows";
      return false;
    }
    if (before_) {
      std::swap(*before_, now_);
    } else if (rows_of_day_ > 1) {
      before_ = now_;
    }
    if (book_rows_->too_long() || !parse_lobster_levels(line, book_rows_->delimiter(), now_)) {
      reason = "bad orderbook row";
      now_ = before_ ? *before_ : LobsterLevels{};
    }
    return true;
  }

  void refuse(Reason reason, std::string_view line) {
    count_row(counts_.refused, reason, messages_->file().where(), messages_->number(), printable(line, 120));
  }
  void note(const char* what, std::string_view example) {
    count_row(counts_.noted, what, messages_->file().where(), messages_->number(), printable(example, 120));
  }

  static Reason integer(std::string_view cell, int64_t& value) {
    Decimal decimal;
    if (parse_decimal(cell, decimal) != ParseState::good) return "bad number";
    for (; decimal.exponent < 0 && decimal.mantissa % 10 == 0; ++decimal.exponent) decimal.mantissa /= 10;
    if (decimal.exponent < 0) return "bad number";
    for (; decimal.exponent > 0; --decimal.exponent)
      if (__builtin_mul_overflow(decimal.mantissa, int64_t{10}, &decimal.mantissa)) return "number out of range";
    value = decimal.mantissa;
    return nullptr;
  }
  Reason on_grid(const Grid& grid, int64_t value, Reason off, int64_t& steps) const {
    return reason_of(grid.steps({value, 0}, steps), round_, off);
  }
  Reason price(int64_t raw, int64_t& px) const { return on_grid(price_grid_, raw, "price off the tick grid", px); }
  Reason size(int64_t raw, int64_t& qty) const {
    if (raw < 0) return "negative size";
    return on_grid(size_grid_, raw, "size off the lot grid", qty);
  }

  struct Message {
    int64_t type = 0, id = 0, size = 0, price = 0, direction = 0;
  };

  Reason hear(std::string_view line) {
    std::array<std::string_view, 7> cells;
    if (split_plain(line, messages_->delimiter(), cells.data(), 7) < 6) return "missing column";
    std::string_view time = cells[0];
    // A spreadsheet of a country with decimal commas saves 34200,01746;1;...
    if (messages_->delimiter() == ';' && time.find(',') != time.npos) {
      scratch_ = time;
      scratch_[time.find(',')] = '.';
      time = scratch_;
    }
    if (const Reason reason = reason_of(time_.parse(time, {}, ts_))) return reason;
    Message message;
    int64_t* const numbers[] = {&message.type, &message.id, &message.size, &message.price, &message.direction};
    for (std::size_t at = 0; at < 5; ++at)
      if (const Reason reason = integer(cells[at + 1], *numbers[at])) return reason;
    if (message.type >= 1 && message.type <= 5 && message.direction != 1 && message.direction != -1) return "bad side";
    if (new_day_ || (params_.depth > 0 && book_rows_ && !yielded_any_)) push(TickKind::clear, kFlagSnapshot, 0, 0, 0);
    if (const Reason reason = event(message)) return reason;
    if (!book_rows_) {
      touch_.update(orders_.levels(), ts_, ts_, 0, queue_);
      return nullptr;
    }
    if (before_) compare(message);
    return yield_levels();
  }

  void push(TickKind kind, uint32_t flags, int64_t px, int64_t qty, uint64_t id) {
    queue_.push({ts_, ts_, px, qty, id, static_cast<uint32_t>(kind) | flags});
  }
  void push_order(TickKind kind, bool bid, int64_t px, int64_t qty, uint64_t id) {
    if (params_.orders) push(kind, bid ? kFlagBuy : kFlagSell, px, qty, id);
  }

  Reason event(const Message& message) {
    if (message.type == 7) {
      if (message.price < -1 || message.price > 1) return "unknown trading state";
      push(TickKind::status, 0, 0, message.price + 1, 0);
      return nullptr;
    }
    if (message.type < 1 || message.type > 7) return "unknown event type";
    const bool bid = message.direction == 1;
    const auto id = static_cast<uint64_t>(message.id);
    int64_t px, qty;
    if (const Reason reason = price(message.price, px)) return reason;
    if (const Reason reason = size(message.size, qty)) return reason;
    if (qty == 0) return message.type <= 3 ? "order of size 0" : "trade of size 0";
    const OrderBook::Order* const known = message.type >= 2 && message.type <= 4 ? orders_.find(id) : nullptr;
    if (!known && message.type >= 2 && message.type <= 4) note("order from before the file", {});
    switch (message.type) {
      case 1:
        if (!orders_.add(id, {px, qty, bid})) note("order id used twice", {});
        push_order(TickKind::order_add, bid, px, qty, id);
        return nullptr;
      case 2:
        if (known && known->qty > qty) {
          push_order(TickKind::order_modify, bid, known->px, known->qty - qty, id);
        } else {
          push_order(TickKind::order_cancel, bid, px, qty, id);
        }
        orders_.reduce(id, qty);
        return nullptr;
      case 3:
        push_order(TickKind::order_cancel, bid, px, qty, id);
        orders_.remove(id);
        return nullptr;
      case 4:
        push_order(TickKind::order_fill, bid, px, qty, id);
        push(TickKind::trade, bid ? kFlagSell : kFlagBuy, px, qty, 0);
        orders_.reduce(id, qty);
        return nullptr;
      case 5:
        push(TickKind::trade, kFlagHidden | (!sides_of_hidden_ ? 0 : bid ? kFlagSell : kFlagBuy), px, qty, 0);
        return nullptr;
      default:
        push(TickKind::trade, kFlagAuction, px, qty, 0);
        return nullptr;
    }
  }

  // An order event changes one level by its size; where the two rows show otherwise, they do not belong together.
  void compare(const Message& message) {
    if (message.type > 4) return;
    const bool bid = message.direction == 1;
    const int64_t before = before_->qty_at(bid, message.price), now = now_.qty_at(bid, message.price);
    if (before < 0 || now < 0) return;
    if (now - before != (message.type == 1 ? message.size : -message.size))
      note("orderbook row does not fit its message", {});
  }

  // What the orderbook row changed against what was yielded last.
  Reason yield_levels() {
    const std::size_t first = queue_.ticks().size();
    for (const bool bid : {true, false})
      if (const Reason reason = yield_depth(bid)) return reason;
    for (const bool bid : {true, false})
      if (const Reason reason = yield_best(bid)) return reason;
    if (queue_.ticks().size() != first || !yielded_any_) yielded_ = now_;
    yielded_any_ = true;
    return nullptr;
  }

  Reason yield_depth(bool bid) {
    const auto depth = static_cast<std::size_t>(params_.depth);
    const TickKind kind = bid ? TickKind::depth_bid : TickKind::depth_ask;
    const std::span<const Level> old = first_of(yielded_.side(bid), depth), fresh = first_of(now_.side(bid), depth);
    const auto at = [](std::span<const Level> levels, int64_t px) {
      for (const Level& level : levels)
        if (level.px == px) return level.qty;
      return int64_t{0};
    };
    const uint32_t flags = yielded_any_ ? 0 : kFlagSnapshot;
    int64_t px, qty;
    for (const Level& level : old) {
      if (at(fresh, level.px) != 0) continue;
      if (const Reason reason = price(level.px, px)) return reason;
      push(kind, flags, px, 0, 0);
    }
    for (const Level& level : fresh) {
      if (at(old, level.px) == level.qty) continue;
      if (const Reason reason = price(level.px, px)) return reason;
      if (const Reason reason = size(level.qty, qty)) return reason;
      push(kind, flags, px, qty, 0);
    }
    return nullptr;
  }
  static std::span<const Level> first_of(const std::vector<Level>& levels, std::size_t count) {
    return std::span(levels).first(std::min(count, levels.size()));
  }

  Reason yield_best(bool bid) {
    const std::vector<Level>&old = yielded_.side(bid), &fresh = now_.side(bid);
    if (fresh.empty()) {
      if (!old.empty()) push(TickKind::clear, bid ? kFlagBuy : kFlagSell, 0, 0, 0);
      return nullptr;
    }
    if (!old.empty() && old.front() == fresh.front()) return nullptr;
    int64_t px, qty;
    if (const Reason reason = price(fresh.front().px, px)) return reason;
    if (const Reason reason = size(fresh.front().qty, qty)) return reason;
    push(bid ? TickKind::best_bid : TickKind::best_ask, 0, px, qty, 0);
    return nullptr;
  }

  LobsterParams params_;
  std::string symbol_;
  bool round_;
  Grid price_grid_, size_grid_;
  TimeColumn time_;
  std::vector<LobsterDay> days_;

  std::size_t next_day_ = 0;
  int64_t rows_of_day_ = 0, ts_ = 0;
  std::optional<Lines> messages_, book_rows_;
  bool new_day_ = false, sides_of_hidden_ = true, yielded_any_ = false;
  std::optional<LobsterLevels> before_;
  LobsterLevels now_, yielded_;
  OrderBook orders_;
  Touch touch_;
  EventQueue queue_;
  std::string scratch_;
  SourceCounts counts_;
  std::string damage_;
};

std::unique_ptr<Source> open(const SourceInput& input, const void* params) {
  return std::make_unique<LobsterSource>(input, *static_cast<const LobsterParams*>(params));
}

Guess guess(const InputHead& head) {
  const auto name_of = [](std::string_view path) { return path.substr(path.find_last_of('/') + 1); };
  const auto known = parse_lobster_name(name_of(head.member.empty() ? std::string_view(head.path) : head.member));
  const std::string_view line = head.bytes.substr(0, head.bytes.find('\n'));
  if (known) {
    const bool fits = !known->message || is_lobster_message(line);
    return {fits ? Guess::Sure::yes : Guess::Sure::maybe,
            std::string("named as a LOBSTER ") + (known->message ? "message" : "orderbook") + " file of " +
                to_text(known->day),
            {}};
  }
  if (is_lobster_message(line))
    return {Guess::Sure::maybe, "rows look like LOBSTER messages; the name has no date", {}};
  return {};
}

}  // namespace
}  // namespace tf::data

namespace tf::source_catalogue {

const Entry& tf_source_lobster() {
  static const Entry entry{"LOBSTER message files with their orderbook files: orders, trades, best quotes",
                           params_type<data::LobsterParams>(), data::open, data::guess};
  return entry;
}

}  // namespace tf::source_catalogue
