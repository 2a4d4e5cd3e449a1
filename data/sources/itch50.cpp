// itch50: NASDAQ TotalView-ITCH 5.0 as the venue's files hold it: a 2-byte length, then the message, to the end of the
// file. One stock is taken, by its locate code; the others are passed over by their lengths.
// Ticks: orders (order_id = order reference), trades (order_id = match number), best quotes derived from the orders.
//   E, C  order_fill at the order's own price, then the trade at the price it was done at. C that is not printable is
//         no trade: the volume comes again in the cross.
//   X     order_modify with the size that is left; D order_cancel; U order_cancel and order_add in one event.
//   P     a trade with kFlagHidden. Since 2014-07-14 its side is always B and says nothing, so none is taken.
//   Q     a trade with kFlagAuction; of size 0: there was no cross.
//   B     trade_break of a trade of this file.
//   H, h  status; h only for the venue itself (market code Q).
#include <deque>
#include <optional>
#include <unordered_map>

#include "cuda/base/error.hpp"
#include "data/sources/catalogue.hpp"
#include "data/sources/parse/byte_window.hpp"
#include "data/sources/parse/csv_columns.hpp"
#include "data/sources/parse/decimal.hpp"
#include "data/sources/parse/event_queue.hpp"
#include "data/sources/parse/itch_layout.hpp"
#include "data/sources/parse/level_book.hpp"
#include "data/sources/parse/session_date.hpp"
#include "data/store/zone.hpp"

namespace tf::data {
namespace {

using namespace itch;

struct ItchParams {
  std::string date, symbol;
  bool orders = true, touch = true;
  std::string off_grid = "refuse";

  static std::span<const Field> fields() {
    using P = ItchParams;
    static const Field table[] = {
        TF_TEXT_FIELD(P, date, nullptr, "trading day, YYYY-MM-DD; empty: in the name of the file"),
        TF_TEXT_FIELD(P, symbol, nullptr, "stock as the venue writes it; empty: the symbol of the instrument"),
        TF_FIELD(P, orders, 0, 1, "", "yield every order event; else only trades, status and best quotes"),
        TF_FIELD(P, touch, 0, 1, "", "yield best quotes derived from the orders"),
        TF_TEXT_FIELD(P, off_grid, "refuse|round", "rows whose price or size is no multiple of the tick or lot size"),
    };
    return table;
  }
};

using Reason = const char*;

/// Trades by match number, so that a broken one can be named; the oldest are forgotten.
class Matches {
 public:
  struct Trade {
    int64_t px = 0, qty = 0;
  };
  void remember(uint64_t match, Trade trade) {
    if (!trades_.insert_or_assign(match, trade).second) return;
    order_.push_back(match);
    if (order_.size() <= kMost) return;
    trades_.erase(order_.front());
    order_.pop_front();
  }
  const Trade* find(uint64_t match) const {
    const auto at = trades_.find(match);
    return at == trades_.end() ? nullptr : &at->second;
  }
  void clear() {
    trades_.clear();
    order_.clear();
  }

 private:
  static constexpr std::size_t kMost = std::size_t{1} << 20;
  std::unordered_map<uint64_t, Trade> trades_;
  std::deque<uint64_t> order_;
};

class ItchSource : public Source {
 public:
  ItchSource(const SourceInput& input, const ItchParams& params)
      : files_(input.files), params_(params), zone_("America/New_York"), round_(params.off_grid == "round") {
    if (files_.empty()) throw Error(ErrorKind::config, "itch50 source: no files given");
    if (!(input.instrument.tick_size > 0) || !(input.instrument.lot_size > 0))
      throw Error(ErrorKind::config, "itch50 source: the instrument needs a tick_size and a lot_size above 0");
    price_grid_ = Grid(input.instrument.tick_size, 1);
    size_grid_ = Grid(input.instrument.lot_size, 1);
    std::string symbol = params.symbol.empty() ? input.instrument.symbol : params.symbol;
    if (symbol.empty() || symbol.size() > kStockBytes)
      throw Error(ErrorKind::config, "itch50 source: symbol '" + symbol + "': a stock has 1 to 8 characters");
    symbol.resize(kStockBytes, ' ');
    stock_ = symbol;
    if (!params.date.empty()) {
      day_given_ = parse_date(params.date, DateOrder::ymd);
      if (!day_given_) throw Error(ErrorKind::config, "itch50 source: date '" + params.date + "': expected YYYY-MM-DD");
      if (files_.size() > 1)
        throw Error(ErrorKind::config, "itch50 source: date names one day, but there are several files");
    }
  }

