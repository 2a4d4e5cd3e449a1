// Where the cells of a csv row lie in one file: delimiter, header, column numbers.
#pragma once
#include <array>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include "data/sources/parse/csv_params.hpp"

namespace tf::data {

enum class Cell {
  time,
  date,
  local_time,
  bid,
  ask,
  bid_size,
  ask_size,
  price,
  size,
  side,
  id,
  symbol,
  flags,
  condition,
  irregular,
  snapshot,
  event,
  previous,
  action
};
inline constexpr int kCells = static_cast<int>(std::size(kColumnOf));
inline constexpr int kMostColumns = 1024;

/// Columns of one level of a whole book, from 0.
struct LevelColumns {
  int ask, ask_size, bid, bid_size;
};

struct CsvColumns {
  char delimiter = ',';
  bool has_header = false;         ///< the line they were found from is a header, not a row
  std::array<int, kCells> number;  ///< from 0; -1 = no such column
  std::vector<LevelColumns> levels;
  int needed = 0;  ///< columns a row must have

  int operator[](Cell cell) const { return number[static_cast<std::size_t>(cell)]; }
  bool has(Cell cell) const { return (*this)[cell] >= 0; }
};

/// From the first line of a file that is neither blank nor comment. `where` names the file in messages. Throws
/// Error{config} when a column that is named is not in the header, or when names are used and there is no header;
/// Error{bad_data} for a line of more than kMostColumns cells.
CsvColumns find_columns(const CsvParams& full, std::string_view line, const std::string& where);

/// The character between cells: the one that is named, or of tab ; , | the one that the line has most of.
char delimiter_of(const std::string& name, std::string_view line);

/// Text for people: bytes that are not printable ASCII as '?', at most `most` of them.
std::string printable(std::string_view text, std::size_t most);

}  // namespace tf::data
