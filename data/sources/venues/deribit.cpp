// Deribit JSON-RPC subscriptions: book.* (snapshot and change, chained by prev_change_id; grouped books as images),
// trades.* (direction = aggressor, trade_seq without holes), quote.*, ticker.*.
#include "data/sources/venues/image_book.hpp"
#include "data/sources/venues/json_fields.hpp"

namespace tf::data {
namespace {

class Deribit : public Venue {
 public:
  explicit Deribit(const VenueInput& input) : symbol_(input.symbol), book_(input, {}), trades_(input, true) {}

  Heard hear(const Message& message, EventQueue& out) override {
    if (!json_.open(message.json) || json_.is_array()) return Heard::no(heard::kBadJson);
    channel_ = {};
    data_ = {};
    rows_.clear();
    levels_.clear();
    plain_rows_ = false;
    bool good = true;
    const bool read = json_.members([&](std::string_view key, JsonValue value) {
      if (key == "params" && is_object(value)) good = take_params(value);
      return good;
    });
    if (!read || !good) return Heard::no(heard::kBadJson);
    if (channel_.starts_with("book.")) return take_book(message.local_ts, out);
    if (channel_.starts_with("trades.")) return take_trades(message.local_ts, out);
    if (channel_.starts_with("quote.") || channel_.starts_with("ticker.")) return take_quote(message.local_ts, out);
    return Heard::no(heard::kNotMarketData);
  }

 private:
  struct Fields {
    std::string_view type, symbol, time, change, previous, price, amount, direction, sequence, id, bid, bid_qty, ask,
        ask_qty;
  };

  bool take_params(JsonValue params) {
    bool good = true;
    return each_member(params,
                       [&](std::string_view key, JsonValue value) {
                         if (key == "channel") channel_ = text_of(value);
                         if (key == "data" && is_object(value)) good = take_object(value, data_);
                         if (key == "data" && is_array(value))
                           good = each_element(value, [&](JsonValue row) {
                             Fields trade;
                             if (!is_object(row) || !take_object(row, trade)) return false;
                             rows_.push_back(trade);
                             return true;
                           });
                         return good;
                       }) &&
           good;
  }

  bool take_object(JsonValue object, Fields& fields) {
    bool good = true;
    return each_member(object,
                       [&](std::string_view key, JsonValue value) {
                         if ((key == "bids" || key == "asks") && is_array(value)) {
                           good = take_levels(value, key == "bids");
                           return good;
                         }
                         static constexpr std::pair<std::string_view, std::string_view Fields::*> kNames[] = {
                             {"type", &Fields::type},
                             {"instrument_name", &Fields::symbol},
                             {"timestamp", &Fields::time},
                             {"change_id", &Fields::change},
                             {"prev_change_id", &Fields::previous},
                             {"price", &Fields::price},
                             {"amount", &Fields::amount},
                             {"direction", &Fields::direction},
                             {"trade_seq", &Fields::sequence},
                             {"trade_id", &Fields::id},
                             {"best_bid_price", &Fields::bid},
                             {"best_bid_amount", &Fields::bid_qty},
                             {"best_ask_price", &Fields::ask},
                             {"best_ask_amount", &Fields::ask_qty}};
                         for (const auto& [name, member] : kNames)
                           if (key == name) fields.*member = text_of(value);
                         return true;
                       }) &&
           good;
  }

  // ["new" | "change" | "delete", price, amount], or [price, amount] in grouped books.
  bool take_levels(JsonValue value, bool bid) {
    bool good = true;
    return each_element(value,
                        [&](JsonValue row) {
                          std::string_view texts[3];
                          good = texts_of(row, texts, 3);
                          if (texts[2].empty()) {
                            plain_rows_ = true;
                            levels_.push_back({texts[0], texts[1], bid});
                          } else {
                            levels_.push_back({texts[1], texts[0] == "delete" ? "0" : texts[2], bid});
                          }
                          return good;
                        }) &&
           good;
  }

  Heard take_book(int64_t local_ts, EventQueue& out) {
    if (!same_symbol(data_.symbol, symbol_)) return Heard::other(data_.symbol);
    RowTimes times{local_ts, local_ts};
    if (!epoch_ns(data_.time, TimeUnit::ms, times.exch_ts)) return Heard::no(heard::kBadTime);
    Heard result;
    if (plain_rows_ || data_.type.empty()) {
      result.refused = image_.take(levels_, times, book_, result, out);
      return result;
    }
    int64_t change = 0, previous = 0;
    if (!integer_of(data_.change, change)) return Heard::no(heard::kMissingMember);
    if (data_.type == "snapshot") {
      result.refused = book_.snapshot(levels_, change, times, result, out);
    } else {
      if (!integer_of(data_.previous, previous)) return Heard::no(heard::kMissingMember);
      result.refused = book_.delta(levels_, previous, change, times, result, out);
    }
    return result;
  }

  Heard take_trades(int64_t local_ts, EventQueue& out) {
    std::vector<TradeText> ours;
    std::string_view other;
    for (const Fields& row : rows_) {
      if (!same_symbol(row.symbol, symbol_)) {
        other = row.symbol;
        continue;
      }
      TradeText trade{row.sequence.empty() ? row.id : row.sequence, row.price, row.amount, 0,
                      row.direction == "buy"    ? kFlagBuy
                      : row.direction == "sell" ? kFlagSell
                                                : 0};
      if (!epoch_ns(row.time, TimeUnit::ms, trade.exch_ts)) return Heard::no(heard::kBadTime);
      ours.push_back(trade);
    }
    if (ours.empty()) return rows_.empty() ? Heard::no(heard::kMissingMember) : Heard::other(other);
    Heard result;
    result.refused = trades_.push(ours, local_ts, result, out);
    return result;
  }

  Heard take_quote(int64_t local_ts, EventQueue& out) {
    if (!same_symbol(data_.symbol, symbol_)) return Heard::other(data_.symbol);
    RowTimes times{local_ts, local_ts};
    if (!epoch_ns(data_.time, TimeUnit::ms, times.exch_ts)) return Heard::no(heard::kBadTime);
    Heard result;
    const bool stream = channel_.starts_with("quote.");
    result.refused = book_.quote(stream ? QuoteKind::stream : QuoteKind::ticker,
                                 {data_.bid, data_.bid_qty, data_.ask, data_.ask_qty, true}, times, result, out);
    return result;
  }

  std::string symbol_;
  RecordedBook book_;
  ImageBook image_;
  RecordedTrades trades_;
  JsonMessage json_;
  std::string_view channel_;
  Fields data_;
  std::vector<Fields> rows_;
  std::vector<LevelText> levels_;
  bool plain_rows_ = false;
};

std::unique_ptr<Venue> open(const VenueInput& input) { return std::make_unique<Deribit>(input); }

bool claims(std::string_view address, std::string_view message) {
  if (!address.empty()) return address.find("deribit.com") != address.npos;
  return (has_member(message, "jsonrpc") && message.find("\"subscription\"") != message.npos &&
          (message.find("\"book.") != message.npos || message.find("\"trades.") != message.npos ||
           message.find("\"ticker.") != message.npos || message.find("\"quote.") != message.npos));
}

}  // namespace

namespace venue_entries {
VenueEntry deribit() { return {"deribit", "Deribit", claims, open}; }
}  // namespace venue_entries

}  // namespace tf::data
