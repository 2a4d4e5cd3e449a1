// Coinbase Exchange websocket feed (channels level2, level2_batch, matches, ticker) and Advanced Trade (l2_data,
// market_trades, ticker). A match names the maker's side: the aggressor is the other (TICK_FORMATS 2.8, proved on
// files). Book messages carry no sequence of their own; snapshots carry no time: theirs is the receiver's.
#include <algorithm>

#include "data/sources/venues/json_fields.hpp"

namespace tf::data {
namespace {

constexpr char kOldTrade[] = "trade from before the subscription";

class Coinbase : public Venue {
 public:
  explicit Coinbase(const VenueInput& input) : symbol_(input.symbol), book_(input, {}), trades_(input, true) {}

  Heard hear(const Message& message, EventQueue& out) override {
    if (!json_.open(message.json) || json_.is_array()) return Heard::no(heard::kBadJson);
    Fields fields;
    levels_.clear();
    found_.clear();
    Heard result;
    bool several = false;
    const bool good = json_.members([&](std::string_view key, JsonValue value) {
      if (key == "events" && is_array(value)) {
        several = true;
        return each_element(value, [&](JsonValue event) { return take_event(event, fields); });
      }
      return take_member(key, value, fields);
    });
    if (!good || broken_) {
      broken_ = false;
      return Heard::no(heard::kBadJson);
    }
    if (several) return advanced(fields, message.local_ts, out);
    return exchange(fields, message.local_ts, out);
  }

 private:
  struct Fields {
    std::string_view type, channel, symbol, time, price, size, side, id, bid, bid_qty, ask, ask_qty, event;
  };

  bool take_member(std::string_view key, JsonValue value, Fields& fields) {
    if (key == "changes" || key == "bids" || key == "asks") {
      const bool good = key == "changes" ? take_changes(value) : levels_of(value, key == "bids", levels_);
      broken_ |= !good;
      return good;
    }
    const std::pair<const char*, std::string_view Fields::*> names[] = {{"type", &Fields::type},
                                                                        {"channel", &Fields::channel},
                                                                        {"product_id", &Fields::symbol},
                                                                        {"time", &Fields::time},
                                                                        {"timestamp", &Fields::time},
                                                                        {"price", &Fields::price},
                                                                        {"size", &Fields::size},
                                                                        {"side", &Fields::side},
                                                                        {"trade_id", &Fields::id},
                                                                        {"best_bid", &Fields::bid},
                                                                        {"best_bid_size", &Fields::bid_qty},
                                                                        {"best_bid_quantity", &Fields::bid_qty},
                                                                        {"best_ask", &Fields::ask},
                                                                        {"best_ask_size", &Fields::ask_qty},
                                                                        {"best_ask_quantity", &Fields::ask_qty}};
    for (const auto& [name, member] : names)
      if (key == name) fields.*member = text_of(value);
    return true;
  }

  // [["buy", price, size], ...]
  bool take_changes(JsonValue value) {
    bool good = true;
    return each_element(value,
                        [&](JsonValue row) {
                          std::string_view texts[3];
                          good = texts_of(row, texts, 3);
                          levels_.push_back({texts[1], texts[2], texts[0] == "buy"});
                          return good;
                        }) &&
           good;
  }

  // Advanced Trade: {"type": "update", "product_id": ..., "updates": [...]} or {"trades": [...]} or {"tickers": [...]}.
  bool take_event(JsonValue event, Fields& fields) {
    const bool good = is_object(event) && each_member(event, [&](std::string_view key, JsonValue value) {
                        if (key == "type") fields.event = text_of(value);
                        if (key == "product_id") fields.symbol = text_of(value);
                        if ((key == "updates" || key == "trades" || key == "tickers") && is_array(value))
                          return each_element(value, [&](JsonValue row) { return take_row(key, row, fields); });
                        return true;
                      });
    broken_ |= !good;
    return good;
  }

  bool take_row(std::string_view what, JsonValue row, Fields& fields) {
    std::string_view side, level_px, level_qty;
    Fields own;
    const bool good = is_object(row) && each_member(row, [&](std::string_view key, JsonValue value) {
                        if (key == "side") side = text_of(value);
                        if (key == "price_level") level_px = text_of(value);
                        if (key == "new_quantity") level_qty = text_of(value);
                        return is_array(value) || is_object(value) ? true : take_member(key, value, own);
                      });
    broken_ |= !good;
    if (what == "updates") levels_.push_back({level_px, level_qty, side == "bid"});
    if (what == "trades") found_.push_back(own);
    if (what == "tickers" && same_symbol(own.symbol, symbol_)) {
      own.channel = fields.channel;
      own.time = fields.time;
      fields = own;
    }
    return good;
  }

  RowTimes times(std::string_view text, int64_t local_ts, bool& good) const {
    RowTimes times{local_ts, local_ts};
    good = text.empty() || iso_ns(text, times.exch_ts);
    return times;
  }

