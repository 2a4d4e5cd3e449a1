// Lines of a member of an input file, from one big buffer; and the cells of a line.
#pragma once
#include <cstdint>
#include <cstring>
#include <string_view>
#include <vector>

#include "data/sources/parse/input_file.hpp"

namespace tf::data {

class LineReader {
 public:
  static constexpr std::size_t kLongest = std::size_t{1} << 20;  ///< bytes of a line; a longer one is cut and marked

  LineReader() : buffer_(kLongest + kMargin) {}
  void start(InputFile& file) {
    file_ = &file;
    begin_ = end_ = 0;
    number_ = 0;
    ended_ = false;
  }
  /// The next line without its end (LF or CRLF), the byte order mark of the first removed; valid until the next call.
  bool next(std::string_view& line) {
    const char* const from = buffer_.data() + begin_;
    const void* newline = std::memchr(from, '\n', end_ - begin_);
    if (!newline) return next_after_read(line);
    take(line, static_cast<const char*>(newline));
    return true;
  }
  int64_t number() const { return number_; }       ///< of the line given last, from 1
  bool too_long() const { return too_long_; }      ///< the line given last was longer than kLongest
  bool unfinished() const { return unfinished_; }  ///< the line given last had no line end

 private:
  static constexpr std::size_t kMargin = 64;  // room for readers that look ahead in whole words
  void take(std::string_view& line, const char* newline);
  bool next_after_read(std::string_view& line);
  void refill();

  InputFile* file_ = nullptr;
  std::vector<char> buffer_;
  std::size_t begin_ = 0, end_ = 0;
  int64_t number_ = 0;
  bool ended_ = false, too_long_ = false, unfinished_ = false;
};

inline void LineReader::take(std::string_view& line, const char* newline) {
  const char* const from = buffer_.data() + begin_;
  std::size_t bytes = static_cast<std::size_t>(newline - from);
  begin_ += bytes + 1;
  if (bytes > 0 && from[bytes - 1] == '\r') --bytes;
  line = {from, bytes};
  if (number_++ == 0 && line.starts_with("\xEF\xBB\xBF")) line.remove_prefix(3);
  too_long_ = unfinished_ = false;
}

/// Cuts `line` at `delimiter` into the first `count` cells; returns how many there are. Quotes are not looked at.
/// Reads up to 15 bytes past the line: only for lines of a LineReader.
int split_plain(std::string_view line, char delimiter, std::string_view* cells, int count);

/// The same with "quoted cells", a doubled quote inside standing for one. Unquoted text goes to `scratch`.
int split_quoted(std::string_view line, char delimiter, std::string_view* cells, int count, std::string& scratch);

}  // namespace tf::data
