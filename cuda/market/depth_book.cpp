#include "cuda/market/depth_book.hpp"

#include <algorithm>

namespace tf::market {
namespace {

constexpr std::size_t kMostLevels = 65'536;  // a feed that never removes levels must not grow without bound
constexpr std::size_t kMostTaken = 64;

}  // namespace

void DepthBook::apply(const Tick& tick) {
  switch (tick.kind()) {
    case TickKind::depth_bid:
    case TickKind::depth_ask:
      set(tick.kind() == TickKind::depth_bid ? 0 : 1, tick.px, tick.qty, (tick.flags & kFlagSnapshot) == 0);
      break;
    case TickKind::clear: {
      const uint32_t side = tick.flags & (kFlagBuy | kFlagSell);
      if (side != kFlagSell) sides_[0].clear();
      if (side != kFlagBuy) sides_[1].clear();
      taken_.clear();
      break;
    }
    case TickKind::trade:
      take(tick);
      break;
    default:
      break;
  }
}

void DepthBook::set(int side, int64_t px, int64_t qty, bool counts) {
  std::vector<Level>& levels = sides_[side];
  const int64_t rank = side == 0 ? px : -px;
  // Updates are near the touch: a few steps from the end find their place.
  std::size_t at = levels.size();
  int steps = 0;
  while (at > 0 && levels[at - 1].rank >= rank && ++steps < 16) --at;
  if (at > 0 && levels[at - 1].rank >= rank)
    at = static_cast<std::size_t>(
        std::lower_bound(levels.begin(), levels.begin() + static_cast<std::ptrdiff_t>(at), rank,
                         [](const Level& level, int64_t wanted) { return level.rank < wanted; }) -
        levels.begin());
  const bool there = at < levels.size() && levels[at].rank == rank;
  const int64_t before = there ? levels[at].qty : 0;
  if (qty <= 0) {
    if (there) levels.erase(levels.begin() + static_cast<std::ptrdiff_t>(at));
  } else if (there) {
    levels[at].qty = qty;
  } else if (levels.size() < kMostLevels || at > 0) {
    levels.insert(levels.begin() + static_cast<std::ptrdiff_t>(at), {rank, qty});
    if (levels.size() > kMostLevels) levels.erase(levels.begin());
  }
  if (!counts) return;
  const int64_t after = std::max<int64_t>(qty, 0);
  if (after >= before) {
    flow_.added += after - before;
    return;
  }
  int64_t gone = before - after;
  for (std::size_t index = 0; index < taken_.size();) {
    Taken& taken = taken_[index];
    if (taken.side != side || taken.px != px) {
      ++index;
      continue;
    }
    const int64_t part = std::min(taken.qty, gone);
    gone -= part;
    taken.qty -= part;
    // A level that is gone owes nothing more.
    if (taken.qty == 0 || after == 0)
      taken_.erase(taken_.begin() + static_cast<std::ptrdiff_t>(index));
    else
      ++index;
  }
  flow_.cancelled += gone;
}

void DepthBook::take(const Tick& trade) {
  if (trade.qty <= 0 || (trade.flags & (kFlagHidden | kFlagAuction | kFlagBar))) return;
  const auto has = [&](int side) {
    const int64_t rank = side == 0 ? trade.px : -trade.px;
    const std::vector<Level>& levels = sides_[side];
    const auto found = std::lower_bound(levels.begin(), levels.end(), rank,
                                        [](const Level& level, int64_t wanted) { return level.rank < wanted; });
    return found != levels.end() && found->rank == rank;
  };
  // A buyer takes from the asks. Without a side, the side that shows the price.
  const int side = (trade.flags & kFlagBuy) ? 1 : (trade.flags & kFlagSell) ? 0 : has(1) ? 1 : 0;
  if (!has(side)) return;
  if (taken_.size() == kMostTaken) taken_.erase(taken_.begin());
  taken_.push_back({side, trade.px, trade.qty});
}

DepthBook::Depth DepthBook::best(const std::vector<Level>& side) const {
  if (side.empty()) return {};
  const std::size_t count = std::min(side.size(), static_cast<std::size_t>(levels_));
  const int64_t best = side.back().rank;
  double lots = 0, away = 0;
  for (std::size_t at = side.size(); at-- > side.size() - count;) {
    lots += static_cast<double>(side[at].qty);
    away += static_cast<double>(best - side[at].rank) * static_cast<double>(side[at].qty);
  }
  const double rank = static_cast<double>(best) - away / lots;
  return {lots, &side == &sides_[0] ? rank : -rank};
}

DepthBook::Flow DepthBook::take_flow() {
  const Flow flow = flow_;
  flow_ = {};
  return flow;
}

void DepthBook::reset() {
  for (auto& side : sides_) side.clear();
  taken_.clear();
  flow_ = {};
}

}  // namespace tf::market
