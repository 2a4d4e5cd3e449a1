#include "data/sources/parse/csv_params.hpp"

#include <algorithm>

#include "cuda/base/error.hpp"
#include "data/sources/parse/csv_presets.hpp"

namespace tf::data {
namespace {

using P = CsvParams;

// What holds where neither the user nor the preset says anything.
const CsvSetting kDefaults[] = {{&P::delimiter, "auto"},
                                {&P::header, "auto"},
                                {&P::time_format, "epoch"},
                                {&P::time_unit, "auto"},
                                {&P::date_order, "ymd"},
                                {&P::zone, "UTC"},
                                {&P::local_time_unit, "auto"},
                                {&P::side_means, "aggressor"},
                                {&P::one_sided, "no"},
                                {&P::buy_words, "buy|b|bid"},
                                {&P::sell_words, "sell|s|ask"},
                                {&P::rows, "auto"},
                                {&P::decimal, "point"},
                                {&P::id_gaps, "no"},
                                {&P::snapshot_words, "true|1|snapshot|snap"},
                                {&P::snapshot_resets, "run"}};

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
      TF_TEXT_FIELD(P, preset, csv_preset_choices(), "layout of a known vendor; every other parameter overrides it"),
      TF_TEXT_FIELD(P, rows, "preset|auto|quotes|trades|mixed|levels|book|orders|ticks",
                    "what a row is: both sides, a trade, either (MetaTrader), one level, a whole book, an order"),
      TF_TEXT_FIELD(P, delimiter, "preset|auto|comma|semicolon|tab|pipe|space",
                    "between cells; auto: by the first line"),
      TF_TEXT_FIELD(P, header, "preset|auto|yes|no",
                    "is the first line names; auto: by what stands in the price column"),
      TF_TEXT_FIELD(P, decimal, "preset|point|comma", "what stands before the fraction of a number"),
      TF_FIELD(P, skip_lines, 0, 1000000, "lines", "left out at the start of each file"),
      TF_TEXT_FIELD(P, comment, nullptr, "lines that begin with this text are left out"),
      TF_TEXT_FIELD(P, trailer, nullptr, "lines that begin with this text close a file and are left out"),
      TF_TEXT_FIELD(P, time_column, nullptr,
                    "column of the exchange time: header name, number from 1, or name|name|number"),
      TF_TEXT_FIELD(P, date_column, nullptr,
                    "column of the date, for times of day; without it the file name has the date"),
      TF_TEXT_FIELD(P, time_format, "preset|epoch|ms_of_day|seconds_of_day|clock|datetime",
                    "a number since 1970, a number since midnight, HH:MM:SS.fff or HHMMSSmmm, or date and clock time"),
      TF_TEXT_FIELD(P, time_unit, "preset|auto|s|ms|us|ns", "of epoch times; auto: by magnitude, row by row"),
      TF_TEXT_FIELD(P, date_order, "preset|ymd|dmy|mdy", "of dates that do not begin with the year"),
      TF_TEXT_FIELD(
          P, zone, nullptr,
          "of local times: UTC, a fixed offset such as -05:00, an IANA name, or broker/NY+7 (New York plus 7 h)"),
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
      TF_TEXT_FIELD(P, id_gaps, "preset|yes|no", "trade ids count up by one: gaps are noted"),
      TF_TEXT_FIELD(P, symbol_column, nullptr, "column of the symbol, with `symbol`"),
      TF_TEXT_FIELD(P, symbol, nullptr, "take only rows of this symbol; empty: all rows"),
      TF_TEXT_FIELD(P, flags_column, nullptr,
                    "mixed: MetaTrader's flags, 2 bid, 4 ask, 8 last, 16 volume, 32 buy, 64 sell; ticks: ours"),
      TF_TEXT_FIELD(P, condition_column, nullptr,
                    "column of the trade's conditions, with auction_words or irregular_words"),
      TF_TEXT_FIELD(P, auction_words, nullptr, "conditions of auctions and crosses, separated by |, or a mask 0x…"),
      TF_TEXT_FIELD(P, irregular_words, nullptr, "conditions of prints outside the normal flow"),
      TF_TEXT_FIELD(P, irregular_column, nullptr, "column that is neither empty nor 0 nor false for such prints"),
      TF_TEXT_FIELD(P, snapshot_column, nullptr, "levels: column that tells rows of a snapshot"),
      TF_TEXT_FIELD(P, snapshot_words, nullptr, "levels: its words for a snapshot"),
      TF_TEXT_FIELD(P, snapshot_resets, "preset|run|event",
                    "levels: a book begins anew where snapshot rows follow others, or at each event of such rows"),
      TF_TEXT_FIELD(P, event_column, nullptr, "levels: rows of one value here, and one time, are one event"),
      TF_TEXT_FIELD(P, previous_column, nullptr, "levels: the event_column of the event before; gaps are noted"),
      TF_TEXT_FIELD(P, action_column, nullptr, "orders: created, changed or deleted"),
      TF_TEXT_FIELD(P, book_columns, nullptr,
                    "book: names of ask price, ask size, bid price, bid size, with # for the level from 0"),
      TF_FIELD(P, touch, 0, 1, "", "levels, book, orders: yield the best bid and ask too"),
      TF_TEXT_FIELD(
          P, one_sided, "preset|no|empty|zero|gone",
          "a quote side without news is an empty cell, or a price of 0; gone: either means that the side is empty now"),
      TF_FIELD(P, price_scale, 0, kAny, "", "prices are multiplied by this; 0: as the preset says, else 1"),
      TF_FIELD(P, size_scale, 0, kAny, "", "sizes are multiplied by this; 0: 1"),
      TF_TEXT_FIELD(P, off_grid, "refuse|round", "rows whose price or size is no multiple of the tick or lot size"),
      TF_FIELD(P, threads, 0, 64, "", "that read and parse; 0: by the machine"),
  };
  return table;
}

