#include <algorithm>
#include <charconv>

#include "data/sources/parse/csv_rows.hpp"
#include "data/sources/parse/words.hpp"

namespace tf::data {
namespace {

std::vector<std::string> words_of(std::string_view text, std::string_view marks) {
  std::vector<std::string> words;
  for (;;) {
    const std::size_t mark = text.find_first_of(marks);
    words.emplace_back(text.substr(0, mark));
    if (mark == text.npos) return words;
    text.remove_prefix(mark + 1);
  }
}

}  // namespace

void WordTable::add(std::string_view words, int means) {
  for (std::string& word : words_of(words, "|")) words_.emplace_back(std::move(word), means);
}

int WordTable::search(std::string_view word) const {
  for (const auto& [known, means] : words_)
    if (same_word(known, word)) return means;
  return kUnknown;
}

int WordTable::learn(uint64_t key, std::string_view word) {
  const int means = search(word);
  seen_[next_++ % 4] = {key, means};
  return means;
}

Conditions::Conditions(const std::string& auction, const std::string& irregular) {
  const auto add = [&](const std::string& words, uint32_t flag) {
    if (words.empty()) return;
    Rule rule;
    rule.flag = flag;
    if (words.starts_with("0x")) {
      std::from_chars(words.data() + 2, words.data() + words.size(), rule.mask, 16);
    } else {
      rule.words = words_of(words, "|");
    }
    rules_.push_back(std::move(rule));
  };
  add(auction, kFlagAuction);
  add(irregular, kFlagIrregular);
}

uint32_t Conditions::flags(std::string_view cell) const {
  if (cell.empty() || rules_.empty()) return 0;
  uint32_t flags = 0;
  for (const Rule& rule : rules_) {
    if (rule.words.empty()) {
      uint64_t bits = 0;
      const auto read = std::from_chars(cell.data(), cell.data() + cell.size(), bits, 16);
      if (read.ec == std::errc() && read.ptr == cell.data() + cell.size() && (bits & rule.mask)) flags |= rule.flag;
      continue;
    }
    for (const std::string& condition : words_of(cell, ",;| "))
      for (const std::string& word : rule.words)
        if (!condition.empty() && same_word(condition, word)) flags |= rule.flag;
  }
  return flags;
}

}  // namespace tf::data
