// json_rows: ticks as a JSON list of rows, as ccxt, freqtrade and dukascopy-node save them: [[ms,id,type,side,price,
// amount,cost],...], objects instead of rows, or one of either a line. The parameters are those of csv; the line of a
// refused row is its number in the list (the names of objects count as the first).
#include <cctype>

#include "data/sources/catalogue.hpp"
#include "data/sources/parse/csv_source.hpp"
#include "data/sources/parse/json_rows_text.hpp"

namespace tf::data {
namespace {

std::unique_ptr<Source> open(const SourceInput& input, const void* params) {
  CsvParams wanted = *static_cast<const CsvParams*>(params);
  if (wanted.preset == "none" && wanted.time_column.empty()) wanted.preset = "ccxt_trades";
  wanted.delimiter = "tab";
  return open_csv(input, wanted, open_json_rows);
}

// Kinds of the values of the first row: n number, s text, 0 null, ? anything else.
std::string first_row_kinds(std::string_view text) {
  std::string kinds;
  const auto skip_white = [&] {
    while (!text.empty() && std::isspace(static_cast<unsigned char>(text[0]))) text.remove_prefix(1);
  };
  for (int bracket = 0; bracket < 2; ++bracket) {
    skip_white();
    if (!text.starts_with('[')) return bracket == 0 ? std::string() : kinds;
    text.remove_prefix(1);
  }
  while (!text.empty() && text[0] != ']') {
    skip_white();
    if (text.empty()) break;
    kinds += text[0] == '"'                                      ? 's'
             : text.starts_with("null")                          ? '0'
             : std::isdigit(static_cast<unsigned char>(text[0])) ? 'n'
                                                                 : '?';
    bool quoted = false;
    while (!text.empty() && (quoted || (text[0] != ',' && text[0] != ']'))) {
      quoted ^= text[0] == '"';
      text.remove_prefix(1);
    }
    if (text.starts_with(',')) text.remove_prefix(1);
  }
  return kinds;
}

Guess guess(const InputHead& head) {
  const std::string kinds = first_row_kinds(head.bytes);
  const auto fits = [&](std::string_view pattern) {  // '.' is a text or null
    return kinds.size() == pattern.size() &&
           std::equal(kinds.begin(), kinds.end(), pattern.begin(),
                      [](char kind, char want) { return want == '.' ? kind == 's' || kind == '0' : kind == want; });
  };
  if (fits("n..snnn") || fits("nn.snnn"))
    return {Guess::Sure::yes, "ccxt or freqtrade trades as JSON rows", {{"preset", "ccxt_trades"}}};
  if (fits("nnnnn"))
    return {Guess::Sure::maybe,
            "JSON rows of five numbers: time, ask, bid and their volumes, as dukascopy-node writes?",
            {{"preset", "dukascopy_rows"}}};
  const std::size_t first = head.bytes.find_first_not_of(" \t\r\n");
  if (first != head.bytes.npos && head.bytes[first] == '[') {
    const std::string_view start = head.bytes.substr(first, 2048);
    if (start.find("\"timestamp\"") != start.npos && start.find("\"price\"") != start.npos &&
        start.find("\"amount\"") != start.npos && start.find("\"side\"") != start.npos)
      return {Guess::Sure::maybe,
              "a JSON list of objects with timestamp, side, price and amount: ccxt trades?",
              {{"preset", "ccxt_trades"}}};
  }
  return {};
}

}  // namespace
}  // namespace tf::data

namespace tf::source_catalogue {

const Entry& tf_source_json_rows() {
  static const Entry entry{
      "a JSON list of rows or objects (ccxt, freqtrade, dukascopy-node), with the parameters of csv",
      params_type<data::CsvParams>(), data::open, data::guess};
  return entry;
}

}  // namespace tf::source_catalogue
