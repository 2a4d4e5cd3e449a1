// Bars of a user's own CSV file, streamed: a header that names the columns, then a row a bar.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cuda/series/columns.hpp"
#include "data/sources/parse/input_file.hpp"
#include "data/sources/parse/line_reader.hpp"
#include "data/sources/parse/time_column.hpp"

namespace tf::app {

/// Some rows of a bar file.
struct BarPiece {
  std::vector<double> column[series::kBarColumns];  ///< those wanted; open, high and low are the close where missing
  std::string time_text;                            ///< the cells of the time column, end to end
  std::vector<std::size_t> time_end;                ///< one a row: where its cell ends; empty without a time column
  int64_t rows = 0;

  series::BarRows view() const;
  std::string_view time(int64_t row) const;
};

/// Columns may be named in any order and case, blanks and underscores do not count; those it does not know are passed
/// over. Delimiter: ',', ';' or tab. Prices and sizes are taken as they are written, in the file's own units. May be
/// packed (gzip, zstd, xz, zip). Every complaint is Error{bad_data} with file, line and column.
class BarFile {
 public:
  /// Opens the file and reads its header. Throws Error{no_input} or Error{bad_data}: no `close`, a name twice.
  explicit BarFile(const std::string& path);

  bool has_time() const { return time_at_ >= 0 || date_at_ >= 0; }
  /// In the file, or made of what is: open, high, low of the close; the clock columns of the time, by the UTC day.
  bool has(series::BarColumn column) const;
  /// Only wanted columns (and time) are read, and their cells checked.
  void want(series::BarColumn column) { wanted_[static_cast<int>(column)] = true; }
  /// The names in the header, for messages.
  std::string header() const;

  /// Replaces `piece` by the next rows, at most `most`; false at the end of the file. Refuses rows with too few or too
  /// many cells, cells that are no finite number, times that go back. Blank lines are passed over.
  bool read(int64_t most, BarPiece& piece);
  double share() const { return file_.share(); }

 private:
  [[noreturn]] void fail(const std::string& problem, int column = -1) const;
  bool next_line(std::string_view& line);
  void cut(std::string_view line);
  void read_header(std::string_view line);
  void read_row(BarPiece& piece);
  double number(int column) const;
  int64_t time_ns(std::string_view text, std::string_view date);
  void add_time(BarPiece& piece);

  data::InputFile file_;
  data::LineReader lines_;
  std::vector<std::string> names_;  ///< of the header's cells, as written
  int at_[series::kBarColumns];     ///< the cell of a column; -1 = none
  int time_at_ = -1, date_at_ = -1;
  bool wanted_[series::kBarColumns] = {};
  char delimiter_ = ',';
  std::vector<std::string_view> cells_;
  int cell_count_ = 0;
  std::string unquoted_;
  data::TimeColumn time_column_;
  int64_t last_ns_ = 0;
  bool has_rows_ = false, ended_ = false;
};

}  // namespace tf::app
