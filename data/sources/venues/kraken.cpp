// Kraken spot, websocket v1: [channel id, payload, (payload,) "book-1000" | "trade" | "ticker" | "spread", "XBT/USD"].
//
// Messages carry no time of their own: a book message has the latest time of its levels, a ticker the latest time heard
// before it (local_ts if there is none). The book has no sequence numbers but a CRC-32 of its ten best levels a side,
// which says whether it is complete: it is compared after every update that has one, and a difference is noted; the
// levels are used all the same, since every update is the whole new size of its level. The depth is in the channel
// name; levels that fall out of it are gone. A trade's side is the aggressor's.
#include <zlib.h>

#include <algorithm>
#include <charconv>

#include "data/sources/venues/json_fields.hpp"

namespace tf::data {
namespace {

class Kraken : public Venue {
 public:
  explicit Kraken(const VenueInput& input)
      : symbol_(input.symbol), book_(input, {.depth = input.depth_rows, .keep_written = true}), trades_(input, false) {}

  Heard hear(const Message& message, EventQueue& out) override {
    if (!json_.open(message.json)) return Heard::no(heard::kBadJson);
    if (!json_.is_array()) return Heard::no(heard::kNotMarketData);
    forget();
    bool sound = true;
    sound = json_.elements([&](JsonValue element) {
      if (is_object(element)) return sound = read_object(element);
      if (is_array(element)) return sound = read_array(element);
      channel_ = pair_;
      pair_ = text_of(element);
      return true;
    }) && sound;
    if (!sound) return Heard::no(heard::kBadJson);
    const bool is_book = channel_ == "book" || channel_.starts_with("book-");
    if (!is_book && channel_ != "trade" && channel_ != "ticker" && channel_ != "spread")
      return Heard::no(heard::kNotMarketData);
    if (!same_symbol(pair_, symbol_)) return Heard::other(pair_);
    Heard heard;
    heard.refused = is_book                ? tell_book(message.local_ts, heard, out)
                    : channel_ == "trade"  ? tell_trades(message.local_ts, heard, out)
                    : channel_ == "ticker" ? tell_ticker(message.local_ts, heard, out)
                                           : tell_spread(message.local_ts, heard, out);
    return heard;
  }

 private:
  static constexpr std::size_t kCells = 6;
  struct Row {
    std::string_view cells[kCells];
  };

  void forget() {
    channel_ = pair_ = checksum_ = {};
    levels_.clear();
    level_times_.clear();
    rows_.clear();
    ticker_[0] = ticker_[1] = {};
    spread_ = {};
    is_snapshot_ = false;
  }

  // {"as": levels, "bs": levels}, {"a": levels, "c": "checksum"}, or a ticker's {"a": [price, lots, size], "b": ...}.
  bool read_object(JsonValue object) {
    bool sound = true;
    return each_member(object,
                       [&](std::string_view key, JsonValue value) {
                         if (key == "c" && !is_array(value)) checksum_ = text_of(value);
                         if (key != "a" && key != "b" && key != "as" && key != "bs") return true;
                         const bool bid = key[0] == 'b';
                         is_snapshot_ |= key.size() == 2;
                         std::size_t cell = 0;
                         return sound = each_element(value,
                                                     [&](JsonValue element) {
                                                       if (!is_array(element)) {
                                                         if (cell < kCells)
                                                           ticker_[bid].cells[cell++] = text_of(element);
                                                         return true;
                                                       }
                                                       Row row;
                                                       if (!texts_of(element, row.cells, 3)) return sound = false;
                                                       levels_.push_back({row.cells[0], row.cells[1], bid});
                                                       level_times_.push_back(row.cells[2]);
                                                       return true;
                                                     }) &&
                                        sound;
                       }) &&
           sound;
  }

  // Trades are rows in an array, a spread is cells.
  bool read_array(JsonValue array) {
    std::size_t cell = 0;
    bool sound = true;
    return each_element(array,
                        [&](JsonValue element) {
                          if (!is_array(element)) {
                            if (cell < kCells) spread_.cells[cell++] = text_of(element);
                            return true;
                          }
                          return sound = texts_of(element, rows_.emplace_back().cells, kCells);
                        }) &&
           sound;
  }

  bool read_time(std::string_view text, int64_t& ns) {
    if (!epoch_ns(text, TimeUnit::s, ns)) return false;
    clock_ns_ = std::max(clock_ns_, ns);
    return true;
  }

