// Ticks of whole events on their way to batches: a source pushes what one message gives, next_batch hands it out.
#pragma once
#include <algorithm>
#include <span>
#include <vector>

#include "cuda/base/market.hpp"

namespace tf::data {

class EventQueue {
 public:
  bool empty() const { return next_ == ticks_.size(); }
  std::size_t size() const { return ticks_.size() - next_; }
  void push(const Tick& tick) { ticks_.push_back(tick); }
  /// Ticks pushed since the last time the queue was empty, for setting flags on the last ones.
  std::vector<Tick>& ticks() { return ticks_; }

  /// Moves ticks to `out` from its start; returns how many.
  std::size_t take(std::span<Tick> out) {
    const std::size_t count = std::min(out.size(), size());
    std::copy_n(ticks_.begin() + static_cast<std::ptrdiff_t>(next_), count, out.begin());
    next_ += count;
    if (empty()) {
      ticks_.clear();
      next_ = 0;
    }
    return count;
  }

  /// next_batch of a source: `fill` reads the next row and pushes what it gives (perhaps nothing), false at the end.
  /// Rows stay whole unless `out` is smaller than one.
  template <class Fill>
  std::size_t next_batch(std::span<Tick> out, Fill fill) {
    std::size_t filled = 0;
    while (filled < out.size()) {
      if (empty()) {
        if (!fill()) break;
        continue;
      }
      if (filled > 0 && size() > out.size() - filled) break;
      filled += take(out.subspan(filled));
    }
    return filled;
  }

 private:
  std::vector<Tick> ticks_;
  std::size_t next_ = 0;
};

}  // namespace tf::data
