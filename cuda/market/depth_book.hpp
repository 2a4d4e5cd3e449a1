// The visible price levels of both sides, as rows of depth leave them, and what was added and cancelled.
#pragma once
#include <cstdint>
#include <vector>

#include "cuda/base/market.hpp"

namespace tf::market {

class DepthBook {
 public:
  /// Sums go over the best `levels` levels of a side.
  explicit DepthBook(int levels) : levels_(levels) {}

  struct Depth {
    double lots = 0, px = 0;  ///< sum, and size-weighted mean price in ticks; 0 where there are no levels
  };

  /// depth_bid, depth_ask, clear; trades, so that what they take is no cancellation. Other kinds change nothing. Rows
  /// of a snapshot and a clear change the book but count neither as added nor as cancelled.
  void apply(const Tick& tick);
  Depth bid() const { return best(sides_[0]); }
  Depth ask() const { return best(sides_[1]); }
  /// Lots added and cancelled since the call before.
  struct Flow {
    int64_t added = 0, cancelled = 0;
  };
  Flow take_flow();
  void reset();

 private:
  struct Level {
    int64_t rank, qty;  // rank: px of a bid, -px of an ask; the best level is the last
  };
  /// Lots that trades took at a price and whose decrease has not been seen yet.
  struct Taken {
    int side;
    int64_t px, qty;
  };

  void set(int side, int64_t px, int64_t qty, bool counts);
  void take(const Tick& trade);
  Depth best(const std::vector<Level>& side) const;

  int levels_;
  std::vector<Level> sides_[2];  // bids, asks
  std::vector<Taken> taken_;     // oldest first
  Flow flow_;
};

}  // namespace tf::market
