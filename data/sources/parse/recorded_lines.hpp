// The lines of a recording: which are rows, when each was received, and where its message lies.
//
//   1723161254206652067 {"lastUpdateId": ...}          receive time (s, ms, us or ns since 1970 by magnitude), message
//   1633998512.0633569: {"stream": ...}                the same as cryptofeed writes it
//   1633998512.0633569: b'\x1f\x8b...'                 message as Python writes bytes; gzip, zlib and deflate unpacked
//   https://host/depth?symbol=X -> 1633998512.06: {}   answer to a request
//   {"received": 1723161254206652067, "msg": {...}}    JSON lines; which members is said by the user
//
// No rows: blank lines, "configuration: ...", "wss://host <-> time" (connected), "wss://host <- time: ..." (sent).
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "data/sources/parse/input_file.hpp"
#include "data/sources/venues/json_fields.hpp"

namespace tf::data {

/// Like LineReader, for long lines: every line has 64 readable bytes behind it.
class PaddedLines {
 public:
  static constexpr std::size_t kLongest = std::size_t{16} << 20;  ///< bytes of a line; a longer one is cut and marked

  void start(InputFile& file);
  /// The next line without its end (LF or CRLF), the byte order mark of the first removed; valid until the next call.
  bool next(std::string_view& line);
  int64_t number() const { return number_; }
  bool too_long() const { return too_long_; }
  bool unfinished() const { return unfinished_; }  ///< the line given last had no line end

 private:
  static constexpr std::size_t kPadding = 64, kFirstBytes = std::size_t{1} << 18;
  bool refill();
  void give(std::string_view& line, std::size_t bytes);
  void skip_line();

  InputFile* file_ = nullptr;
  std::vector<char> buffer_;  // grows up to kLongest as lines need it
  std::size_t begin_ = 0, end_ = 0;
  int64_t number_ = 0;
  bool ended_ = false, too_long_ = false, unfinished_ = false;
};

/// One line taken apart. Views are valid until the next call of frame and while the line is.
struct FramedLine {
  enum class Kind { nothing, header, message };
  Kind kind = Kind::nothing;
  const char* refused = nullptr;  ///< a row that cannot be read, and why
  int64_t local_ts = 0;           ///< 0: the line has none
  std::string_view json;          ///< with 64 readable bytes behind it
  std::string_view address;       ///< of a header, or of the request that was answered
};

class LineFraming {
 public:
  LineFraming(std::string time_member, std::string message_member)
      : time_member_(std::move(time_member)), message_member_(std::move(message_member)) {}
  /// `line` has 64 readable bytes behind it.
  FramedLine frame(std::string_view line);

 private:
  void frame_json(std::string_view line, FramedLine& framed);
  const char* plain_message(std::string_view& text);
  bool unescape(std::string_view quoted);
  bool unhex(std::string_view digits);
  bool inflate();

  std::string time_member_, message_member_;
  JsonMessage json_;
  std::vector<char> text_, packed_;  // with 64 bytes behind the text
  std::size_t bytes_ = 0;            // of the text
};

}  // namespace tf::data
