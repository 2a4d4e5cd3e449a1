// OKX, websocket v5: {"arg": {"channel", "instId"}, "action", "data": [...]}; channels books, books5, books-l2-tbt,
// books50-l2-tbt, bbo-tbt, trades, trades-all, tickers.
//
// The book is chained by prevSeqId = previous seqId where messages have them (since 2022), and checked by the CRC-32 of
// its 25 best levels a side where they have that (0 since it was given up). books5 is a snapshot each time. Of several
// book channels the first heard is used, any other rather than books5; of trades and trades-all the first heard. A
// trade's side is the taker's. tickers give best quotes only while nothing better does.
#include <zlib.h>

#include <algorithm>

#include "data/sources/venues/json_fields.hpp"

namespace tf::data {
namespace {

// The members of one element of "data", by the venue's names.
struct Fields {
  std::string_view ts, checksum, seq, previous, id, count, px, sz, side, bid, bid_sz, ask, ask_sz;
  bool bids = false, asks = false;
};

// A number as it was written: digits with trailing zeros, no sign of plus, no exponent.
void write(const Decimal& number, std::string& text) {
  std::string digits = std::to_string(number.mantissa);
  const bool negative = digits[0] == '-';
  if (negative) digits.erase(0, 1);
  if (number.exponent < 0) {
    const std::size_t decimals = static_cast<std::size_t>(-number.exponent);
    if (digits.size() <= decimals) digits.insert(0, decimals + 1 - digits.size(), '0');
    digits.insert(digits.size() - decimals, 1, '.');
  }
  if (negative) text += '-';
  text += digits;
}

class Okx : public Venue {
 public:
  explicit Okx(const VenueInput& input)
      : symbol_(input.symbol), book_(input, {.keep_written = true}), trades_(input, false) {}

  Heard hear(const Message& message, EventQueue& out) override {
    channel_ = instrument_ = action_ = {};
    event_ = false;
    elements_.clear();
    levels_.clear();
    if (!json_.open(message.json)) return Heard::no(heard::kBadJson);
    if (json_.is_array()) return Heard::no(heard::kNotMarketData);
    bool sound = true;
    sound = json_.members([&](std::string_view key, JsonValue value) { return sound = read(key, value); }) && sound;
    if (!sound) return Heard::no(heard::kBadJson);
    const bool is_book = channel_ == "books5" || channel_ == "books" || channel_ == "books-l2-tbt" ||
                         channel_ == "books50-l2-tbt" || channel_ == "bbo-tbt";
    const bool is_trades = channel_ == "trades" || channel_ == "trades-all";
    if (event_ || elements_.empty() || (!is_book && !is_trades && channel_ != "tickers"))
      return Heard::no(heard::kNotMarketData);
    if (!same_symbol(instrument_, symbol_)) return Heard::other(instrument_);
    Heard heard;
    heard.refused = is_trades              ? tell_trades(message.local_ts, heard, out)
                    : !is_book             ? tell_ticker(message.local_ts, heard, out)
                    : elements_.size() > 1 ? "several books in a message"
                                           : tell_book(message.local_ts, heard, out);
    return heard;
  }

 private:
  bool read(std::string_view key, JsonValue value) {
    if (key == "event") event_ = true;
    if (key == "action") action_ = text_of(value);
    if (key == "arg" && is_object(value))
      return each_member(value, [&](std::string_view name, JsonValue inner) {
        if (name == "channel") channel_ = text_of(inner);
        if (name == "instId") instrument_ = text_of(inner);
        return true;
      });
    if (key != "data" || !is_array(value)) return true;
    bool sound = true;
    return each_element(value, [&](JsonValue element) { return sound = read_element(element); }) && sound;
  }

  bool read_element(JsonValue element) {
    if (!is_object(element)) return true;
    Fields& fields = elements_.emplace_back();
    bool sound = true;
    return each_member(element,
                       [&](std::string_view key, JsonValue value) {
                         if ((key == "bids" || key == "asks") && is_array(value)) {
                           (key[0] == 'b' ? fields.bids : fields.asks) = true;
                           return sound = levels_of(value, key[0] == 'b', levels_);
                         }
                         for (const auto& [name, field] : kNamed)
                           if (key == name) fields.*field = text_of(value);
                         return true;
                       }) &&
           sound;
  }

  const char* tell_book(int64_t local_ts, Heard& heard, EventQueue& out) {
    const Fields& fields = elements_[0];
    RowTimes times{0, local_ts};
    if (!epoch_ns(fields.ts, TimeUnit::ms, times.exch_ts)) return heard::kBadTime;
    if (!fields.bids || !fields.asks) return heard::kMissingMember;
    if (channel_ == "bbo-tbt") return tell_quote(times, heard, out);
    if (book_channel_ != channel_) {
      if (!book_channel_.empty() && (book_channel_ != "books5" || action_ != "snapshot"))
        return "same book in another channel";
      book_channel_ = channel_;
    }
    int64_t sequence = RecordedBook::kNoSequence, previous = RecordedBook::kNoSequence;
    if (!fields.seq.empty() && !integer_of(fields.seq, sequence)) return heard::kMissingMember;
    if (!fields.previous.empty() && !integer_of(fields.previous, previous)) return heard::kMissingMember;
    const char* reason;
    if (channel_ == "books5" || action_ == "snapshot") {
      reason = book_.snapshot(levels_, sequence, times, heard, out);
    } else if (action_ == "update") {
      if (previous == RecordedBook::kNoSequence) sequence = previous;
      reason = book_.delta(levels_, previous, sequence, times, heard, out);
    } else {
      reason = heard::kMissingMember;
    }
    if (!reason && !fields.checksum.empty() && fields.checksum != "0") compare_checksum(fields.checksum, heard);
    return reason;
  }

