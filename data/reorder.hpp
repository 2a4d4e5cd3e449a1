// Sorting a stream by exchange time within a bounded window: what the policy exchange_time_back = sort does.
#pragma once
#include <span>
#include <vector>

#include "cuda/base/market.hpp"

namespace tf::data {

/// Units (rows of one event or more that must stay together) come in as read and go out ordered by the exchange time of
/// their first row; equal times keep their order. What comes out does not depend on how the input is cut into batches,
/// unless more than kMostTicks lie in one window: then the oldest go out early.
class ReorderWindow {
 public:
  static constexpr std::size_t kMostTicks = std::size_t{1} << 20;

  explicit ReorderWindow(int64_t window_ns) : window_ns_(window_ns) {}
  /// False when the unit is older than the window: it is not taken.
  bool put(std::span<const Tick> unit);
  /// Appends what nothing can overtake any more; with `all` everything.
  void take(std::vector<Tick>& out, bool all);

 private:
  struct Unit {
    int64_t ts;
    std::size_t first, count;  // in held_
  };
  int64_t window_ns_, newest_ = INT64_MIN, floor_ = INT64_MIN;
  std::vector<Tick> held_;
  std::vector<Unit> units_;
};

}  // namespace tf::data
