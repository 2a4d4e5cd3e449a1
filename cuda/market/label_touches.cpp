#include "cuda/market/label_touches.hpp"

#include <algorithm>
#include <cmath>

namespace tf::market {

void TouchRecorder::push(const TickSpan& ticks) {
  constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
  const auto same = [](double a, double b) { return a == b || (std::isnan(a) && std::isnan(b)); };
  for (std::size_t row = 0; row < ticks.size(); ++row) {
    local_ = std::max(local_, ticks.local_ts[row]);
    touch_.apply(ticks.flags[row], ticks.px[row], ticks.qty[row]);
    if (!(ticks.flags[row] & kFlagLast)) continue;
    const double bid = touch_.ready() ? touch_.bid : kNan, ask = touch_.ready() ? touch_.ask : kNan;
    if (path_.bid.empty() ? std::isnan(bid) : same(bid, path_.bid.back()) && same(ask, path_.ask.back())) continue;
    path_.known_ts.push_back(local_);
    path_.bid.push_back(bid);
    path_.ask.push_back(ask);
  }
}

TouchBlocks::TouchBlocks(const TouchPath& path) {
  constexpr double kFar = std::numeric_limits<double>::infinity();
  const std::size_t rows = path.bid.size(), blocks = (rows + kTouchBlock - 1) / kTouchBlock;
  for (std::vector<double>* low : {&low_bid, &low_ask}) low->assign(blocks, kFar);
  for (std::vector<double>* high : {&high_bid, &high_ask}) high->assign(blocks, -kFar);
  for (std::size_t row = 0; row < rows; ++row) {
    const std::size_t block = row / kTouchBlock;
    const double bid = path.bid[row], ask = path.ask[row];
    if (std::isnan(bid) || std::isnan(ask)) continue;
    low_bid[block] = std::min(low_bid[block], bid);
    high_bid[block] = std::max(high_bid[block], bid);
    low_ask[block] = std::min(low_ask[block], ask);
    high_ask[block] = std::max(high_ask[block], ask);
  }
}

}  // namespace tf::market
