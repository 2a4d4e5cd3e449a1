// The best bid and ask, as one sequence of ticks leaves them.
#pragma once
#include <cstdint>

#include "cuda/base/host_device.hpp"
#include "cuda/base/market.hpp"

namespace tf::market {

struct Touch {
  double bid = 0, ask = 0, bid_size = 0, ask_size = 0;
  bool has_bid = false, has_ask = false;

  TF_HD bool ready() const { return has_bid & has_ask; }
  TF_HD double mid() const { return 0.5 * (bid + ask); }
  /// best_bid, best_ask (size 0 without kFlagNoSize: that side is empty), clear; other kinds change nothing. Returns
  /// whether the tick was one of the three.
  TF_HD bool apply(uint32_t flags, int64_t px, int64_t qty) {
    const uint32_t kind = flags & kKindMask;
    const bool there = (qty > 0) | ((flags & kFlagNoSize) != 0);
    if (kind == static_cast<uint32_t>(TickKind::best_bid)) {
      bid = static_cast<double>(px), bid_size = static_cast<double>(qty), has_bid = there;
    } else if (kind == static_cast<uint32_t>(TickKind::best_ask)) {
      ask = static_cast<double>(px), ask_size = static_cast<double>(qty), has_ask = there;
    } else if (kind == static_cast<uint32_t>(TickKind::clear)) {
      const uint32_t side = flags & (kFlagBuy | kFlagSell);
      if (side != kFlagSell) has_bid = false;
      if (side != kFlagBuy) has_ask = false;
    } else {
      return false;
    }
    return true;
  }
  void apply(const Tick& tick) { apply(tick.flags, tick.px, tick.qty); }
};

}  // namespace tf::market