  std::size_t next_batch(std::span<Tick> out) override {
    const std::size_t count = queue_.next_batch(out, [&] { return next_message(); });
    counts_.ticks += static_cast<int64_t>(count);
    return count;
  }
  const SourceCounts& counts() const override { return counts_; }
  std::string damage() const override { return damage_; }
  double share() const override { return share_of(file_, next_file_, files_.size()); }

 private:
  // Reads on to the next message that gives ticks, or to the end.
  bool next_message() {
    for (;;) {
      if (!file_) {
        if (next_file_ == files_.size() || !damage_.empty()) return false;
        file_.emplace(files_[next_file_++]);
        if (!start_member()) continue;
      }
      std::string_view view = bytes_.need(2);
      if (view.size() < 2) {
        if (!view.empty() && file_->damage().empty()) {
          damage_ = at_byte("a message length is cut in two");
          file_.reset();
        } else {
          start_member();
        }
        continue;
      }
      const std::size_t length = big_endian<2>(view.data());
      if (view.size() < 2 + length) view = bytes_.need(2 + length);
      if (view.size() < 2 + length) {
        damage_ = file_->damage();
        if (damage_.empty())
          damage_ = at_byte("a message of " + std::to_string(length) + " bytes runs past the end of the file");
        file_.reset();
        continue;
      }
      ++counts_.rows_read;
      const std::string_view message = view.substr(2, length);
      if (const Reason reason = hear(message)) {
        queue_.ticks().resize(pushed_before_);
        refuse(reason, message);
        bytes_.skip(2 + length);
        continue;
      }
      bytes_.skip(2 + length);
      if (queue_.ticks().size() == pushed_before_) continue;  // counted inside
      ++counts_.rows_stored;
      new_day_ = false;
      queue_.ticks().back().flags |= kFlagLast | kRowEnd;
      return true;
    }
  }

  std::string at_byte(const std::string& what) const {
    return file_->where() + ": byte " + std::to_string(bytes_.offset()) + ": " + what;
  }

  bool start_member() {
    if (!next_member_of(file_, damage_)) return false;
    bytes_.start(*file_);
    const auto name_of = [](std::string_view path) { return path.substr(path.find_last_of('/') + 1); };
    std::optional<Day> day = day_given_;
    if (!day) day = session_date_in_name(name_of(file_->member()));
    if (!day) day = session_date_in_name(name_of(file_->path()));
    if (!day)
      throw Error(ErrorKind::config, file_->where() + ": ITCH has no date: say date = \"YYYY-MM-DD\", or name the " +
                                         "file by it (01302019.NASDAQ_ITCH50.gz, S013019-v50.txt.gz, 20190130.gz)");
    midnight_ns_ = day->start_ns();
    locate_.reset();
    new_day_ = members_++ > 0;
    book_.clear();
    touch_.forget();
    matches_.clear();
    return true;
  }

  void refuse(Reason reason, std::string_view message) {
    std::string example(message.substr(0, 1));
    for (const char c : message.substr(std::min<std::size_t>(1, message.size()), 30)) {
      constexpr char kHex[] = "0123456789abcdef";
      example += ' ';
      example += kHex[static_cast<unsigned char>(c) >> 4];
      example += kHex[c & 15];
    }
    count_row(counts_.refused, reason, file_->where(), bytes_.offset(), printable(example, 120));
  }
  void note(const char* what) { count_row(counts_.noted, what, file_->where(), bytes_.offset(), {}); }

  // Other stocks are nearly all rows of a file: no look-up in the map for each.
  Reason other_stock() {
    if (!others_) {
      count_row(counts_.refused, "other symbol", file_->where(), bytes_.offset(), "another stock locate");
      others_ = &counts_.refused["other symbol"];
    } else {
      ++others_->rows;
    }
    return nullptr;
  }

  // Pushes the ticks of a message, or says why there are none.
  Reason hear(std::string_view message) {
    pushed_before_ = queue_.ticks().size();
    if (message.empty()) return "empty message";
    const char type = message[0];
    const std::size_t length = kLengths[static_cast<unsigned char>(type)];
    if (message.size() != length) return length == 0 ? "unknown message type" : "wrong message length";
    const char* const at = message.data();
    const auto locate = static_cast<uint16_t>(big_endian<2>(at + kLocate));
    if (!locate_ || *locate_ != locate) {
      if (locate == 0 && (type == 'S' || type == 'V' || type == 'W')) return "not market data";
      const std::size_t stock = stock_place(type);
      if ((locate_ && type != 'R') || stock == 0 || message.substr(stock, kStockBytes) != stock_) return other_stock();
      locate_ = locate;
    }
    const int64_t local_ns = static_cast<int64_t>(big_endian<6>(at + kTime));
    if (local_ns >= kDay) return "time out of range";
    if (!zone_.to_utc(midnight_ns_ + local_ns, ts_)) return "time skipped by the zone's clock change";
    if (new_day_) push(TickKind::clear, kFlagSnapshot, 0, 0, 0);
    switch (type) {
      case 'A':
      case 'F':
        return add(at);
      case 'E':
      case 'C':
        return execute(at, type == 'C');
      case 'X':
        return cancel(at);
      case 'D':
        return remove(at);
      case 'U':
        return replace(at);
      case 'P':
        return hidden(at);
      case 'Q':
        return cross(at);
      case 'B':
        return broken(at);
      case 'H':
        return trading_state(at[kTradingState]);
      case 'h':
        if (at[kHaltMarket] != 'Q') return "not market data";
        return trading_state(at[kHaltAction] == 'H' ? 'H' : at[kHaltAction] == 'T' ? 'T' : '?');
      default:
        return "not market data";
    }
  }

