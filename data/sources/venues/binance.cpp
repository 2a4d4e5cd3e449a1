// Binance spot, USD-M and COIN-M futures: depthUpdate, partial books, REST depth snapshots, bookTicker, trade,
// aggTrade, with or without the combined-stream wrapper {"stream": ..., "data": ...}.
//
// exch_ts is the transaction time T where a message has one, else the event time E. Spot bookTicker, partial books and
// REST snapshots carry no time: they get the latest event time heard before them, local_ts if there is none yet. The
// venue sends no snapshots in its stream: deltas without one are used and noted, and best quotes come from the book
// only while it stands on a snapshot without a gap. A snapshot that is older than deltas already heard gets these on
// top. aggTrade and trade tell of the same trades: the kind heard first is used, the other refused. A partial book
// beside the deltas is refused too.
#include <array>

#include "cuda/base/time.hpp"
#include "data/sources/venues/json_fields.hpp"

namespace tf::data {
namespace {

enum class Market { spot, usdm, coinm };

// The members of a message, by the venue's names; empty where there is no such member.
struct Fields {
  std::string_view stream, e, s, E, T, U, u, pu, last_update_id, a, b, A, B, p, q, t, m, X;
  bool bids = false, asks = false;  // there were arrays of levels
};

class Binance : public Venue {
 public:
  explicit Binance(const VenueInput& input)
      : symbol_(input.symbol), book_(input, {.snapshots_in_stream = false}), trades_(input, true) {}

  Heard hear(const Message& message, EventQueue& out) override {
    fields_ = {};
    levels_.clear();
    if (!json_.open(message.json)) return Heard::no(heard::kBadJson);
    if (json_.is_array()) return Heard::no(heard::kNotMarketData);
    bool inner_sound = true;
    const bool sound = json_.members([&](std::string_view key, JsonValue value) {
      if (key == "stream") {
        fields_.stream = text_of(value);
      } else if (key == "data" && is_object(value)) {
        bool levels_sound = true;
        inner_sound = each_member(
            value, [&](std::string_view name, JsonValue inner) { return levels_sound = read(name, inner); });
        inner_sound = inner_sound && levels_sound;
      } else {
        inner_sound = inner_sound && read(key, value);
      }
      return inner_sound;
    });
    if (!sound || !inner_sound) return Heard::no(heard::kBadJson);
    return tell(message, out);
  }

 private:
  bool read(std::string_view key, JsonValue value) {
    if (key == "bids" || key == "asks" || ((key == "b" || key == "a") && is_array(value))) {
      const bool bid = key[0] == 'b';
      (bid ? fields_.bids : fields_.asks) = true;
      return levels_of(value, bid, levels_);
    }
    if (key.size() == 1) {
      if (const auto field = kOneLetter[static_cast<unsigned char>(key[0]) & 127]) fields_.*field = text_of(value);
    } else if (key == "pu") {
      fields_.pu = text_of(value);
    } else if (key == "symbol") {
      fields_.s = text_of(value);
    } else if (key == "lastUpdateId") {
      fields_.last_update_id = text_of(value);
    }
    return true;
  }

  Heard tell(const Message& message, EventQueue& out) {
    RowTimes times{clock_ns_ > 0 ? clock_ns_ : message.local_ts, message.local_ts};
    if (const char* const reason = tell_time(times)) return Heard::no(reason);
    const bool is_delta = fields_.e == "depthUpdate" && !of_partial_stream();
    const bool is_snapshot = fields_.bids && fields_.asks && !is_delta;
    const bool is_quote = fields_.e == "bookTicker" ||
                          (fields_.e.empty() && !fields_.u.empty() && !fields_.B.empty() && !fields_.A.empty());
    const bool is_trade = fields_.e == "trade" || fields_.e == "aggTrade";
    if (!is_delta && !is_snapshot && !is_quote && !is_trade) return Heard::no(heard::kNotMarketData);

    const std::string_view symbol = symbol_of(message.address);
    if (symbol.empty() ? !is_snapshot || others_ : !same_symbol(symbol, symbol_)) {
      others_ = true;
      return symbol.empty() ? Heard::no(heard::kMissingMember) : Heard::other(symbol);
    }
    Heard heard;
    heard.refused = is_delta      ? tell_delta(times, heard, out)
                    : is_snapshot ? tell_snapshot(times, heard, out)
                    : is_quote    ? tell_quote(times, heard, out)
                                  : tell_trade(times, heard, out);
    return heard;
  }

