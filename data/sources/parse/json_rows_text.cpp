#include "data/sources/parse/json_rows_text.hpp"

#include <algorithm>
#include <cstring>

namespace tf::data {
namespace {

constexpr std::size_t kLongestRow = CsvBlocks::kLongest;
constexpr std::size_t kMostKeys = kMostColumns;

bool is_white(int c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

int hex_digit(int c) {
  return c >= '0' && c <= '9'   ? c - '0'
         : c >= 'a' && c <= 'f' ? c - 'a' + 10
         : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                : -1;
}

// A cell must not look like more than one, nor like a quoted one.
char plain(char c) { return c == '"' ? '\'' : static_cast<unsigned char>(c) < 32 ? ' ' : c; }

}  // namespace

std::unique_ptr<TextFile> open_json_rows(const std::string& path) { return std::make_unique<JsonRowsText>(path); }

bool JsonRowsText::next_member() {
  if (!damage_.empty() || !file_.next_member()) return false;
  expect_text(file_);
  at_ = end_ = given_ = 0;
  before_ = 0;
  lines_.clear();
  keys_.clear();
  ended_ = begun_ = outer_ = over_ = false;
  first_ = true;
  return true;
}

std::string JsonRowsText::damage() const { return damage_.empty() ? file_.damage() : damage_; }

std::size_t JsonRowsText::read(std::span<char> out) {
  if (given_ == lines_.size()) {
    lines_.clear();
    given_ = 0;
    while (!over_ && lines_.size() < out.size()) over_ = next_row() != State::good;
  }
  const std::size_t count = std::min(out.size(), lines_.size() - given_);
  std::memcpy(out.data(), lines_.data() + given_, count);
  given_ += count;
  return count;
}

int JsonRowsText::peek() {
  if (at_ == end_ && !ended_) {
    before_ += static_cast<int64_t>(end_);
    at_ = 0;
    end_ = file_.read(buffer_);
    ended_ = end_ == 0;
  }
  return at_ < end_ ? static_cast<unsigned char>(buffer_[at_]) : kEnd;
}

int JsonRowsText::peek_word() {
  while (is_white(peek())) skip();
  return peek();
}

// What ends the rows: bytes that are no JSON, or the end of the file inside a row. The row so far goes out without a
// line end, so that it is counted as truncated.
JsonRowsText::State JsonRowsText::break_off(const char* expected) {
  if (file_.damage().empty())
    damage_ = where() + ": JSON rows end at byte " + std::to_string(before_ + static_cast<int64_t>(at_)) + ": " +
              expected + " was expected" + (peek() == kEnd ? ", the file ends there" : "");
  if (row_.empty()) row_ = " ";
  lines_ += row_;
  return State::broken;
}

void JsonRowsText::begin() {
  begun_ = true;
  if (peek() == 0xEF)  // a byte order mark
    for (const int byte : {0xEF, 0xBB, 0xBF})
      if (peek() == byte) skip();
  if (peek_word() != '[') return;
  skip();
  const int inside = peek_word();
  outer_ = inside == '[' || inside == '{' || inside == ']';
  if (!outer_) {
    first_ = false;  // its bracket is read already
    return;
  }
}

JsonRowsText::State JsonRowsText::next_row() {
  row_.clear();
  if (!begun_) {
    begin();
    if (!outer_ && !first_) return read_array();
  }
  int c = peek_word();
  if (outer_) {
    if (c == ']') {
      skip();
      if (peek_word() == kEnd) return State::end;
      return break_off("nothing after the closing bracket");
    }
    if (!first_) {
      if (c != ',') return break_off("a comma or the closing bracket of the list");
      skip();
      c = peek_word();
    }
  } else {
    if (c == ',') {
      skip();
      c = peek_word();
    }
    if (c == kEnd) return State::end;
  }
  first_ = false;
  if (c != '[' && c != '{') return break_off("a row: [...] or {...}");
  skip();
  return c == '[' ? read_array() : read_object();
}

void JsonRowsText::add_cell(std::string_view cell) {
  if (row_.size() + cell.size() < kLongestRow) row_ += cell;
}

// After the opening bracket.
JsonRowsText::State JsonRowsText::read_array() {
  bool any = false;
  for (;;) {
    if (peek_word() == ']' && !any) break;
    if (any) row_ += '\t';
    if (read_cell(cell_) != State::good) return State::broken;
    add_cell(cell_);
    any = true;
    const int c = peek_word();
    if (c == ']') break;
    if (c != ',') return break_off("a comma or ]");
    if (row_.size() >= kLongestRow) return break_off("a shorter row");
    skip();
  }
  skip();
  lines_ += row_.empty() ? std::string(" ") : row_;
  lines_ += '\n';
  return State::good;
}

// After the opening brace. The keys of the first object are the header; keys that it lacks are left out later on.
JsonRowsText::State JsonRowsText::read_object() {
  const bool header = keys_.empty();
  values_.assign(keys_.size(), {});
  std::size_t bytes = 0;
  for (bool any = false; peek_word() != '}' || any; any = true) {
    if (peek_word() != '"') return break_off("the name of a value");
    if (read_text(cell_) != State::good) return State::broken;
    const std::string key = cell_;
    if (peek_word() != ':') return break_off("a colon");
    skip();
    if (read_cell(cell_) != State::good) return State::broken;
    bytes += key.size() + cell_.size();
    if (bytes > kLongestRow) return break_off("a shorter object");
    const auto known = std::find(keys_.begin(), keys_.end(), key);
    if (known != keys_.end()) {
      values_[static_cast<std::size_t>(known - keys_.begin())] = cell_;
    } else if (header && keys_.size() < kMostKeys) {
      keys_.push_back(key);
      values_.push_back(cell_);
    }
    const int c = peek_word();
    if (c == '}') break;
    if (c != ',') return break_off("a comma or }");
    skip();
  }
  skip();
  const auto line = [&](const std::vector<std::string>& cells) {
    row_.clear();
    for (std::size_t cell = 0; cell < cells.size(); ++cell) {
      if (cell > 0) row_ += '\t';
      add_cell(cells[cell]);
    }
    lines_ += row_.empty() ? std::string(" ") : row_;
    lines_ += '\n';
  };
  if (header && !keys_.empty()) line(keys_);
  line(values_);
  return State::good;
}

JsonRowsText::State JsonRowsText::read_cell(std::string& cell) {
  cell.clear();
  const int c = peek_word();
  if (c == '"') return read_text(cell);
  if (c == '[' || c == '{') return skip_nested();
  for (int next = c; next != kEnd && next != ',' && next != ']' && next != '}' && !is_white(next); next = peek()) {
    if (cell.size() > 64 || next == '"' || next == '[' || next == '{' || next == ':') return break_off("a value");
    cell += plain(static_cast<char>(next));
    skip();
  }
  if (cell.empty() || peek() == kEnd) return break_off("a value");
  if (cell == "null") cell.clear();
  return State::good;
}

// At the opening quote.
JsonRowsText::State JsonRowsText::read_text(std::string& cell) {
  cell.clear();
  skip();
  for (;;) {
    int c = peek();
    if (c == kEnd) return break_off("the closing quote");
    skip();
    if (c == '"') return State::good;
    if (c == '\\') {
      c = peek();
      if (c == kEnd) return break_off("the closing quote");
      skip();
      if (c == 'u') {
        int code = 0;
        for (int digit = 0; digit < 4; ++digit) {
          const int value = hex_digit(peek());
          if (value < 0) return break_off("four hex digits");
          code = code * 16 + value;
          skip();
        }
        c = code < 128 ? code : '?';
      } else if (std::strchr("bfnrt", c)) {
        c = ' ';
      }
    }
    if (cell.size() < kLongestRow) cell += plain(static_cast<char>(c));
  }
}

// At the opening bracket or brace: up to the one that closes it.
JsonRowsText::State JsonRowsText::skip_nested() {
  int64_t depth = 0;
  std::string text;
  do {
    const int c = peek();
    if (c == kEnd) return break_off("a closing bracket");
    if (c == '"') {
      if (read_text(text) != State::good) return State::broken;
      continue;
    }
    depth += c == '[' || c == '{';
    depth -= c == ']' || c == '}';
    skip();
  } while (depth > 0);
  return State::good;
}

}  // namespace tf::data
