// Hyperliquid: l2Book (the best 20 levels a side as a whole each time), bbo, trades (side B: the aggressor bought, A:
// sold).
#include "data/sources/venues/image_book.hpp"
#include "data/sources/venues/json_fields.hpp"

namespace tf::data {
namespace {

class Hyperliquid : public Venue {
 public:
  explicit Hyperliquid(const VenueInput& input) : symbol_(input.symbol), book_(input, {}), trades_(input, false) {}

  Heard hear(const Message& message, EventQueue& out) override {
    if (!json_.open(message.json) || json_.is_array()) return Heard::no(heard::kBadJson);
    channel_ = coin_ = time_ = {};
    levels_.clear();
    rows_.clear();
    bool good = true;
    const bool read = json_.members([&](std::string_view key, JsonValue value) {
      if (key == "channel") channel_ = text_of(value);
      if (key == "data" && is_object(value)) good = take_data(value);
      if (key == "data" && is_array(value)) good = each_element(value, [&](JsonValue row) { return take_trade(row); });
      return good;
    });
    if (!read || !good || broken_) {
      broken_ = false;
      return Heard::no(heard::kBadJson);
    }
    if (channel_ == "trades") return trades(message.local_ts, out);
    if (channel_ != "l2Book" && channel_ != "bbo") return Heard::no(heard::kNotMarketData);
    if (!same_symbol(coin_, symbol_)) return Heard::other(coin_);
    RowTimes times{message.local_ts, message.local_ts};
    if (!epoch_ns(time_, TimeUnit::ms, times.exch_ts)) return Heard::no(heard::kBadTime);
    Heard result;
    if (channel_ == "bbo") {
      QuoteText quote;
      for (const LevelText& level : levels_) {
        (level.bid ? quote.bid : quote.ask) = level.px;
        (level.bid ? quote.bid_qty : quote.ask_qty) = level.qty;
      }
      result.refused = book_.quote(QuoteKind::stream, quote, times, result, out);
    } else {
      result.refused = image_.take(levels_, times, book_, result, out);
    }
    return result;
  }

 private:
  struct Row {
    std::string_view coin, side, px, qty, time, id;
  };

  bool take_data(JsonValue data) {
    return each_member(data, [&](std::string_view key, JsonValue value) {
      if (key == "coin") coin_ = text_of(value);
      if (key == "time") time_ = text_of(value);
      if ((key != "levels" && key != "bbo") || !is_array(value)) return true;
      // Bids, then asks; a side of bbo is one level or null.
      int side = 0;
      const bool good = each_element(value, [&](JsonValue part) {
        const bool bid = side++ == 0;
        if (is_object(part)) return take_level(part, bid);
        return !is_array(part) || each_element(part, [&](JsonValue level) { return take_level(level, bid); });
      });
      broken_ |= !good;
      return good;
    });
  }

  bool take_level(JsonValue level, bool bid) {
    LevelText text{{}, {}, bid};
    const bool good = is_object(level) && each_member(level, [&](std::string_view key, JsonValue value) {
                        if (key == "px") text.px = text_of(value);
                        if (key == "sz") text.qty = text_of(value);
                        return true;
                      });
    levels_.push_back(text);
    broken_ |= !good;
    return good;
  }

  bool take_trade(JsonValue value) {
    Row row;
    const bool good = is_object(value) && each_member(value, [&](std::string_view key, JsonValue cell) {
                        static constexpr std::pair<std::string_view, std::string_view Row::*> kNames[] = {
                            {"coin", &Row::coin}, {"side", &Row::side}, {"px", &Row::px},
                            {"sz", &Row::qty},    {"time", &Row::time}, {"tid", &Row::id}};
                        for (const auto& [name, member] : kNames)
                          if (key == name) row.*member = text_of(cell);
                        return true;
                      });
    rows_.push_back(row);
    broken_ |= !good;
    return good;
  }

  Heard trades(int64_t local_ts, EventQueue& out) {
    std::vector<TradeText> ours;
    std::string_view other;
    for (const Row& row : rows_) {
      if (!same_symbol(row.coin, symbol_)) {
        other = row.coin;
        continue;
      }
      TradeText trade{row.id, row.px, row.qty, 0, row.side == "B" ? kFlagBuy : row.side == "A" ? kFlagSell : 0};
      if (!epoch_ns(row.time, TimeUnit::ms, trade.exch_ts)) return Heard::no(heard::kBadTime);
      ours.push_back(trade);
    }
    if (ours.empty()) return rows_.empty() ? Heard::no(heard::kMissingMember) : Heard::other(other);
    Heard result;
    result.refused = trades_.push(ours, local_ts, result, out);
    return result;
  }

  std::string symbol_;
  RecordedBook book_;
  ImageBook image_;
  RecordedTrades trades_;
  JsonMessage json_;
  std::string_view channel_, coin_, time_;
  std::vector<LevelText> levels_;
  std::vector<Row> rows_;
  bool broken_ = false;
};

std::unique_ptr<Venue> open(const VenueInput& input) { return std::make_unique<Hyperliquid>(input); }

bool claims(std::string_view address, std::string_view message) {
  if (!address.empty()) return address.find("hyperliquid") != address.npos;
  return (has_member(message, "coin") &&
          (message.find("\"l2Book\"") != message.npos || message.find("\"trades\"") != message.npos ||
           message.find("\"bbo\"") != message.npos));
}

}  // namespace

namespace venue_entries {
VenueEntry hyperliquid() { return {"hyperliquid", "Hyperliquid", claims, open}; }
}  // namespace venue_entries

}  // namespace tf::data