  const char* tell_book(int64_t local_ts, Heard& heard, EventQueue& out) {
    int64_t exch_ts = 0;
    for (const std::string_view text : level_times_) {
      int64_t ns;
      if (!read_time(text, ns)) return heard::kBadTime;
      exch_ts = std::max(exch_ts, ns);
    }
    if (exch_ts == 0) exch_ts = clock_ns_ > 0 ? clock_ns_ : local_ts;
    if (channel_.size() > 5) {
      std::size_t depth = 0;
      const std::string_view digits = channel_.substr(5);
      std::from_chars(digits.data(), digits.data() + digits.size(), depth);
      if (depth > 0) book_.set_depth(depth);
    }
    const RowTimes times{exch_ts, local_ts};
    const char* const reason =
        is_snapshot_ ? book_.snapshot(levels_, RecordedBook::kNoSequence, times, heard, out)
                     : book_.delta(levels_, RecordedBook::kNoSequence, RecordedBook::kNoSequence, times, heard, out);
    if (!reason && !checksum_.empty()) compare_checksum(heard);
    return reason;
  }

  // CRC-32 of price and size of the ten best asks, then bids, as written without the point and leading zeros.
  void compare_checksum(Heard& heard) {
    text_.clear();
    for (const bool bid : {false, true}) {
      const BookSide& side = bid ? book_.levels().bids : book_.levels().asks;
      for (std::size_t rank = 0; rank < std::min<std::size_t>(10, side.size()); ++rank) {
        const RecordedBook::Written& written = book_.written(bid, side.at(rank).px);
        text_ += std::to_string(written.px.mantissa);
        text_ += std::to_string(written.qty.mantissa);
      }
    }
    const uLong sum = crc32(0, reinterpret_cast<const Bytef*>(text_.data()), static_cast<uInt>(text_.size()));
    heard.note(std::to_string(sum) == checksum_ ? heard::kChecksumEqual : heard::kChecksumDiffers);
  }

  const char* tell_trades(int64_t local_ts, Heard& heard, EventQueue& out) {
    trade_texts_.clear();
    for (const Row& row : rows_) {
      TradeText trade{{}, row.cells[0], row.cells[1], 0, row.cells[3] == "b" ? kFlagBuy : kFlagSell};
      if (!read_time(row.cells[2], trade.exch_ts)) return heard::kBadTime;
      if (row.cells[3] != "b" && row.cells[3] != "s") return "bad side";
      trade_texts_.push_back(trade);
    }
    return trades_.push(trade_texts_, local_ts, heard, out);
  }

  const char* tell_ticker(int64_t local_ts, Heard& heard, EventQueue& out) {
    const Row &ask = ticker_[0], &bid = ticker_[1];
    const RowTimes times{clock_ns_ > 0 ? clock_ns_ : local_ts, local_ts};
    return book_.quote(QuoteKind::ticker, {bid.cells[0], bid.cells[2], ask.cells[0], ask.cells[2]}, times, heard, out);
  }

  const char* tell_spread(int64_t local_ts, Heard& heard, EventQueue& out) {
    RowTimes times{0, local_ts};
    if (!read_time(spread_.cells[2], times.exch_ts)) return heard::kBadTime;
    return book_.quote(QuoteKind::stream, {spread_.cells[0], spread_.cells[3], spread_.cells[1], spread_.cells[4]},
                       times, heard, out);
  }

  std::string symbol_;
  RecordedBook book_;
  RecordedTrades trades_;
  JsonMessage json_;
  int64_t clock_ns_ = 0;

  // of the message at hand
  std::string_view channel_, pair_, checksum_;
  std::vector<LevelText> levels_;
  std::vector<std::string_view> level_times_;
  std::vector<Row> rows_;
  Row ticker_[2], spread_;  // ticker: ask, bid
  bool is_snapshot_ = false;
  std::vector<TradeText> trade_texts_;
  std::string text_;
};

std::unique_ptr<Venue> open(const VenueInput& input) { return std::make_unique<Kraken>(input); }

bool claims(std::string_view address, std::string_view message) {
  if (!address.empty()) return address.find("//ws.kraken.com") != address.npos && address.find("/v2") == address.npos;
  if (message.find("\"subscriptionStatus\"") != message.npos)
    return has_member(message, "channelName") && has_member(message, "pair");
  if (!message.starts_with('[') || !message.ends_with(']')) return false;
  std::size_t at = 1;
  while (at < message.size() && message[at] >= '0' && message[at] <= '9') ++at;
  if (at == 1 || at >= message.size() || message[at] != ',') return false;
  const std::string_view tail = message.substr(message.size() - std::min<std::size_t>(message.size(), 60));
  for (const std::string_view channel : {"\"book-", "\"trade\",\"", "\"ticker\",\"", "\"spread\",\""})
    if (tail.find(channel) != tail.npos) return tail.find('/') != tail.npos;
  return false;
}

}  // namespace

namespace venue_entries {
VenueEntry kraken() { return {"kraken", "Kraken spot, websocket v1", claims, open}; }
}  // namespace venue_entries

}  // namespace tf::data
