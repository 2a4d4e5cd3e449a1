// What a user may say about a csv file of quotes or trades. A preset fills what is not said; what is said wins.
#pragma once
#include <string>

#include "cuda/base/fields.hpp"

namespace tf::data {

/// A column is named by its header, or by its number from 1, or by alternatives "transact_time|time|6": with a header
/// the first name it has, without one the first number. "" = as the preset says (without one: none), "-" = none.
struct CsvParams {
  std::string preset = "none";
  std::string delimiter = "preset", header = "preset";
  int skip_lines = 0;
  std::string comment;
  std::string time_column, date_column, time_format = "preset", time_unit = "preset", date_order = "preset", zone;
  std::string local_time_column, local_time_unit = "preset";
  std::string bid_column, ask_column, bid_size_column, ask_size_column;
  std::string price_column, size_column, side_column, side_means = "preset", buy_words, sell_words;
  std::string id_column, symbol_column, symbol;
  std::string one_sided = "preset";
  double price_scale = 0, size_scale = 0;
  std::string off_grid = "refuse";

  static std::span<const Field> fields();
};

/// The same with the preset filled in and no "preset" left: every choice made, "" = no such column.
/// Throws Error{config} for an unknown preset or choice, or when the columns make neither a quote nor a trade.
CsvParams complete(const CsvParams& params);

}  // namespace tf::data
