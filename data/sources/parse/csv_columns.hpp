// Where the cells of a csv row lie in one file: delimiter, header, column numbers.
#pragma once
#include <array>
#include <string>
#include <string_view>

#include "data/sources/parse/csv_params.hpp"

namespace tf::data {

enum class Cell { time, date, local_time, bid, ask, bid_size, ask_size, price, size, side, id, symbol };
inline constexpr int kCells = 12;
inline constexpr int kMostColumns = 256;

struct CsvColumns {
  char delimiter = ',';
  bool has_header = false;         ///< the line they were found from is a header, not a row
  std::array<int, kCells> number;  ///< from 0; -1 = no such column
  int needed = 0;                  ///< columns a row must have

  int operator[](Cell cell) const { return number[static_cast<std::size_t>(cell)]; }
  bool has(Cell cell) const { return (*this)[cell] >= 0; }
};

/// From the first line of a file that is neither blank nor comment. `where` names the file in messages. Throws
/// Error{config} when a column that is named is not in the header, or when names are used and there is no header.
CsvColumns find_columns(const CsvParams& full, std::string_view line, const std::string& where);

/// Text for people: bytes that are not printable ASCII as '?', at most `most` of them.
std::string printable(std::string_view text, std::size_t most);

}  // namespace tf::data