  // The latest event time of any symbol is the venue's clock for what carries none.
  const char* tell_time(RowTimes& times) {
    int64_t event = 0;
    if (!fields_.E.empty()) {
      if (!epoch_ns(fields_.E, TimeUnit::automatic, event)) return heard::kBadTime;
      constexpr int64_t kBelievable = 60 * kSecond;  // streams are not ordered among each other, but not that far off
      if (event > clock_ns_ || event < clock_ns_ - kBelievable) clock_ns_ = event;
      times.exch_ts = event;
    }
    if (!fields_.T.empty() && !epoch_ns(fields_.T, TimeUnit::automatic, times.exch_ts)) return heard::kBadTime;
    return nullptr;
  }

  // Futures name a partial book like a delta; only the stream tells: ethusdt@depth20@100ms.
  bool of_partial_stream() const {
    const std::size_t at = fields_.stream.find("@depth");
    if (at == fields_.stream.npos) return false;
    const std::string_view rest = fields_.stream.substr(at + 6);
    return !rest.empty() && rest[0] >= '0' && rest[0] <= '9';
  }

  std::string_view symbol_of(std::string_view address) const {
    if (!fields_.s.empty()) return fields_.s;
    if (const std::size_t at = fields_.stream.find('@'); at != fields_.stream.npos) return fields_.stream.substr(0, at);
    if (const std::size_t at = address.find("symbol="); at != address.npos) {
      const std::string_view name = address.substr(at + 7);
      return name.substr(0, name.find_first_of("& "));
    }
    return {};
  }

  const char* tell_delta(RowTimes times, Heard& heard, EventQueue& out) {
    int64_t first, last, previous;
    if (!integer_of(fields_.U, first) || !integer_of(fields_.u, last)) return heard::kMissingMember;
    previous = first - 1;
    if (!fields_.pu.empty() && !integer_of(fields_.pu, previous)) return heard::kMissingMember;
    deltas_ = true;
    return book_.delta(levels_, previous, last, times, heard, out);
  }

  const char* tell_snapshot(RowTimes times, Heard& heard, EventQueue& out) {
    int64_t sequence;
    if (!integer_of(fields_.last_update_id.empty() ? fields_.u : fields_.last_update_id, sequence))
      return heard::kMissingMember;
    if (of_partial_stream()) {
      if (deltas_) return "partial book beside the deltas";
      if (sequence <= partial_sequence_) return heard::kOldUpdate;
      partial_sequence_ = sequence;
    }
    return book_.snapshot(levels_, sequence, times, heard, out);
  }

  const char* tell_quote(RowTimes times, Heard& heard, EventQueue& out) {
    int64_t update = 0;
    if (!fields_.u.empty() && !integer_of(fields_.u, update)) return heard::kMissingMember;
    if (update != 0 && update == quote_update_) return "repeated best quote";
    if (update < quote_update_) heard.note("best quote older than the one before");
    quote_update_ = update;
    return book_.quote(QuoteKind::stream, {fields_.b, fields_.B, fields_.a, fields_.A}, times, heard, out);
  }