  void push(TickKind kind, uint32_t flags, int64_t px, int64_t qty, uint64_t id) {
    queue_.push({ts_, ts_, px, qty, id, static_cast<uint32_t>(kind) | flags});
  }
  void push_order(TickKind kind, bool bid, int64_t px, int64_t qty, uint64_t id) {
    if (params_.orders) push(kind, bid ? kFlagBuy : kFlagSell, px, qty, id);
  }
  Reason end_event() {
    if (params_.touch) touch_.update(book_.levels(), ts_, ts_, 0, queue_);
    // Without order rows an event may have nothing to say.
    return queue_.ticks().size() == pushed_before_ ? "order row not asked for" : nullptr;
  }

  Reason on_grid(const Grid& grid, Decimal value, Reason off, int64_t& steps) const {
    return reason_of(grid.steps(value, steps), round_, off);
  }
  Reason price(const char* at, int64_t& px) const {
    return on_grid(price_grid_, {static_cast<int64_t>(big_endian<4>(at)), -4}, "price off the tick grid", px);
  }
  Reason size(uint64_t shares, int64_t& qty) const {
    if (shares > uint64_t{1} << 62) return "number out of range";
    return on_grid(size_grid_, {static_cast<int64_t>(shares), 0}, "size off the lot grid", qty);
  }

  Reason add(const char* at) {
    OrderBook::Order order;
    if (at[kAddSide] != 'B' && at[kAddSide] != 'S') return "bad side";
    order.bid = at[kAddSide] == 'B';
    if (const Reason reason = price(at + kAddPrice, order.px)) return reason;
    if (const Reason reason = size(big_endian<4>(at + kAddShares), order.qty)) return reason;
    if (order.qty == 0) return "order of size 0";
    const uint64_t id = big_endian<8>(at + kReference);
    if (!book_.add(id, order)) note("order reference used twice");
    push_order(TickKind::order_add, order.bid, order.px, order.qty, id);
    return end_event();
  }

  Reason execute(const char* at, bool priced) {
    const uint64_t id = big_endian<8>(at + kReference), match = big_endian<8>(at + kMatch);
    const OrderBook::Order* const found = book_.find(id);
    if (!found) return "unknown order";
    const OrderBook::Order order = *found;
    int64_t qty, px = order.px;
    if (const Reason reason = size(big_endian<4>(at + kShares), qty)) return reason;
    const Reason off = priced ? price(at + kPrice, px) : nullptr;
    if (qty == 0) return "execution of size 0";
    if (qty > order.qty) note("execution larger than the order");
    book_.reduce(id, qty);
    push_order(TickKind::order_fill, order.bid, order.px, qty, id);
    if (priced && at[kPrintable] == 'N') {
      note("execution that is not printable");
    } else if (off) {
      note("execution price off the tick grid: order reduced, trade left out");
    } else {
      push(TickKind::trade, order.bid ? kFlagSell : kFlagBuy, px, qty, match);
      matches_.remember(match, {px, qty});
    }
    return end_event();
  }

  Reason cancel(const char* at) {
    const uint64_t id = big_endian<8>(at + kReference);
    const OrderBook::Order* const found = book_.find(id);
    if (!found) return "unknown order";
    const OrderBook::Order order = *found;
    int64_t qty;
    if (const Reason reason = size(big_endian<4>(at + kShares), qty)) return reason;
    if (qty > order.qty) note("cancel larger than the order");
    book_.reduce(id, qty);
    if (qty < order.qty) {
      push_order(TickKind::order_modify, order.bid, order.px, order.qty - qty, id);
    } else {
      push_order(TickKind::order_cancel, order.bid, order.px, order.qty, id);
    }
    return end_event();
  }

