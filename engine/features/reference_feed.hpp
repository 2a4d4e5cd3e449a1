// The mid of a second instrument, as it was known at the times of the first.
#pragma once
#include <cstdint>
#include <span>
#include <vector>

#include "cuda/base/market.hpp"
#include "cuda/market/touch.hpp"

namespace tf::features {

/// Takes the reference's ticks and answers times that do not fall. A time sees what was received strictly before it:
/// which of two ticks of one time came first nobody can say, and so any order of feeding gives the same answers, as
/// long as every tick before a time was fed when the time is asked for.
class ReferenceFeed {
 public:
  void push(const TickSpan& ticks);
  /// mids[k] = the mid known before times[k]; NaN where there is none. `times` ascending.
  void mids_before(std::span<const int64_t> times, double* mids) const;
  /// Times before this one will not be asked for any more.
  void forget_before(int64_t time_ns);
  /// The latest local_ts; INT64_MIN before the first tick.
  int64_t local_ts() const { return local_; }
  void reset() { *this = {}; }

 private:
  market::Touch touch_;
  bool touch_moved_ = false;
  int64_t local_ = INT64_MIN;
  std::vector<int64_t> time_;  // each change of the mid, times never falling
  std::vector<double> mid_;    // NaN: a side went away
};

}  // namespace tf::features
