// Feeds that send the whole (cut) book each time: the first image is a snapshot, the next ones become their
// differences.
#pragma once
#include <map>
#include <string>

#include "data/sources/parse/recorded_book.hpp"

namespace tf::data {

class ImageBook {
 public:
  /// Hands `image` to the book. Levels that are not in it any more are taken out. Returns a reason to refuse, or
  /// nullptr.
  const char* take(std::span<const LevelText> image, RowTimes times, RecordedBook& book, Heard& heard,
                   EventQueue& out) {
    if (!book.whole()) {
      const char* const refused = book.snapshot(image, RecordedBook::kNoSequence, times, heard, out);
      if (!refused) keep(image);
      return refused;
    }
    changes_.clear();
    std::map<std::string_view, std::string_view> now[2];
    for (const LevelText& level : image) now[level.bid][level.px] = level.qty;
    for (const bool bid : {true, false})
      for (const auto& [px, qty] : last_[bid])
        if (!now[bid].contains(px)) changes_.push_back({px, "0", bid});
    for (const LevelText& level : image) {
      const auto known = last_[level.bid].find(level.px);
      if (known == last_[level.bid].end() || known->second != level.qty) changes_.push_back(level);
    }
    if (changes_.empty()) return "book image equal to the one before";
    const char* const refused =
        book.delta(changes_, RecordedBook::kNoSequence, RecordedBook::kNoSequence, times, heard, out);
    if (!refused) keep(image);
    return refused;
  }

 private:
  void keep(std::span<const LevelText> image) {
    for (auto& side : last_) side.clear();
    for (const LevelText& level : image) last_[level.bid][std::string(level.px)] = level.qty;
  }

  std::map<std::string, std::string, std::less<>> last_[2];  // by bid: price to size, as written
  std::vector<LevelText> changes_;
};

}  // namespace tf::data
