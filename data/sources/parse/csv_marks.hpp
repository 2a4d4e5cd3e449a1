// The places of delimiters and line ends in a block of text, and the cells of a row between them.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tf::data {

/// A row: its cells lie between marks. `text` must be readable CsvBlock::kMargin bytes before and after.
struct CsvRow {
  const char* text = nullptr;
  const uint32_t* marks = nullptr;  ///< where each cell ends
  uint32_t begin = 0;               ///< of the first cell
  int cells = 0;

  /// Without spaces around it; empty where the row has no such cell (or number < 0).
  std::string_view operator[](int number) const {
    if (static_cast<unsigned>(number) >= static_cast<unsigned>(cells)) return {};
    const uint32_t from = number == 0 ? begin : marks[number - 1] + 1;
    std::string_view cell{text + from, marks[number] - from};
    while (!cell.empty() && cell.front() == ' ') cell.remove_prefix(1);
    while (!cell.empty() && cell.back() == ' ') cell.remove_suffix(1);
    return cell;
  }
};

struct CsvMarks {
  std::vector<uint32_t> marks;     ///< of delimiters and line ends, ascending
  std::vector<uint32_t> row_ends;  ///< which of them are line ends
  std::size_t count = 0, rows = 0;
  bool quotes = false;  ///< there is a '"' somewhere
};

/// Marks of a text that ends with '\n'. Quotes are not looked at.
void find_marks(std::string_view text, char delimiter, CsvMarks& out);

/// Cells of a line with quotes, a doubled quote inside standing for one; cells and marks are kept in `out`.
class QuotedRow {
 public:
  CsvRow split(std::string_view line, char delimiter);

 private:
  std::string text_;
  std::vector<uint32_t> marks_;
};

}  // namespace tf::data
