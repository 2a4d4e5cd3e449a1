// What a user may say about a csv file of ticks. A preset fills what is not said; what is said wins.
#pragma once
#include <string>

#include "cuda/base/fields.hpp"

namespace tf::data {

/// A column is named by its header, or by its number from 1, or by alternatives "transact_time|time|6": with a header
/// the first name it has, without one the first number. "trade_id*" is any name that begins so (whatever the bytes that
/// follow); a "-" at the end makes it one that a file may lack. "" = as the preset says (without one: none), "-" =
/// none.
struct CsvParams {
  std::string preset = "none";
  std::string rows = "preset";
  std::string delimiter = "preset", header = "preset", decimal = "preset";
  int skip_lines = 0;
  std::string comment, trailer;
  std::string time_column, date_column, time_format = "preset", time_unit = "preset", date_order = "preset", zone;
  std::string local_time_column, local_time_unit = "preset";
  std::string bid_column, ask_column, bid_size_column, ask_size_column;
  std::string price_column, size_column, side_column, side_means = "preset", buy_words, sell_words;
  std::string id_column, id_gaps = "preset", symbol_column, symbol;
  std::string flags_column, condition_column, auction_words, irregular_words, irregular_column;
  std::string snapshot_column, snapshot_words, snapshot_resets = "preset", event_column, previous_column, action_column;
  std::string book_columns;
  bool touch = true;
  std::string one_sided = "preset";
  double price_scale = 0, size_scale = 0;
  std::string off_grid = "refuse";
  int threads = 0;

  static std::span<const Field> fields();
};

/// The parameters that name a column, in the order of Cell (csv_columns.hpp).
inline constexpr std::string CsvParams::*kColumnOf[] = {
    &CsvParams::time_column,  &CsvParams::date_column,      &CsvParams::local_time_column, &CsvParams::bid_column,
    &CsvParams::ask_column,   &CsvParams::bid_size_column,  &CsvParams::ask_size_column,   &CsvParams::price_column,
    &CsvParams::size_column,  &CsvParams::side_column,      &CsvParams::id_column,         &CsvParams::symbol_column,
    &CsvParams::flags_column, &CsvParams::condition_column, &CsvParams::irregular_column,  &CsvParams::snapshot_column,
    &CsvParams::event_column, &CsvParams::previous_column,  &CsvParams::action_column};

/// The same with the preset filled in and no "preset" left: every choice made, "" = no such column; `rows` is one of
/// quotes, trades, mixed, levels, book, orders.
/// Throws Error{config} for an unknown preset or choice, or when the columns make no tick.
CsvParams complete(const CsvParams& params);

}  // namespace tf::data
