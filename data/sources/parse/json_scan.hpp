// A cursor over JSON text in memory, for files of long arrays of numbers: nothing is built, numbers stay text.
#pragma once
#include <cstdint>
#include <string_view>

namespace tf::data {

class JsonScan {
 public:
  JsonScan() = default;
  explicit JsonScan(std::string_view text, std::size_t at = 0) : text_(text), at_(at) {}

  std::size_t at() const { return at_; }
  bool ended() {
    spaces();
    return at_ == text_.size();
  }
  /// Goes past `c` if it is next.
  bool take(char c) {
    spaces();
    if (at_ == text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  bool next_is(char c) {
    spaces();
    return at_ < text_.size() && text_[at_] == c;
  }
  /// The text of a number, null, true or false; empty if there is none. `cut` = it runs to the end of the text.
  std::string_view word() {
    spaces();
    const std::size_t from = at_;
    while (at_ < text_.size() && is_word(text_[at_])) ++at_;
    return text_.substr(from, at_ - from);
  }
  /// A string without its quotes, escapes as written. False if there is none, or no end.
  bool string(std::string_view& out) {
    if (!take('"')) return false;
    const std::size_t from = at_;
    while (at_ < text_.size() && text_[at_] != '"') at_ += text_[at_] == '\\' ? 2 : 1;
    if (at_ >= text_.size()) {
      at_ = text_.size();
      return false;
    }
    out = text_.substr(from, at_++ - from);
    return true;
  }
  /// Goes past a value of any kind; false when the text ends within it or it is none.
  bool skip_value() {
    int64_t depth = 0;
    std::string_view ignored;
    do {
      spaces();
      if (at_ == text_.size()) return false;
      const char c = text_[at_];
      if (c == '"') {
        if (!string(ignored)) return false;
      } else if (c == '[' || c == '{') {
        ++depth;
        ++at_;
      } else if (c == ']' || c == '}') {
        if (--depth < 0) return false;
        ++at_;
      } else if (depth > 0 && (c == ',' || c == ':')) {
        ++at_;
      } else if (word().empty()) {
        return false;
      }
    } while (depth > 0);
    return true;
  }

 private:
  static bool is_word(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '+' ||
           c == '.';
  }
  void spaces() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\n' || text_[at_] == '\r' || text_[at_] == '\t'))
      ++at_;
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace tf::data