  // CRC-32 of bid and ask in turn, "px:size:px:size...", 25 levels; as a signed number.
  void compare_checksum(std::string_view checksum, Heard& heard) {
    text_.clear();
    const BookSide &bids = book_.levels().bids, &asks = book_.levels().asks;
    for (std::size_t rank = 0; rank < 25; ++rank)
      for (const BookSide* side : {&bids, &asks}) {
        if (rank >= side->size()) continue;
        const RecordedBook::Written& written = book_.written(side == &bids, side->at(rank).px);
        if (!text_.empty()) text_ += ':';
        write(written.px, text_);
        text_ += ':';
        write(written.qty, text_);
      }
    const uLong sum = crc32(0, reinterpret_cast<const Bytef*>(text_.data()), static_cast<uInt>(text_.size()));
    const auto is_signed = static_cast<int32_t>(static_cast<uint32_t>(sum));
    heard.note(std::to_string(is_signed) == checksum ? heard::kChecksumEqual : heard::kChecksumDiffers);
  }

  const char* tell_quote(RowTimes times, Heard& heard, EventQueue& out) {
    QuoteText quote;
    for (const LevelText& level : levels_) {
      (level.bid ? quote.bid : quote.ask) = level.px;
      (level.bid ? quote.bid_qty : quote.ask_qty) = level.qty;
    }
    return book_.quote(QuoteKind::stream, quote, times, heard, out);
  }

  const char* tell_ticker(int64_t local_ts, Heard& heard, EventQueue& out) {
    const Fields& fields = elements_.back();
    RowTimes times{0, local_ts};
    if (!epoch_ns(fields.ts, TimeUnit::ms, times.exch_ts)) return heard::kBadTime;
    return book_.quote(QuoteKind::ticker, {fields.bid, fields.bid_sz, fields.ask, fields.ask_sz}, times, heard, out);
  }

  const char* tell_trades(int64_t local_ts, Heard& heard, EventQueue& out) {
    if (trade_channel_.empty()) trade_channel_ = channel_;
    if (trade_channel_ != channel_) return "same trades in another stream";
    trade_texts_.clear();
    for (const Fields& fields : elements_) {
      TradeText trade{fields.id, fields.px, fields.sz, 0, fields.side == "buy" ? kFlagBuy : kFlagSell};
      if (!epoch_ns(fields.ts, TimeUnit::ms, trade.exch_ts)) return heard::kBadTime;
      if (fields.side != "buy" && fields.side != "sell") return "bad side";
      trade_texts_.push_back(trade);
      // One row may stand for `count` trades; its id is that of the last.
      int64_t id = 0, count = 1;
      if (!integer_of(fields.id, id)) continue;
      if (!fields.count.empty() && !integer_of(fields.count, count)) continue;
      if (trade_id_ > 0 && id > trade_id_ && id - trade_id_ > count) heard.note(heard::kGap);
      trade_id_ = std::max(trade_id_, id);
    }
    return trades_.push(trade_texts_, local_ts, heard, out);
  }

  struct Named {
    std::string_view name;
    std::string_view Fields::*field;
  };
  static constexpr Named kNamed[] = {{"ts", &Fields::ts},        {"checksum", &Fields::checksum},
                                     {"seqId", &Fields::seq},    {"prevSeqId", &Fields::previous},
                                     {"tradeId", &Fields::id},   {"count", &Fields::count},
                                     {"px", &Fields::px},        {"sz", &Fields::sz},
                                     {"side", &Fields::side},    {"bidPx", &Fields::bid},
                                     {"bidSz", &Fields::bid_sz}, {"askPx", &Fields::ask},
                                     {"askSz", &Fields::ask_sz}};

  std::string symbol_;
  RecordedBook book_;
  RecordedTrades trades_;
  JsonMessage json_;
  std::string book_channel_, trade_channel_;
  int64_t trade_id_ = 0;

  // of the message at hand
  std::string_view channel_, instrument_, action_;
  bool event_ = false;
  std::vector<Fields> elements_;
  std::vector<LevelText> levels_;
  std::vector<TradeText> trade_texts_;
  std::string text_;
};

std::unique_ptr<Venue> open(const VenueInput& input) { return std::make_unique<Okx>(input); }

// Bitget writes nearly alike, but names instType in arg.
bool claims(std::string_view address, std::string_view message) {
  if (!address.empty()) return address.find("okx.com") != address.npos || address.find("okex.com") != address.npos;
  const std::size_t arg = message.find("\"arg\":{");
  if (arg == message.npos || !has_member(message, "data")) return false;
  const std::string_view inside = message.substr(arg, message.find('}', arg) - arg);
  return has_member(inside, "channel") && has_member(inside, "instId") && !has_member(inside, "instType");
}

}  // namespace

namespace venue_entries {
VenueEntry okx() { return {"okx", "OKX, websocket v5", claims, open}; }
}  // namespace venue_entries

}  // namespace tf::data
