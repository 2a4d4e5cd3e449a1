// Bybit: the v1/v2 feeds of 2019 to 2022 (orderBookL2_25, orderBook_200.100ms, trade; linear and inverse) and v5
// (orderbook.N, publicTrade, tickers). Sides name the taker. Neither version promises update numbers without holes, so
// gaps show only as new snapshots.
#include "data/sources/venues/json_fields.hpp"

namespace tf::data {
namespace {

struct TradeRow {
  std::string_view symbol, side, price, size, time, id;
};

class Bybit : public Venue {
 public:
  explicit Bybit(const VenueInput& input) : symbol_(input.symbol), book_(input, {}), trades_(input, false) {}

  Heard hear(const Message& message, EventQueue& out) override {
    if (!json_.open(message.json) || json_.is_array()) return Heard::no(heard::kBadJson);
    topic_ = type_ = time_us_ = time_ms_ = {};
    quote_ = {};
    levels_.clear();
    trade_rows_.clear();
    other_ = {};
    good_ = true;
    const bool read = json_.members([&](std::string_view key, JsonValue value) {
      if (key == "topic") topic_ = text_of(value);
      if (key == "type") type_ = text_of(value);
      if (key == "timestamp_e6") time_us_ = text_of(value);
      if (key == "ts") time_ms_ = text_of(value);
      if (key == "data" && (is_array(value) || is_object(value))) take_data(value);
      return good_;
    });
    if (!read || !good_) return Heard::no(heard::kBadJson);
    if (topic_.starts_with("trade.") || topic_ == "trade" || topic_.starts_with("publicTrade."))
      return trades(message.local_ts, out);
    const bool book = topic_.starts_with("orderBook") || topic_.starts_with("orderbook."),
               ticker = topic_.starts_with("tickers.");
    if (!book && !ticker) return Heard::no(heard::kNotMarketData);
    // orderBookL2_25.BTCUSDT, orderBook_200.100ms.BTCUSD, orderbook.50.BTCUSDT: the symbol stands last.
    const std::string_view symbol = topic_.substr(topic_.rfind('.') + 1);
    if (!same_symbol(symbol, symbol_)) return Heard::other(symbol);
    RowTimes times{message.local_ts, message.local_ts};
    if (!time_us_.empty() ? !epoch_ns(time_us_, TimeUnit::us, times.exch_ts)
                          : !time_ms_.empty() && !epoch_ns(time_ms_, TimeUnit::ms, times.exch_ts))
      return Heard::no(heard::kBadTime);
    Heard result;
    if (ticker) {
      result.refused = quote_.bid.empty() && quote_.ask.empty()
                           ? heard::kMissingMember
                           : book_.quote(QuoteKind::ticker, quote_, times, result, out);
    } else if (type_ == "snapshot") {
      result.refused = book_.snapshot(levels_, RecordedBook::kNoSequence, times, result, out);
    } else {
      result.refused = book_.delta(levels_, RecordedBook::kNoSequence, RecordedBook::kNoSequence, times, result, out);
    }
    return result;
  }

 private:
  // v1: rows, or {"order_book": rows}, or {"delete": rows, "update": rows, "insert": rows}; v5: {"s", "b", "a", ...} or
  // trades; tickers: an object of fields.
  void take_data(JsonValue data) {
    if (is_array(data)) {
      good_ &= each_element(data, [&](JsonValue row) { return take_row(row, false); });
      return;
    }
    good_ &= each_member(data, [&](std::string_view key, JsonValue value) {
      if ((key == "b" || key == "a") && is_array(value)) {
        good_ &= levels_of(value, key == "b", levels_);
      } else if ((key == "order_book" || key == "delete" || key == "update" || key == "insert") && is_array(value)) {
        const bool gone = key == "delete";
        good_ &= each_element(value, [&](JsonValue row) { return take_row(row, gone); });
      } else if (key == "bid1Price") {
        quote_.bid = text_of(value);
      } else if (key == "bid1Size") {
        quote_.bid_qty = text_of(value);
      } else if (key == "ask1Price") {
        quote_.ask = text_of(value);
      } else if (key == "ask1Size") {
        quote_.ask_qty = text_of(value);
      }
      return good_;
    });
  }

  // A book row and a trade row of v1 share names; which it is the topic says later.
  bool take_row(JsonValue row, bool gone) {
    TradeRow trade;
    const bool good =
        is_object(row) && each_member(row, [&](std::string_view key, JsonValue value) {
          static constexpr std::pair<std::string_view, std::string_view TradeRow::*> kNames[] = {
              {"symbol", &TradeRow::symbol}, {"s", &TradeRow::symbol},    {"side", &TradeRow::side},
              {"S", &TradeRow::side},        {"price", &TradeRow::price}, {"p", &TradeRow::price},
              {"size", &TradeRow::size},     {"v", &TradeRow::size},      {"trade_time_ms", &TradeRow::time},
              {"T", &TradeRow::time},        {"trade_id", &TradeRow::id}, {"i", &TradeRow::id}};
          for (const auto& [name, member] : kNames)
            if (key == name) trade.*member = text_of(value);
          return true;
        });
    good_ &= good;
    trade_rows_.push_back(trade);
    levels_.push_back({trade.price, gone ? "0" : trade.size, trade.side == "Buy"});
    return good;
  }

  Heard trades(int64_t local_ts, EventQueue& out) {
    std::vector<TradeText> ours;
    for (const TradeRow& row : trade_rows_) {
      if (!same_symbol(row.symbol, symbol_)) {
        other_ = row.symbol;
        continue;
      }
      TradeText trade{row.id, row.price, row.size, 0,
                      row.side == "Buy"    ? kFlagBuy
                      : row.side == "Sell" ? kFlagSell
                                           : 0};
      if (!epoch_ns(row.time, TimeUnit::ms, trade.exch_ts)) return Heard::no(heard::kBadTime);
      ours.push_back(trade);
    }
    if (ours.empty()) return trade_rows_.empty() ? Heard::no(heard::kMissingMember) : Heard::other(other_);
    Heard result;
    result.refused = trades_.push(ours, local_ts, result, out);
    return result;
  }

  std::string symbol_;
  RecordedBook book_;
  RecordedTrades trades_;
  JsonMessage json_;
  std::string_view topic_, type_, time_us_, time_ms_, other_;
  QuoteText quote_;
  std::vector<LevelText> levels_;
  std::vector<TradeRow> trade_rows_;
  bool good_ = true;
};

std::unique_ptr<Venue> open(const VenueInput& input) { return std::make_unique<Bybit>(input); }

bool claims(std::string_view address, std::string_view message) {
  if (!address.empty()) return address.find("bybit.com") != address.npos;
  return (has_member(message, "topic") &&
          (message.find("\"orderBook") != message.npos || message.find("\"orderbook.") != message.npos ||
           message.find("\"trade.") != message.npos || message.find("\"publicTrade.") != message.npos));
}

}  // namespace

namespace venue_entries {
VenueEntry bybit() { return {"bybit", "Bybit v1, v2 and v5", claims, open}; }
}  // namespace venue_entries

}  // namespace tf::data
