// Bitstamp: diff_order_book (deltas; the stream has no snapshot, one may be recorded from the REST address), order_book
// (the best 100 levels as a whole each time), live_trades (type 0: the aggressor bought, 1: sold). Times in
// microseconds.
#include "data/sources/venues/image_book.hpp"
#include "data/sources/venues/json_fields.hpp"

namespace tf::data {
namespace {

class Bitstamp : public Venue {
 public:
  explicit Bitstamp(const VenueInput& input)
      : symbol_(input.symbol), book_(input, {.snapshots_in_stream = false}), trades_(input, false) {}

  Heard hear(const Message& message, EventQueue& out) override {
    if (!json_.open(message.json) || json_.is_array()) return Heard::no(heard::kBadJson);
    fields_ = {};
    levels_.clear();
    good_ = true;
    std::string_view event, channel;
    const bool read = json_.members([&](std::string_view key, JsonValue value) {
      if (key == "event") event = text_of(value);
      if (key == "channel") channel = text_of(value);
      // A REST book has its members at the root.
      if (key == "data" && is_object(value)) {
        good_ &= each_member(value, [&](std::string_view name, JsonValue cell) { return take_member(name, cell); });
      } else {
        take_member(key, value);
      }
      return good_;
    });
    if (!read || !good_) return Heard::no(heard::kBadJson);
    const std::size_t cut = channel.rfind('_');
    const std::string_view stream = channel.substr(0, cut);
    std::string_view symbol = cut == channel.npos ? std::string_view() : channel.substr(cut + 1);
    const bool rest = channel.empty() && message.address.find("order_book") != message.address.npos;
    if (rest) symbol = symbol_in(message.address);
    const bool trade = stream == "live_trades" && event == "trade",
               diff = stream == "diff_order_book" && event == "data", image = stream == "order_book" && event == "data";
    if (!rest && !trade && !diff && !image) return Heard::no(heard::kNotMarketData);
    if (!same_symbol(symbol, plain(symbol_))) return Heard::other(symbol);
    RowTimes times{message.local_ts, message.local_ts};
    if (!epoch_ns(fields_.micros, TimeUnit::us, times.exch_ts) &&
        !epoch_ns(fields_.seconds, TimeUnit::s, times.exch_ts))
      return Heard::no(heard::kBadTime);
    Heard result;
    if (trade) {
      const TradeText one{fields_.id, fields_.price, fields_.amount, times.exch_ts,
                          fields_.type == "0"   ? kFlagBuy
                          : fields_.type == "1" ? kFlagSell
                                                : 0};
      result.refused = trades_.push({&one, 1}, message.local_ts, result, out);
    } else if (diff) {
      result.refused = book_.delta(levels_, RecordedBook::kNoSequence, RecordedBook::kNoSequence, times, result, out);
    } else if (image) {
      result.refused = image_.take(levels_, times, book_, result, out);
    } else {
      result.refused = book_.snapshot(levels_, RecordedBook::kNoSequence, times, result, out);
    }
    return result;
  }

 private:
  struct Fields {
    std::string_view micros, seconds, id, price, amount, type;
    bool price_as_text = false, amount_as_text = false;
  };

  bool take_member(std::string_view key, JsonValue value) {
    if ((key == "bids" || key == "asks") && is_array(value)) return good_ &= levels_of(value, key == "bids", levels_);
    if (key == "microtimestamp") fields_.micros = text_of(value);
    if (key == "timestamp") fields_.seconds = text_of(value);
    if (key == "id") fields_.id = text_of(value);
    if (key == "type") fields_.type = text_of(value);
    // The text form is exact; the number is a float of theirs.
    take_exact(key, "price", value, fields_.price, fields_.price_as_text);
    take_exact(key, "amount", value, fields_.amount, fields_.amount_as_text);
    return true;
  }

  static void take_exact(std::string_view key, std::string_view name, JsonValue value, std::string_view& text,
                         bool& as_text) {
    if (!key.starts_with(name)) return;
    const bool exact = key.substr(name.size()) == "_str";
    if (!exact && (key.size() != name.size() || as_text)) return;
    text = text_of(value);
    as_text |= exact;
  }

  /// BTC/USD and BTC-USD are btcusd in their channels.
  static std::string plain(const std::string& symbol) {
    std::string letters;
    for (const char c : symbol)
      if (c != '/' && c != '-' && c != '_') letters += c;
    return letters;
  }
  /// https://www.bitstamp.net/api/v2/order_book/btcusd/
  static std::string_view symbol_in(std::string_view address) {
    const std::size_t from = address.find("order_book/");
    if (from == address.npos) return {};
    const std::string_view rest = address.substr(from + 11);
    return rest.substr(0, rest.find_first_of("/?"));
  }

  std::string symbol_;
  RecordedBook book_;
  ImageBook image_;
  RecordedTrades trades_;
  JsonMessage json_;
  Fields fields_;
  std::vector<LevelText> levels_;
  bool good_ = true;
};

std::unique_ptr<Venue> open(const VenueInput& input) { return std::make_unique<Bitstamp>(input); }

bool claims(std::string_view address, std::string_view message) {
  if (!address.empty()) return address.find("bitstamp.net") != address.npos;
  return (has_member(message, "channel") && has_member(message, "event") &&
          (message.find("\"diff_order_book_") != message.npos || message.find("\"live_trades_") != message.npos ||
           message.find("\"order_book_") != message.npos));
}

}  // namespace

namespace venue_entries {
VenueEntry bitstamp() { return {"bitstamp", "Bitstamp", claims, open}; }
}  // namespace venue_entries

}  // namespace tf::data
