// BitMEX tables: orderBookL2 and orderBookL2_25 (partial, insert, update, delete by level id), orderBook10 (images),
// quote, trade. A trade's side is the aggressor's. In files of 2021 updates and deletes carry neither price nor time:
// the price is that of the level's id, the time the receiver's. A partial of trades holds trades from before the
// subscription.
#include <unordered_map>

#include "data/sources/venues/image_book.hpp"
#include "data/sources/venues/json_fields.hpp"

namespace tf::data {
namespace {

constexpr char kOldTrade[] = "trade from before the subscription";
constexpr char kUnknownLevel[] = "book level of unknown id";

class Bitmex : public Venue {
 public:
  explicit Bitmex(const VenueInput& input) : symbol_(input.symbol), book_(input, {}), trades_(input, false) {}

  Heard hear(const Message& message, EventQueue& out) override {
    if (!json_.open(message.json) || json_.is_array()) return Heard::no(heard::kBadJson);
    table_ = action_ = {};
    rows_.clear();
    good_ = true;
    const bool read = json_.members([&](std::string_view key, JsonValue value) {
      if (key == "table") table_ = text_of(value);
      if (key == "action") action_ = text_of(value);
      if (key == "data" && is_array(value)) good_ &= each_element(value, [&](JsonValue row) { return take_row(row); });
      return good_;
    });
    if (!read || !good_) return Heard::no(heard::kBadJson);
    const bool book = table_ == "orderBookL2" || table_ == "orderBookL2_25";
    if (!book && table_ != "orderBook10" && table_ != "quote" && table_ != "trade")
      return Heard::no(heard::kNotMarketData);
    std::string_view other;
    std::erase_if(rows_, [&](const Row& row) {
      if (same_symbol(row.symbol, symbol_)) return false;
      other = row.symbol;
      return true;
    });
    if (rows_.empty()) return other.empty() ? Heard::no(heard::kEmptyUpdate) : Heard::other(other);
    if (table_ == "trade") return trades(message.local_ts, out);
    if (table_ == "quote") return quotes(message.local_ts, out);
    return book ? levels(message.local_ts, out) : images(message.local_ts, out);
  }

 private:
  struct Row {
    std::string_view symbol, id, side, size, price, time, bid, bid_qty, ask, ask_qty;
    std::vector<LevelText> levels;
  };

  bool take_row(JsonValue value) {
    Row row;
    const bool good =
        is_object(value) && each_member(value, [&](std::string_view key, JsonValue cell) {
          if ((key == "bids" || key == "asks") && is_array(cell))
            return good_ &= levels_of(cell, key == "bids", row.levels);
          static constexpr std::pair<std::string_view, std::string_view Row::*> kNames[] = {
              {"symbol", &Row::symbol},   {"id", &Row::id},        {"trdMatchID", &Row::id},  {"side", &Row::side},
              {"size", &Row::size},       {"price", &Row::price},  {"timestamp", &Row::time}, {"bidPrice", &Row::bid},
              {"bidSize", &Row::bid_qty}, {"askPrice", &Row::ask}, {"askSize", &Row::ask_qty}};
          for (const auto& [name, member] : kNames)
            if (key == name) row.*member = text_of(cell);
          return true;
        });
    good_ &= good;
    rows_.push_back(std::move(row));
    return good_;
  }

  Heard levels(int64_t local_ts, EventQueue& out) {
    const bool partial = action_ == "partial", gone = action_ == "delete";
    if (!partial && !gone && action_ != "insert" && action_ != "update") return Heard::no(heard::kMissingMember);
    RowTimes times{local_ts, local_ts};
    if (!rows_.back().time.empty() && !iso_ns(rows_.back().time, times.exch_ts)) return Heard::no(heard::kBadTime);
    Heard result;
    if (partial) prices_.clear();
    if (!partial && !book_.whole()) {
      result.refused = lost_ ? heard::kAfterGap : heard::kBeforeSnapshot;
      return result;
    }
    levels_.clear();
    texts_.clear();
    for (const Row& row : rows_) {
      if (!row.price.empty()) {
        prices_[std::string(row.id)] = std::string(row.price);
      } else if (!prices_.contains(std::string(row.id))) {
        lost_ = true;
        book_.lose(result);
        result.refused = kUnknownLevel;
        return result;
      }
      texts_.push_back(prices_.at(std::string(row.id)));
    }
    for (std::size_t at = 0; at < rows_.size(); ++at)
      levels_.push_back({texts_[at], gone ? "0" : rows_[at].size, rows_[at].side == "Buy"});
    if (gone)
      for (const Row& row : rows_) prices_.erase(std::string(row.id));
    if (partial) {
      result.refused = book_.snapshot(levels_, RecordedBook::kNoSequence, times, result, out);
      if (!result.refused) lost_ = false;
    } else {
      result.refused = book_.delta(levels_, RecordedBook::kNoSequence, RecordedBook::kNoSequence, times, result, out);
    }
    return result;
  }

  Heard images(int64_t local_ts, EventQueue& out) {
    Heard result;
    RowTimes times{local_ts, local_ts};
    const Row& row = rows_.back();
    if (!row.time.empty() && !iso_ns(row.time, times.exch_ts)) return Heard::no(heard::kBadTime);
    result.refused = image_.take(row.levels, times, book_, result, out);
    return result;
  }

  Heard quotes(int64_t local_ts, EventQueue& out) {
    Heard result;
    const char* refused = nullptr;
    const std::size_t before = out.size();
    for (const Row& row : rows_) {
      RowTimes times{local_ts, local_ts};
      refused =
          iso_ns(row.time, times.exch_ts)
              ? book_.quote(QuoteKind::stream, {row.bid, row.bid_qty, row.ask, row.ask_qty, true}, times, result, out)
              : heard::kBadTime;
      if (refused) result.note(refused);
    }
    if (out.size() == before) result.refused = refused;
    return result;
  }

  Heard trades(int64_t local_ts, EventQueue& out) {
    if (action_ == "partial") return Heard::no(kOldTrade);
    std::vector<TradeText> ours;
    for (const Row& row : rows_) {
      TradeText trade{row.id, row.price, row.size, 0,
                      row.side == "Buy"    ? kFlagBuy
                      : row.side == "Sell" ? kFlagSell
                                           : 0};
      if (!iso_ns(row.time, trade.exch_ts)) return Heard::no(heard::kBadTime);
      ours.push_back(trade);
    }
    Heard result;
    result.refused = trades_.push(ours, local_ts, result, out);
    return result;
  }

  std::string symbol_;
  RecordedBook book_;
  ImageBook image_;
  RecordedTrades trades_;
  JsonMessage json_;
  std::string_view table_, action_;
  std::vector<Row> rows_;
  std::vector<LevelText> levels_;
  std::vector<std::string> texts_;                       // prices of the message at hand
  std::unordered_map<std::string, std::string> prices_;  // by level id, as written
  bool good_ = true, lost_ = false;
};

std::unique_ptr<Venue> open(const VenueInput& input) { return std::make_unique<Bitmex>(input); }

bool claims(std::string_view address, std::string_view message) {
  if (!address.empty()) return address.find("bitmex.com") != address.npos;
  return (has_member(message, "table") && has_member(message, "action") &&
          (message.find("\"orderBook") != message.npos || message.find("\"quote\"") != message.npos ||
           message.find("\"trade\"") != message.npos));
}

}  // namespace

namespace venue_entries {
VenueEntry bitmex() { return {"bitmex", "BitMEX", claims, open}; }
}  // namespace venue_entries

}  // namespace tf::data