  Heard exchange(const Fields& fields, int64_t local_ts, EventQueue& out) {
    const bool trade = fields.type == "match" || fields.type == "last_match";
    if (!trade && fields.type != "snapshot" && fields.type != "l2update" && fields.type != "ticker")
      return Heard::no(heard::kNotMarketData);
    if (!same_symbol(fields.symbol, symbol_)) return Heard::other(fields.symbol);
    bool good = true;
    const RowTimes when = times(fields.time, local_ts, good);
    if (!good) return Heard::no(heard::kBadTime);
    Heard result;
    if (fields.type == "snapshot") {
      result.refused = book_.snapshot(levels_, RecordedBook::kNoSequence, when, result, out);
    } else if (fields.type == "l2update") {
      result.refused = book_.delta(levels_, RecordedBook::kNoSequence, RecordedBook::kNoSequence, when, result, out);
    } else if (fields.type == "ticker") {
      result.refused = ticker(fields, when, result, out);
    } else if (fields.type == "last_match") {
      result.refused = kOldTrade;
    } else {
      const TradeText one = trade_of(fields, when.exch_ts);
      result.refused = trades_.push({&one, 1}, local_ts, result, out);
    }
    return result;
  }

  Heard advanced(const Fields& fields, int64_t local_ts, EventQueue& out) {
    bool good = true;
    const RowTimes when = times(fields.time, local_ts, good);
    if (!good) return Heard::no(heard::kBadTime);
    Heard result;
    if (fields.channel == "market_trades") {
      std::vector<TradeText> ours;
      std::string_view other;
      for (const Fields& trade : found_) {
        const RowTimes at = times(trade.time, local_ts, good);
        if (!good) return Heard::no(heard::kBadTime);
        if (same_symbol(trade.symbol, symbol_)) {
          ours.push_back(trade_of(trade, at.exch_ts));
        } else {
          other = trade.symbol;
        }
      }
      if (ours.empty()) return found_.empty() ? Heard::no(heard::kNotMarketData) : Heard::other(other);
      // The snapshot holds trades from before the subscription; newest first in both.
      if (fields.event == "snapshot") return Heard::no(kOldTrade);
      std::reverse(ours.begin(), ours.end());
      result.refused = trades_.push(ours, local_ts, result, out);
      return result;
    }
    if (fields.channel != "l2_data" && fields.channel != "ticker" && fields.channel != "ticker_batch")
      return Heard::no(heard::kNotMarketData);
    if (!same_symbol(fields.symbol, symbol_)) return Heard::other(fields.symbol);
    if (fields.channel != "l2_data") {
      result.refused = ticker(fields, when, result, out);
    } else if (fields.event == "snapshot") {
      result.refused = book_.snapshot(levels_, RecordedBook::kNoSequence, when, result, out);
    } else {
      result.refused = book_.delta(levels_, RecordedBook::kNoSequence, RecordedBook::kNoSequence, when, result, out);
    }
    return result;
  }

  const char* ticker(const Fields& fields, RowTimes when, Heard& result, EventQueue& out) {
    if (fields.bid.empty() && fields.ask.empty()) return heard::kMissingMember;
    const bool sizes = !fields.bid_qty.empty() || !fields.ask_qty.empty();
    return book_.quote(QuoteKind::ticker, {fields.bid, fields.bid_qty, fields.ask, fields.ask_qty, sizes}, when, result,
                       out);
  }

  // The maker's side, in lower case (Exchange) or upper case (Advanced Trade).
  static TradeText trade_of(const Fields& fields, int64_t exch_ts) {
    const bool maker_bought = fields.side == "buy" || fields.side == "BUY";
    const bool maker_sold = fields.side == "sell" || fields.side == "SELL";
    return {fields.id, fields.price, fields.size, exch_ts, maker_bought ? kFlagSell : maker_sold ? kFlagBuy : 0};
  }

  std::string symbol_;
  RecordedBook book_;
  RecordedTrades trades_;
  JsonMessage json_;
  std::vector<LevelText> levels_;
  std::vector<Fields> found_;
  bool broken_ = false;
};

std::unique_ptr<Venue> open(const VenueInput& input) { return std::make_unique<Coinbase>(input); }

bool claims(std::string_view address, std::string_view message) {
  if (!address.empty()) return address.find("coinbase.com") != address.npos;
  return has_member(message, "product_id") &&
         (message.find("\"l2update\"") != message.npos || message.find("\"match\"") != message.npos ||
          message.find("\"snapshot\"") != message.npos || message.find("\"ticker\"") != message.npos ||
          message.find("\"last_match\"") != message.npos || message.find("\"l2_data\"") != message.npos ||
          message.find("\"market_trades\"") != message.npos);
}

}  // namespace

namespace venue_entries {
VenueEntry coinbase() { return {"coinbase", "Coinbase Exchange and Advanced Trade", claims, open}; }
}  // namespace venue_entries

}  // namespace tf::data
