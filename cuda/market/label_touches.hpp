// Every touch of a trading day, as its observer learned of it: what barriers are watched on between the bars.
#pragma once
#include <cstdint>
#include <limits>
#include <vector>

#include "cuda/base/market.hpp"
#include "cuda/market/touch.hpp"

namespace tf::market {

/// One row an event after which the touch was another one; NaN where a side is missing.
struct TouchPath {
  std::vector<int64_t> known_ts;  ///< running maximum of local_ts
  std::vector<double> bid, ask;   ///< ticks
};

/// Takes the ticks of one trading day in order, in any pieces.
class TouchRecorder {
 public:
  void push(const TickSpan& ticks);
  const TouchPath& path() const { return path_; }

 private:
  Touch touch_;
  int64_t local_ = std::numeric_limits<int64_t>::min();
  TouchPath path_;
};

/// Lowest and highest bid and ask of every kTouchBlock rows, so that a search for a barrier steps over most rows.
inline constexpr std::size_t kTouchBlock = 64;
struct TouchBlocks {
  explicit TouchBlocks(const TouchPath& path);
  std::vector<double> low_bid, high_bid, low_ask, high_ask;  ///< of the rows with both sides; low > high where none has
};

}  // namespace tf::market
