#include "data/sources/parse/csv_columns.hpp"

#include <algorithm>
#include <optional>
#include <vector>

#include "cuda/base/error.hpp"
#include "data/sources/parse/line_reader.hpp"

namespace tf::data {
namespace {

using P = CsvParams;
constexpr std::string P::*kColumnOf[kCells] = {
    &P::time_column,     &P::date_column,  &P::local_time_column, &P::bid_column,  &P::ask_column, &P::bid_size_column,
    &P::ask_size_column, &P::price_column, &P::size_column,       &P::side_column, &P::id_column,  &P::symbol_column};

char delimiter_of(const std::string& name, std::string_view line) {
  if (name == "comma") return ',';
  if (name == "semicolon") return ';';
  if (name == "tab") return '\t';
  if (name == "pipe") return '|';
  if (name == "space") return ' ';
  char best = ',';
  int most = 0;
  for (const char candidate : {'\t', ';', ',', '|'}) {
    int count = 0;
    bool quoted = false;
    for (const char c : line) {
      if (c == '"') quoted = !quoted;
      count += !quoted && c == candidate;
    }
    if (count > most) {
      most = count;
      best = candidate;
    }
  }
  return best;
}

bool same_word(std::string_view one, std::string_view other) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  return std::equal(one.begin(), one.end(), other.begin(), other.end(),
                    [&](char a, char b) { return lower(a) == lower(b); });
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

std::optional<int> as_number(std::string_view word) {
  if (word.empty() || word.size() > 4) return {};
  int value = 0;
  for (const char c : word) {
    if (c < '0' || c > '9') return {};
    value = value * 10 + (c - '0');
  }
  return value;
}

// Calls visit(word) for each alternative of "a|b|3" until it returns true.
template <class Visit>
bool any_word(std::string_view spec, Visit visit) {
  for (;;) {
    const std::size_t bar = spec.find('|');
    if (visit(spec.substr(0, bar))) return true;
    if (bar == spec.npos) return false;
    spec.remove_prefix(bar + 1);
  }
}

std::optional<int> number_in(std::string_view spec) {
  std::optional<int> number;
  any_word(spec, [&](std::string_view word) { return (number = as_number(word)).has_value(); });
  return number;
}

bool begins_a_number(std::string_view text) {
  return !text.empty() && ((text[0] >= '0' && text[0] <= '9') || text[0] == '-' || text[0] == '+' || text[0] == '.');
}

// By what stands where a number must be: the price (or bid) column, the time column when its cell is a number.
bool looks_like_header(const CsvParams& full, const std::vector<std::string_view>& cells) {
  const std::string& price = full.price_column.empty() ? full.bid_column : full.price_column;
  const auto price_number = number_in(price), time_number = number_in(full.time_column);
  if (!price_number || !time_number) return true;
  const auto is_word = [&](int number) {
    if (number < 1 || number > static_cast<int>(cells.size())) return false;
    const std::string_view cell = trimmed(cells[static_cast<std::size_t>(number) - 1]);
    return !cell.empty() && !begins_a_number(cell) &&
           (cell[0] == '<' || cell[0] == '_' || (cell[0] >= 'A' && cell[0] <= 'Z') ||
            (cell[0] >= 'a' && cell[0] <= 'z'));
  };
  return is_word(*price_number) && is_word(*time_number);
}

}  // namespace

std::string printable(std::string_view text, std::size_t most) {
  std::string out(text.substr(0, most));
  for (char& c : out)
    if (c < 32 || c > 126) c = c == '\t' ? ' ' : '?';
  return out;
}

CsvColumns find_columns(const CsvParams& full, std::string_view line, const std::string& where) {
  CsvColumns columns;
  columns.delimiter = delimiter_of(full.delimiter, line);
  std::string scratch;
  std::vector<std::string_view> cells(kMostColumns);
  cells.resize(static_cast<std::size_t>(split_quoted(line, columns.delimiter, cells.data(), kMostColumns, scratch)));
  columns.has_header = full.header == "yes" || (full.header == "auto" && looks_like_header(full, cells));

  for (int cell = 0; cell < kCells; ++cell) {
    int& number = columns.number[static_cast<std::size_t>(cell)];
    number = -1;
    const std::string& spec = full.*kColumnOf[cell];
    if (spec.empty()) continue;
    if (columns.has_header)
      any_word(spec, [&](std::string_view word) {
        const auto at = std::find_if(cells.begin(), cells.end(),
                                     [&](std::string_view name) { return same_word(trimmed(name), word); });
        if (at != cells.end() && !as_number(word)) number = static_cast<int>(at - cells.begin());
        return number >= 0;
      });
    if (number < 0) {
      // With a header a number stands only for itself: a name that is missing is never guessed by position.
      const auto given = columns.has_header ? as_number(spec) : number_in(spec);
      if (!given) {
        std::string names = columns.has_header ? "; the header has: " + printable(line, 300)
                                               : "; the file has no header, so give its number from 1";
        throw Error(ErrorKind::config, where + ": no column '" + spec + "'" + names);
      }
      if (*given < 1 || *given > kMostColumns)
        throw Error(ErrorKind::config, "csv source: column '" + spec + "': numbers go from 1 to 256");
      number = *given - 1;
    }
    columns.needed = std::max(columns.needed, number + 1);
  }
  return columns;
}

}  // namespace tf::data