  // m: the buyer was the maker, so the aggressor sold. X is not MARKET for what did not go through the book (insurance
  // fund, auto-deleveraging).
  const char* tell_trade(RowTimes times, Heard& heard, EventQueue& out) {
    if (trade_kind_.empty()) trade_kind_ = fields_.e;
    if (trade_kind_ != fields_.e) return "same trades in another stream";
    if (fields_.m != "true" && fields_.m != "false") return heard::kMissingMember;
    TradeText trade{fields_.e == "trade" ? fields_.t : fields_.a, fields_.p, fields_.q, times.exch_ts, 0};
    if (trade.id.empty() || fields_.T.empty()) return heard::kMissingMember;
    trade.flags = fields_.m == "true" ? kFlagSell : kFlagBuy;
    if (!fields_.X.empty() && fields_.X != "MARKET") trade.flags |= kFlagIrregular;
    return trades_.push({&trade, 1}, times.local_ts, heard, out);
  }

  using Field = std::string_view Fields::*;
  static constexpr std::array<Field, 128> kOneLetter = [] {
    std::array<Field, 128> table{};
    table['e'] = &Fields::e;
    table['s'] = &Fields::s;
    table['E'] = &Fields::E;
    table['T'] = &Fields::T;
    table['U'] = &Fields::U;
    table['u'] = &Fields::u;
    table['a'] = &Fields::a;
    table['b'] = &Fields::b;
    table['A'] = &Fields::A;
    table['B'] = &Fields::B;
    table['p'] = &Fields::p;
    table['q'] = &Fields::q;
    table['t'] = &Fields::t;
    table['m'] = &Fields::m;
    table['X'] = &Fields::X;
    return table;
  }();

  std::string symbol_;
  RecordedBook book_;
  RecordedTrades trades_;
  JsonMessage json_;
  Fields fields_;
  std::vector<LevelText> levels_;
  int64_t clock_ns_ = 0, partial_sequence_ = 0, quote_update_ = 0;
  std::string trade_kind_;
  bool deltas_ = false, others_ = false;
};

std::unique_ptr<Venue> open(const VenueInput& input) { return std::make_unique<Binance>(input); }

// Which of the three markets a message is of, when nothing but the message is known: COIN-M names a pair (ps) or has
// USD_ in its symbols; spot trades have M, spot quotes no time, spot deltas no pu.
bool claims(Market market, std::string_view address, std::string_view message) {
  if (address.find("binance") != address.npos) {
    const auto has = [&](std::string_view host) { return address.find(host) != address.npos; };
    const Market named = has("//dstream") || has("//dapi")   ? Market::coinm
                         : has("//fstream") || has("//fapi") ? Market::usdm
                                                             : Market::spot;
    return market == named;
  }
  if (!address.empty()) return false;
  const auto names = [&](std::string_view kind) { return message.find(kind) != message.npos; };
  const bool delta = names("\"depthUpdate\"") && has_member(message, "U");
  const bool quote = has_member(message, "u") && has_member(message, "B") && has_member(message, "A");
  const bool trade =
      (names("\"trade\"") || names("\"aggTrade\"")) && has_member(message, "m") && has_member(message, "T");
  const bool snapshot = has_member(message, "lastUpdateId") && has_member(message, "bids");
  if (!delta && !quote && !trade && !snapshot) return false;
  const bool coinm = has_member(message, "ps") || has_member(message, "pair") || names("USD_");
  const bool futures = coinm || has_member(message, "pu") || ((quote || snapshot) && has_member(message, "T")) ||
                       (trade && !has_member(message, "M"));
  return market == (coinm ? Market::coinm : futures ? Market::usdm : Market::spot);
}

template <Market market>
bool claims_of(std::string_view address, std::string_view message) {
  return claims(market, address, message);
}

}  // namespace

namespace venue_entries {

VenueEntry binance_spot() { return {"binance_spot", "Binance spot", claims_of<Market::spot>, open}; }
VenueEntry binance_usdm() { return {"binance_usdm", "Binance USD-M futures", claims_of<Market::usdm>, open}; }
VenueEntry binance_coinm() { return {"binance_coinm", "Binance COIN-M futures", claims_of<Market::coinm>, open}; }

}  // namespace venue_entries
}  // namespace tf::data