  Reason remove(const char* at) {
    const uint64_t id = big_endian<8>(at + kReference);
    const OrderBook::Order* const found = book_.find(id);
    if (!found) return "unknown order";
    push_order(TickKind::order_cancel, found->bid, found->px, found->qty, id);
    book_.remove(id);
    return end_event();
  }

  Reason replace(const char* at) {
    const uint64_t id = big_endian<8>(at + kReference), new_id = big_endian<8>(at + kNewReference);
    const OrderBook::Order* const found = book_.find(id);
    if (!found) return "unknown order";
    OrderBook::Order order = *found;
    const int64_t old_px = order.px, old_qty = order.qty;
    book_.remove(id);
    push_order(TickKind::order_cancel, order.bid, old_px, old_qty, id);
    // The old order is gone whatever the new one is.
    if (price(at + kNewPrice, order.px) || size(big_endian<4>(at + kNewShares), order.qty) || order.qty == 0) {
      note("replacement off the grid left out");
      return end_event();
    }
    if (!book_.add(new_id, order)) note("order reference used twice");
    push_order(TickKind::order_add, order.bid, order.px, order.qty, new_id);
    return end_event();
  }

  Reason print(uint32_t flags, const char* price_at, uint64_t shares, uint64_t match) {
    int64_t px, qty;
    if (const Reason reason = price(price_at, px)) return reason;
    if (const Reason reason = size(shares, qty)) return reason;
    if (qty == 0) return "trade of size 0";
    push(TickKind::trade, flags, px, qty, match);
    matches_.remember(match, {px, qty});
    return nullptr;
  }
  Reason hidden(const char* at) {
    return print(kFlagHidden, at + kAddPrice, big_endian<4>(at + kAddShares), big_endian<8>(at + kHiddenMatch));
  }
  Reason cross(const char* at) {
    const uint64_t shares = big_endian<8>(at + kCrossShares);
    if (shares == 0) return "cross of size 0";
    return print(kFlagAuction, at + kCrossPrice, shares, big_endian<8>(at + kCrossMatch));
  }

  Reason broken(const char* at) {
    const uint64_t match = big_endian<8>(at + kBrokenMatch);
    const Matches::Trade* const trade = matches_.find(match);
    if (!trade) return "broken trade that was not seen";
    push(TickKind::trade_break, 0, trade->px, trade->qty, match);
    return nullptr;
  }

  Reason trading_state(char state) {
    int64_t level;
    switch (state) {
      case 'H':
      case 'P':
        level = 0;
        break;
      case 'Q':
        level = 1;
        break;
      case 'T':
        level = 2;
        break;
      default:
        return "unknown trading state";
    }
    push(TickKind::status, 0, 0, level, 0);
    return nullptr;
  }

  std::vector<std::string> files_;
  ItchParams params_;
  Zone zone_;
  bool round_;
  Grid price_grid_, size_grid_;
  std::string stock_;
  std::optional<Day> day_given_;

  std::size_t next_file_ = 0, pushed_before_ = 0;
  int64_t members_ = 0;
  Refusal* others_ = nullptr;  // of counts_, whose map does not move it
  std::optional<InputFile> file_;
  ByteWindow bytes_;
  int64_t midnight_ns_ = 0, ts_ = 0;
  std::optional<uint16_t> locate_;
  bool new_day_ = false;
  OrderBook book_;
  Touch touch_;
  Matches matches_;
  EventQueue queue_;
  SourceCounts counts_;
  std::string damage_;
};

std::unique_ptr<Source> open(const SourceInput& input, const void* params) {
  return std::make_unique<ItchSource>(input, *static_cast<const ItchParams*>(params));
}

// Frames of known types and lengths one behind the other leave no doubt after a few.
Guess guess(const InputHead& head) {
  int frames = 0;
  std::string_view rest = head.bytes;
  while (rest.size() >= 3 && frames < 200) {
    const std::size_t length = big_endian<2>(rest.data());
    const std::size_t known = kLengths[static_cast<unsigned char>(rest[2])];
    if (known == 0 || known != length) return {};
    ++frames;
    if (rest.size() < 2 + length) break;
    rest.remove_prefix(2 + length);
  }
  if (frames < 2) return {};
  return {frames < 4 ? Guess::Sure::maybe : Guess::Sure::yes, "length-framed ITCH 5.0 messages", {}};
}

}  // namespace
}  // namespace tf::data

namespace tf::source_catalogue {

const Entry& tf_source_itch50() {
  static const Entry entry{
      "NASDAQ TotalView-ITCH 5.0 (length-framed, plain or packed): orders, trades, best quotes of a stock",
      params_type<data::ItchParams>(), data::open, data::guess};
  return entry;
}

}  // namespace tf::source_catalogue
