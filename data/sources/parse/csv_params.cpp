#include "data/sources/parse/csv_params.hpp"

#include <algorithm>

#include "cuda/base/error.hpp"

namespace tf::data {
namespace {

#define TF_CSV_PRESETS                                                                             \
  "none|lean_fx|lean_trade|lean_quote|histdata|truefx|tardis_trades|tardis_quotes|binance_trades|" \
  "binance_agg_trades|binance_book_ticker"

struct Setting {
  std::string CsvParams::*member;
  const char* value;
};
struct Preset {
  const char* name;
  std::vector<Setting> settings;
  double price_scale = 1;
};

using P = CsvParams;

// Layouts of TICK_FORMATS section 2. Names first, numbers for files without a header.
const std::vector<Preset>& presets() {
  static const std::vector<Preset> table = {
      {"none", {}},
      // ms since midnight (with fraction), bid, ask. Oanda is UTC; FXCM is UTC-5 all year: set zone = "-05:00".
      {"lean_fx",
       {{&P::delimiter, "comma"},
        {&P::header, "no"},
        {&P::time_column, "1"},
        {&P::time_format, "ms_of_day"},
        {&P::bid_column, "2"},
        {&P::ask_column, "3"}}},
      {"lean_trade",
       {{&P::delimiter, "comma"},
        {&P::header, "no"},
        {&P::time_column, "1"},
        {&P::time_format, "ms_of_day"},
        {&P::zone, "America/New_York"},
        {&P::price_column, "2"},
        {&P::size_column, "3"}},
       1e-4},
      // One side a row, the other side 0.
      {"lean_quote",
       {{&P::delimiter, "comma"},
        {&P::header, "no"},
        {&P::time_column, "1"},
        {&P::time_format, "ms_of_day"},
        {&P::zone, "America/New_York"},
        {&P::bid_column, "2"},
        {&P::bid_size_column, "3"},
        {&P::ask_column, "4"},
        {&P::ask_size_column, "5"},
        {&P::one_sided, "zero"}},
       1e-4},
      // 20200101 170000065,1.121200,1.121690,0: eastern standard time all year; the volume is always 0.
      {"histdata",
       {{&P::header, "no"},
        {&P::time_column, "1"},
        {&P::time_format, "datetime"},
        {&P::zone, "-05:00"},
        {&P::bid_column, "2"},
        {&P::ask_column, "3"}}},
      // EUR/USD,20130101 21:59:59.981,1.32023,1.32054
      {"truefx",
       {{&P::delimiter, "comma"},
        {&P::time_column, "2"},
        {&P::time_format, "datetime"},
        {&P::bid_column, "3"},
        {&P::ask_column, "4"},
        {&P::symbol_column, "1"}}},
      {"tardis_trades",
       {{&P::delimiter, "comma"},
        {&P::time_column, "timestamp|3"},
        {&P::time_unit, "us"},
        {&P::local_time_column, "local_timestamp|4"},
        {&P::local_time_unit, "us"},
        {&P::id_column, "id|5"},
        {&P::side_column, "side|6"},
        {&P::price_column, "price|7"},
        {&P::size_column, "amount|8"},
        {&P::symbol_column, "symbol|2"}}},
      {"tardis_quotes",
       {{&P::delimiter, "comma"},
        {&P::time_column, "timestamp|3"},
        {&P::time_unit, "us"},
        {&P::local_time_column, "local_timestamp|4"},
        {&P::local_time_unit, "us"},
        {&P::ask_size_column, "ask_amount|5"},
        {&P::ask_column, "ask_price|6"},
        {&P::bid_column, "bid_price|7"},
        {&P::bid_size_column, "bid_amount|8"},
        {&P::symbol_column, "symbol|2"}}},
      // Spot and futures files agree in these columns; ms or us is told by magnitude.
      {"binance_trades",
       {{&P::delimiter, "comma"},
        {&P::time_column, "time|5"},
        {&P::id_column, "id|1"},
        {&P::price_column, "price|2"},
        {&P::size_column, "qty|3"},
        {&P::side_column, "is_buyer_maker|6"},
        {&P::side_means, "buyer_is_maker"}}},
      {"binance_agg_trades",
       {{&P::delimiter, "comma"},
        {&P::time_column, "transact_time|time|timestamp|6"},
        {&P::id_column, "agg_trade_id|agg_id|1"},
        {&P::price_column, "price|2"},
        {&P::size_column, "quantity|qty|3"},
        {&P::side_column, "is_buyer_maker|7"},
        {&P::side_means, "buyer_is_maker"}}},
      {"binance_book_ticker",
       {{&P::delimiter, "comma"},
        {&P::time_column, "transaction_time|6"},
        {&P::bid_column, "best_bid_price|2"},
        {&P::bid_size_column, "best_bid_qty|3"},
        {&P::ask_column, "best_ask_price|4"},
        {&P::ask_size_column, "best_ask_qty|5"}}},
  };
  return table;
}

// What holds where neither the user nor the preset says anything.
const Setting kDefaults[] = {{&P::delimiter, "auto"},       {&P::header, "auto"},          {&P::time_format, "epoch"},
                             {&P::time_unit, "auto"},       {&P::date_order, "ymd"},       {&P::zone, "UTC"},
                             {&P::local_time_unit, "auto"}, {&P::side_means, "aggressor"}, {&P::one_sided, "no"},
                             {&P::buy_words, "buy|b|bid"},  {&P::sell_words, "sell|s|ask"}};

bool unsaid(const std::string& text) { return text.empty() || text == "preset"; }

// Choices are checked here too: params may come from code as well as from a config.
void check_choices(const CsvParams& params) {
  for (const Field& field : CsvParams::fields()) {
    if (field.type != FieldType::text || !field.choices) continue;
    const auto& text = *reinterpret_cast<const std::string*>(reinterpret_cast<const char*>(&params) + field.offset);
    if (("|" + std::string(field.choices) + "|").find("|" + text + "|") == std::string::npos || text.empty())
      throw Error(ErrorKind::config,
                  std::string("csv source: ") + field.name + " = '" + text + "'; expected one of " + field.choices);
  }
}

}  // namespace

std::span<const Field> CsvParams::fields() {
  static const Field table[] = {
      TF_TEXT_FIELD(P, preset, TF_CSV_PRESETS, "layout of a known vendor; every other parameter overrides it"),
      TF_TEXT_FIELD(P, delimiter, "preset|auto|comma|semicolon|tab|pipe|space",
                    "between cells; auto: by the first line"),
      TF_TEXT_FIELD(P, header, "preset|auto|yes|no",
                    "is the first line names; auto: by what stands in the price column"),
      TF_FIELD(P, skip_lines, 0, 1000000, "lines", "left out at the start of each file"),
      TF_TEXT_FIELD(P, comment, nullptr, "lines that begin with this text are left out"),
      TF_TEXT_FIELD(P, time_column, nullptr,
                    "column of the exchange time: header name, number from 1, or name|name|number"),
      TF_TEXT_FIELD(P, date_column, nullptr,
                    "column of the date, for times of day; without it the file name has the date"),
      TF_TEXT_FIELD(P, time_format, "preset|epoch|ms_of_day|seconds_of_day|clock|datetime",
                    "a number since 1970, a number since midnight, HH:MM:SS.fff or HHMMSSmmm, or date and clock time"),
      TF_TEXT_FIELD(P, time_unit, "preset|auto|s|ms|us|ns", "of epoch times; auto: by magnitude, row by row"),
      TF_TEXT_FIELD(P, date_order, "preset|ymd|dmy|mdy", "of dates that do not begin with the year"),
      TF_TEXT_FIELD(P, zone, nullptr, "of local times: UTC, a fixed offset such as -05:00, or an IANA name"),
      TF_TEXT_FIELD(P, local_time_column, nullptr, "column of the receiver's time, an epoch number"),
      TF_TEXT_FIELD(P, local_time_unit, "preset|auto|s|ms|us|ns", "of the receiver's time"),
      TF_TEXT_FIELD(P, bid_column, nullptr, "column of the bid price"),
      TF_TEXT_FIELD(P, ask_column, nullptr, "column of the ask price"),
      TF_TEXT_FIELD(P, bid_size_column, nullptr, "column of the bid size; none: sizes are unknown"),
      TF_TEXT_FIELD(P, ask_size_column, nullptr, "column of the ask size"),
      TF_TEXT_FIELD(P, price_column, nullptr, "column of the trade price"),
      TF_TEXT_FIELD(P, size_column, nullptr, "column of the trade size; none: sizes are unknown"),
      TF_TEXT_FIELD(P, side_column, nullptr, "column of the trade's side"),
      TF_TEXT_FIELD(P, side_means, "preset|aggressor|maker|buyer_is_maker", "whose side it is, or a true/false flag"),
      TF_TEXT_FIELD(P, buy_words, nullptr, "words for buy, separated by |; upper and lower case are one"),
      TF_TEXT_FIELD(P, sell_words, nullptr, "words for sell"),
      TF_TEXT_FIELD(P, id_column, nullptr, "column of the trade id; a row whose id was seen shortly before is refused"),
      TF_TEXT_FIELD(P, symbol_column, nullptr, "column of the symbol, with `symbol`"),
      TF_TEXT_FIELD(P, symbol, nullptr, "take only rows of this symbol; empty: all rows"),
      TF_TEXT_FIELD(P, one_sided, "preset|no|empty|zero",
                    "a quote side without news is an empty cell, or a price of 0"),
      TF_FIELD(P, price_scale, 0, kAny, "", "prices are multiplied by this; 0: as the preset says, else 1"),
      TF_FIELD(P, size_scale, 0, kAny, "", "sizes are multiplied by this; 0: 1"),
      TF_TEXT_FIELD(P, off_grid, "refuse|round", "rows whose price or size is no multiple of the tick or lot size"),
  };
  return table;
}

CsvParams complete(const CsvParams& params) {
  check_choices(params);
  CsvParams full = params;
  const auto preset = std::find_if(presets().begin(), presets().end(),
                                   [&](const Preset& candidate) { return params.preset == candidate.name; });
  expect(preset != presets().end(), "each preset of the choices is in the table");
  for (const Setting& setting : preset->settings)
    if (unsaid(full.*setting.member)) full.*setting.member = setting.value;
  for (const Setting& setting : kDefaults)
    if (unsaid(full.*setting.member)) full.*setting.member = setting.value;
  if (full.price_scale == 0) full.price_scale = preset->price_scale;
  if (full.size_scale == 0) full.size_scale = 1;
  for (const auto column :
       {&P::time_column, &P::date_column, &P::local_time_column, &P::bid_column, &P::ask_column, &P::bid_size_column,
        &P::ask_size_column, &P::price_column, &P::size_column, &P::side_column, &P::id_column, &P::symbol_column})
    if (full.*column == "-") (full.*column).clear();

  const auto demand = [](bool holds, const char* what) {
    if (!holds) throw Error(ErrorKind::config, std::string("csv source: ") + what);
  };
  const bool quotes = !full.bid_column.empty() || !full.ask_column.empty(), trades = !full.price_column.empty();
  demand(!full.time_column.empty(), "time_column is missing: name a preset or a column");
  demand(quotes || trades, "name bid_column and ask_column (quotes) or price_column (trades), or a preset");
  demand(!(quotes && trades), "a row is a quote or a trade: bid_column or ask_column beside price_column");
  demand(!quotes || (!full.bid_column.empty() && !full.ask_column.empty()), "quotes need bid_column and ask_column");
  demand(full.bid_size_column.empty() == full.ask_size_column.empty(), "name both bid_size_column and ask_size_column");
  demand(full.symbol.empty() || !full.symbol_column.empty(), "symbol needs symbol_column");
  if (full.symbol.empty()) full.symbol_column.clear();
  return full;
}

}  // namespace tf::data