CsvParams complete(const CsvParams& params) {
  check_choices(params);
  CsvParams full = params;
  const auto preset = std::find_if(csv_presets().begin(), csv_presets().end(),
                                   [&](const CsvPreset& candidate) { return params.preset == candidate.name; });
  expect(preset != csv_presets().end(), "each preset of the choices is in the table");
  for (const CsvSetting& setting : preset->settings)
    if (unsaid(full.*setting.member)) full.*setting.member = setting.value;
  for (const CsvSetting& setting : kDefaults)
    if (unsaid(full.*setting.member)) full.*setting.member = setting.value;
  if (full.price_scale == 0) full.price_scale = preset->price_scale;
  if (full.size_scale == 0) full.size_scale = 1;
  for (const auto column : kColumnOf)
    if (full.*column == "-") (full.*column).clear();
  if (full.book_columns == "-") full.book_columns.clear();

  const auto demand = [](bool holds, const char* what) {
    if (!holds) throw Error(ErrorKind::config, std::string("csv source: ") + what);
  };
  const bool quotes = !full.bid_column.empty() || !full.ask_column.empty(), trades = !full.price_column.empty();
  demand(!full.time_column.empty(), "time_column is missing: name a preset or a column");
  if (full.rows == "auto")
    full.rows = !full.book_columns.empty()      ? "book"
                : !full.action_column.empty()   ? "orders"
                : !full.snapshot_column.empty() ? "levels"
                : quotes                        ? "quotes"
                                                : "trades";
  const bool is_quotes = full.rows == "quotes" || full.rows == "mixed";
  demand(quotes || trades || full.rows == "book",
         "name bid_column and ask_column (quotes) or price_column (trades), or a preset");
  demand(!(quotes && trades) || full.rows == "mixed",
         "a row is a quote or a trade: bid_column or ask_column beside price_column (rows = \"mixed\" takes both)");
  demand(!is_quotes || (!full.bid_column.empty() && !full.ask_column.empty()), "quotes need bid_column and ask_column");
  demand(full.rows != "trades" || trades, "trades need price_column");
  demand(full.rows != "ticks" || (trades && !full.flags_column.empty()), "ticks need price_column and flags_column");
  demand(full.bid_size_column.empty() == full.ask_size_column.empty(), "name both bid_size_column and ask_size_column");
  demand(full.rows != "levels" || (trades && !full.size_column.empty() && !full.side_column.empty()),
         "levels need price_column, size_column and side_column");
  demand(full.rows != "orders" || (trades && !full.size_column.empty() && !full.side_column.empty() &&
                                   !full.action_column.empty() && !full.id_column.empty()),
         "orders need price_column, size_column, side_column, action_column and id_column");
  demand(full.rows != "book" || !full.book_columns.empty(), "a book needs book_columns");
  demand(full.rows != "book" || std::count(full.book_columns.begin(), full.book_columns.end(), ',') == 3,
         "book_columns are four, separated by commas: ask price, ask size, bid price, bid size");
  demand(full.symbol.empty() || !full.symbol_column.empty(), "symbol needs symbol_column");
  if (full.symbol.empty()) full.symbol_column.clear();
  return full;
}

}  // namespace tf::data
