#include "data/sources/parse/csv_columns.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <vector>

#include "cuda/base/error.hpp"
#include "data/sources/parse/line_reader.hpp"
#include "data/sources/parse/words.hpp"

namespace tf::data {
namespace {

// A name of a column parameter against one of the header: "side*" is any that begins so.
bool is_name(std::string_view header, std::string_view word) {
  if (!word.ends_with('*')) return same_word(header, word);
  word.remove_suffix(1);
  return same_word(header.substr(0, word.size()), word);
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
  const std::string& price = !full.bid_column.empty() ? full.bid_column : full.price_column;
  const auto price_number = number_in(price), time_number = number_in(full.time_column);
  if (!price_number || !time_number) return true;
  const auto is_word = [&](int number) {
    if (number < 1 || number > static_cast<int>(cells.size())) return false;
    const std::string_view cell = trimmed(cells[static_cast<std::size_t>(number) - 1]);
    return !cell.empty() && !begins_a_number(cell) &&
           (cell[0] == '<' || cell[0] == '_' || static_cast<unsigned char>(cell[0]) >= 0x80 ||
            (cell[0] >= 'A' && cell[0] <= 'Z') || (cell[0] >= 'a' && cell[0] <= 'z'));
  };
  return is_word(*price_number) && is_word(*time_number);
}

}  // namespace

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
  std::vector<std::string_view> cells(kMostColumns + 1);
  const int count = split_quoted(line, columns.delimiter, cells.data(), kMostColumns + 1, scratch);
  if (count > kMostColumns)
    throw Error(ErrorKind::bad_data,
                where + ": the first line has more than " + std::to_string(kMostColumns) +
                    " columns; rows of ticks were expected, one event a line: " + printable(line, 60));
  cells.resize(static_cast<std::size_t>(count));
  for (std::string_view& cell : cells) cell = trimmed(cell);
  columns.has_header = full.header == "yes" || (full.header == "auto" && looks_like_header(full, cells));

  const auto named = [&](std::string_view word) {
    const auto at =
        std::find_if(cells.begin(), cells.end(), [&](std::string_view name) { return is_name(name, word); });
    return at == cells.end() ? -1 : static_cast<int>(at - cells.begin());
  };
  for (int cell = 0; cell < kCells; ++cell) {
    int& number = columns.number[static_cast<std::size_t>(cell)];
    number = -1;
    const std::string& spec = full.*kColumnOf[cell];
    if (spec.empty()) continue;
    const bool optional = spec.ends_with("|-");
    const std::string_view bare = std::string_view(spec).substr(0, spec.size() - (optional ? 2 : 0));
    if (columns.has_header)
      any_word(spec, [&](std::string_view word) {
        if (!as_number(word)) number = named(word);
        return number >= 0;
      });
    if (number < 0) {
      // With a header a number stands only for itself: a name that is missing is never guessed by position.
      const auto given = columns.has_header ? as_number(bare) : number_in(bare);
      if (!given && optional) continue;
      if (!given) {
        std::string names = columns.has_header ? "; the header has: " + printable(line, 300)
                                               : "; the file has no header, so give its number from 1";
        throw Error(ErrorKind::config, where + ": no column '" + spec + "'" + names);
      }
      if (*given < 1 || *given > kMostColumns)
        throw Error(ErrorKind::config,
                    "csv source: column '" + spec + "': numbers go from 1 to " + std::to_string(kMostColumns));
      number = *given - 1;
    }
    if (!optional) columns.needed = std::max(columns.needed, number + 1);
  }

  if (full.rows != "book") return columns;
  for (int level = 0; level < kMostColumns; ++level) {
    std::array<int, 4> found;
    std::size_t at = 0;
    any_word(full.book_columns, ',', [&](std::string_view pattern) {
      std::string name(pattern);
      if (const std::size_t mark = name.find('#'); mark != name.npos) name.replace(mark, 1, std::to_string(level));
      found[at++] = named(name);
      return at == found.size();
    });
    if (std::count(found.begin(), found.end(), -1) > 0) {
      if (level == 0) continue;  // some count levels from 1
      break;
    }
    columns.levels.push_back({found[0], found[1], found[2], found[3]});
    columns.needed = std::max(columns.needed, *std::max_element(found.begin(), found.end()) + 1);
  }
  if (columns.levels.empty())
    throw Error(ErrorKind::config,
                where + ": no columns '" + full.book_columns + "'; the header has: " + printable(line, 300));
  return columns;
}

}  // namespace tf::data
