#include "data/sources/parse/csv_guess.hpp"

#include <algorithm>
#include <optional>
#include <string>

#include "data/sources/parse/csv_columns.hpp"
#include "data/sources/parse/csv_marks.hpp"
#include "data/sources/parse/decimal.hpp"
#include "data/sources/parse/input_file.hpp"

namespace tf::data {
namespace {

using Cells = std::vector<std::string>;
using Sure = Guess::Sure;

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  return out;
}

bool all_digits(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

bool is_number(std::string_view text) {
  Decimal value;
  return parse_any_decimal(text, value) == ParseState::good;
}

std::string_view whole_part(std::string_view text) { return text.substr(0, text.find('.')); }

// Seconds since 1970 as people write them for ticks: ten digits, perhaps with a fraction.
bool is_seconds(std::string_view text) {
  return is_number(text) && whole_part(text).size() == 10 && all_digits(whole_part(text));
}
bool is_ms_or_us(std::string_view text) { return all_digits(text) && (text.size() == 13 || text.size() == 16); }
bool is_truth(std::string_view text) {
  const std::string word = lower(text);
  return word == "true" || word == "false";
}
bool is_time_of_day(std::string_view text) {
  return is_number(text) && text[0] != '-' && whole_part(text).size() <= 8 && all_digits(whole_part(text));
}

// The text against a pattern: 9 a digit, A a capital letter, anything else itself.
bool looks_like(std::string_view text, std::string_view pattern) {
  return text.size() >= pattern.size() &&
         std::equal(pattern.begin(), pattern.end(), text.begin(), [](char want, char c) {
           return want == '9' ? c >= '0' && c <= '9' : want == 'A' ? c >= 'A' && c <= 'Z' : want == c;
         });
}

// The first lines of a text as cells.
struct Lines {
  std::vector<Cells> rows;
  char delimiter = ',';

  explicit Lines(std::string_view bytes) {
    if (bytes.starts_with("\xEF\xBB\xBF")) bytes.remove_prefix(3);
    const char end = bytes.find('\n') == bytes.npos ? '\r' : '\n';
    while (!bytes.empty() && rows.size() < 50) {
      const std::size_t newline = bytes.find(end);
      if (newline == bytes.npos && !rows.empty()) break;  // perhaps cut
      std::string_view line = bytes.substr(0, newline);
      bytes.remove_prefix(newline == bytes.npos ? bytes.size() : newline + 1);
      if (line.ends_with('\r')) line.remove_suffix(1);
      if (line.empty() || line[0] == '#') continue;
      if (rows.empty()) delimiter = delimiter_of("auto", line);
      QuotedRow quoted;
      const CsvRow row = quoted.split(line, delimiter);
      Cells cells;
      for (int cell = 0; cell < row.cells && cell < kMostColumns; ++cell) cells.emplace_back(row[cell]);
      rows.push_back(std::move(cells));
    }
  }
};

bool has(const Cells& header, std::string_view name) {
  return std::any_of(header.begin(), header.end(), [&](const std::string& cell) { return lower(cell) == name; });
}
bool has_all(const Cells& header, std::initializer_list<std::string_view> names) {
  return std::all_of(names.begin(), names.end(), [&](std::string_view name) { return has(header, name); });
}

Guess made(Sure sure, const char* preset, std::string why) { return {sure, std::move(why), {{"preset", preset}}}; }

// Path parts and the name of the file or entry, in small letters.
struct Path {
  std::vector<std::string> parts;
  std::string name;

  explicit Path(const InputHead& head) {
    const std::string path = lower(head.path);
    for (std::size_t from = 0;;) {
      const std::size_t slash = path.find('/', from);
      parts.push_back(path.substr(from, slash - from));
      if (slash == path.npos) break;
      from = slash + 1;
    }
    const std::string member = lower(head.member);
    name = parts.back() + "!" + member.substr(member.find_last_of('/') + 1);
  }
  bool has(std::string_view part) const { return std::find(parts.begin(), parts.end(), part) != parts.end(); }
  bool in_name(std::string_view text) const { return name.find(text) != name.npos; }
};

// .../forex/oanda/tick/eurusd/20140501_quote.zip!20140501_eurusd_tick_quote.csv
std::optional<Guess> guess_lean(const Path& path, const Cells& row) {
  if (row.size() < 3 || !is_time_of_day(row[0]) || !is_number(row[1])) return {};
  const bool quote = path.in_name("quote"), trade = path.in_name("trade");
  if (quote == trade || !looks_like(path.name, "99999999")) return {};
  const bool tick = path.has("tick") || path.in_name("_tick");
  const std::string symbol = path.parts.size() > 1 ? path.parts[path.parts.size() - 2] : "";
  const std::string why = std::string("LEAN ") + (quote ? "quotes" : "trades") + " by path and name, symbol " + symbol;
  if (path.has("forex") || path.has("cfd")) {
    Guess guess = made(tick ? Sure::yes : Sure::maybe, "lean_fx", why);
    if (path.has("fxcm")) guess.params.emplace_back("zone", "-05:00");
    return guess;
  }
  if (path.has("equity")) return made(tick ? Sure::yes : Sure::maybe, quote ? "lean_quote" : "lean_trade", why);
  if (path.has("crypto"))
    return made(tick ? Sure::yes : Sure::maybe, quote ? "lean_crypto_quote" : "lean_crypto_trade", why);
  if (path.has("future"))
    return made(Sure::maybe, quote ? "lean_futures_quote" : "lean_futures_trade",
                why + "; zone: that of the market's data, New York unless said");
  if (!tick) return {};
  if (quote && row.size() == 3)
    return made(Sure::maybe, "lean_fx", why + "; zone: Oanda is UTC, FXCM is -05:00, the path does not say");
  if (row.size() >= 6)
    return made(Sure::maybe, quote ? "lean_quote" : "lean_trade", why + "; of an equity? prices times 10000");
  return {};
}

std::optional<Guess> guess_by_header(const Cells& header, const Cells& row) {
  const std::string first = row.empty() ? std::string() : row[0];
  if (has_all(header, {"exch_ts", "local_ts", "kind", "px", "qty", "order_id", "flags"}))
    return made(Sure::yes, "tickfold", "ticks as tickfold exports them");
  if (has_all(header, {"exchange", "symbol", "timestamp", "local_timestamp"})) {
    if (has(header, "asks[0].price")) return made(Sure::yes, "tardis_book_snapshot", "Tardis book snapshots");
    if (has_all(header, {"is_snapshot", "side", "price", "amount"}))
      return made(Sure::yes, "tardis_l2", "Tardis incremental_book_L2");
    if (has_all(header, {"ask_amount", "ask_price", "bid_price", "bid_amount"}))
      return made(Sure::yes, "tardis_quotes", "Tardis quotes");
    if (has_all(header, {"id", "side", "price", "amount"})) return made(Sure::yes, "tardis_trades", "Tardis trades");
    return {};
  }
  if (has_all(header, {"<date>", "<time>", "<bid>", "<ask>"})) {
    Guess guess = made(Sure::maybe, "mt5", "MetaTrader 5 ticks; zone: the broker's, New York plus 7 h unless said");
    guess.params.emplace_back("zone", "broker/NY+7");
    return guess;
  }
  if ((has(header, "gmt time") || has(header, "local time")) && has_all(header, {"ask", "bid"}))
    return made(Sure::yes, "dukascopy_csv", "Dukascopy csv");
  if (has_all(header, {"agg_trade_id", "price", "quantity", "transact_time", "is_buyer_maker"}))
    return made(Sure::yes, "binance_agg_trades", "Binance aggTrades");
  if (has_all(header, {"id", "price", "qty", "time", "is_buyer_maker"}))
    return made(Sure::yes, "binance_trades", "Binance trades");
  if (has_all(header, {"update_id", "best_bid_price", "best_ask_price", "transaction_time"}))
    return made(Sure::yes, "binance_book_ticker", "Binance bookTicker");
  if (has_all(header, {"first_update_id", "last_update_id", "update_type", "side", "price", "qty"}))
    return made(Sure::yes, "binance_depth", "Binance T_DEPTH");
  if (has_all(header, {"timestamp", "symbol", "side", "size", "price", "trdmatchid"}))
    return looks_like(first, "9999-99-99") ? made(Sure::yes, "bitmex", "BitMEX trades")
                                           : made(Sure::yes, "bybit", "Bybit trades");
  if (has_all(header, {"id", "timestamp", "price", "volume", "side"}))
    return made(Sure::yes, "bybit", "Bybit spot trades");
  if (has_all(header, {"id", "timestamp", "exchange.timestamp", "price", "volume", "action", "direction"}))
    return made(Sure::yes, "bitstamp_l3", "orders in the layout of ob-analytics");
  if (has_all(header, {"sip_timestamp", "participant_timestamp"})) {
    if (has_all(header, {"ask_price", "bid_price"})) return made(Sure::yes, "polygon_quotes", "Polygon quotes");
    if (has_all(header, {"price", "size"})) return made(Sure::yes, "polygon_trades", "Polygon trades");
  }
  const auto begins = [&](std::string_view name) {
    return std::any_of(header.begin(), header.end(),
                       [&](const std::string& cell) { return lower(cell).starts_with(name); });
  };
  if (begins("trade_id") && begins("created_time") && begins("price") && begins("side"))
    return made(Sure::yes, "okx", "OKX trades");
  if (header.size() == 4 && has_all(header, {"id", "price", "amount", "type"}) && is_ms_or_us(first) &&
      first.size() == 16)
    return made(Sure::yes, "mtgox", "Mt.Gox trades, the id is the time");
  return {};
}

std::optional<Guess> guess_by_shape(const Path& path, const Cells& row) {
  const std::size_t cells = row.size();
  const auto numbers = [&](std::size_t from, std::size_t to) {
    return cells >= to &&
           std::all_of(row.begin() + static_cast<std::ptrdiff_t>(from), row.begin() + static_cast<std::ptrdiff_t>(to),
                       [](const std::string& cell) { return is_number(cell); });
  };
  if (cells == 4 && looks_like(row[0], "99999999 999999999") && row[0].size() == 18 && numbers(1, 4))
    return made(Sure::yes, "histdata", "HistData ticks, eastern standard time");
  if (cells == 4 && looks_like(row[0], "AAA/AAA") && looks_like(row[1], "99999999 99:99:99.") && numbers(2, 4))
    return made(Sure::yes, "truefx", "TrueFX ticks of " + row[0]);
  if ((cells == 7 || cells == 8) && numbers(0, 5) && is_ms_or_us(row[5]) && is_truth(row[6]))
    return made(Sure::yes, "binance_agg_trades", "Binance aggTrades without header");
  if ((cells == 6 || cells == 7) && numbers(0, 4) && is_ms_or_us(row[4]) && is_truth(row[5]))
    return made(Sure::yes, "binance_trades", "Binance trades without header");
  if (cells == 7 && numbers(0, 5) && is_ms_or_us(row[5]) && is_ms_or_us(row[6]))
    return made(path.in_name("bookticker") ? Sure::yes : Sure::maybe, "binance_book_ticker",
                "Binance bookTicker without header, by its columns");
  if (cells == 9 && is_ms_or_us(row[1]) && (row[5] == "snap" || row[5] == "set"))
    return made(Sure::yes, "binance_depth", "Binance T_DEPTH without header");
  if (cells == 5 && is_seconds(row[0]) && all_digits(row[1]) && numbers(2, 4) && (row[4] == "1" || row[4] == "2"))
    return made(Sure::maybe, "gateio", "seconds, id, price, amount, 1 or 2: Gate.io deals?");
  if (cells == 3 && is_seconds(row[0]) && numbers(1, 3))
    return made(Sure::yes, path.in_name("kraken") ? "kraken" : "bitcoincharts",
                "seconds, price, amount, as Kraken and bitcoincharts both write: the same ticks");
  if ((cells == 6 || cells == 7) && looks_like(row[0], "9999.99.99") && looks_like(row[1], "99:99:99"))
    return made(Sure::maybe, "mt5",
                "date, time, bid, ask, last, volume: MetaTrader 5 without header? zone: the broker's");
  return {};
}

// Any file whose header says what its columns are.
std::optional<Guess> guess_by_words(const Cells& header, const Cells& row) {
  const auto find = [&](std::initializer_list<std::string_view> names) -> std::string {
    for (const std::string_view name : names)
      for (const std::string& cell : header)
        if (lower(cell) == name) return cell;
    return {};
  };
  const std::string time = find({"timestamp", "time", "ts", "datetime", "date_time", "ts_event", "exch_ts"});
  const std::string price = find({"price", "px", "last", "trade_price"});
  const std::string bid = find({"bid", "bid_price", "bidprice", "best_bid"});
  const std::string ask = find({"ask", "ask_price", "askprice", "best_ask", "offer"});
  if (time.empty() || (price.empty() && (bid.empty() || ask.empty()))) return {};
  Guess guess{Sure::maybe, "by the names in the header", {{"time_column", time}}};
  const auto at = static_cast<std::size_t>(std::find(header.begin(), header.end(), time) - header.begin());
  if (at < row.size() && !is_number(row[at])) guess.params.emplace_back("time_format", "datetime");
  const auto add = [&](const char* param, const std::string& column) {
    if (!column.empty()) guess.params.emplace_back(param, column);
  };
  if (!bid.empty() && !ask.empty()) {
    const std::string bid_size = find({"bid_size", "bidsize", "bid_qty", "bid_amount", "bid_volume", "bidvolume"});
    const std::string ask_size = find({"ask_size", "asksize", "ask_qty", "ask_amount", "ask_volume", "askvolume"});
    add("bid_column", bid);
    add("ask_column", ask);
    if (!bid_size.empty() && !ask_size.empty()) {
      add("bid_size_column", bid_size);
      add("ask_size_column", ask_size);
    }
  } else {
    add("price_column", price);
    add("size_column", find({"size", "qty", "quantity", "amount", "volume"}));
    add("side_column", find({"side", "direction"}));
  }
  guess.why += "; what else the columns mean: to be said";
  return guess;
}

// Files of several symbols: the user has to name one.
void look_for_symbols(const Lines& lines, Guess& guess) {
  static constexpr std::string_view kNames[] = {"symbol", "ticker", "instrument_name"};
  const Cells& header = lines.rows[0];
  for (std::size_t column = 0; column < header.size(); ++column) {
    if (std::find(std::begin(kNames), std::end(kNames), lower(header[column])) == std::end(kNames)) continue;
    std::string first;
    for (std::size_t row = 1; row < lines.rows.size(); ++row) {
      if (lines.rows[row].size() <= column) continue;
      const std::string& symbol = lines.rows[row][column];
      if (first.empty()) first = symbol;
      if (symbol == first) continue;
      guess.sure = Sure::maybe;
      guess.why += "; several symbols: set symbol";
      return;
    }
    if (!first.empty()) guess.why += ", symbol " + first;
    return;
  }
}

}  // namespace

Guess guess_csv(const InputHead& head) {
  if (head.bytes.empty() || known_format(head.bytes)) return {};
  if (head.bytes.substr(0, 4096).find('\0') != head.bytes.npos) return {};
  const Lines lines(head.bytes);
  if (lines.rows.empty()) return {};
  const Cells none;
  const Cells& first = lines.rows[0];
  const Cells& second = lines.rows.size() > 1 ? lines.rows[1] : none;
  const Path path(head);
  if (const auto guess = guess_lean(path, first)) return *guess;
  if (auto guess = guess_by_header(first, second)) {
    look_for_symbols(lines, *guess);
    return *guess;
  }
  if (const auto guess = guess_by_shape(path, first)) return *guess;
  if (const auto guess = guess_by_shape(path, second); guess && guess->params[0].second == "truefx") return *guess;
  if (const auto guess = guess_by_words(first, second)) return *guess;
  return {};
}

}  // namespace tf::data
