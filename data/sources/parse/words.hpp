// Words of parameters and cells: upper and lower case are one, alternatives stand between marks.
#pragma once
#include <algorithm>
#include <string_view>

namespace tf::data {

inline bool same_word(std::string_view one, std::string_view other) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  return std::equal(one.begin(), one.end(), other.begin(), other.end(),
                    [&](char a, char b) { return lower(a) == lower(b); });
}

/// Calls visit(word) for each of the words between `mark`s until it returns true.
template <class Visit>
bool any_word(std::string_view words, char mark, Visit visit) {
  for (;;) {
    const std::size_t bar = words.find(mark);
    if (visit(words.substr(0, bar))) return true;
    if (bar == words.npos) return false;
    words.remove_prefix(bar + 1);
  }
}

/// Alternatives of "a|b|3".
template <class Visit>
bool any_word(std::string_view words, Visit visit) {
  return any_word(words, '|', visit);
}

}  // namespace tf::data
