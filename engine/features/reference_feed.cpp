#include "engine/features/reference_feed.hpp"

#include <algorithm>
#include <limits>

#include "cuda/market/as_of.hpp"

namespace tf::features {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

}  // namespace

void ReferenceFeed::push(const TickSpan& ticks) {
  for (std::size_t row = 0; row < ticks.size(); ++row) {
    local_ = std::max(local_, ticks.local_ts[row]);
    touch_moved_ |= touch_.apply(ticks.flags[row], ticks.px[row], ticks.qty[row]);
    // Between the rows of one event the touch is neither the old nor the new one.
    if (!touch_moved_ || !(ticks.flags[row] & kFlagLast)) continue;
    touch_moved_ = false;
    const double mid = touch_.ready() ? touch_.mid() : kNan;
    const bool same = !mid_.empty() && (mid_.back() == mid || (mid_.back() != mid_.back() && mid != mid));
    if (same) continue;
    if (!time_.empty() && time_.back() == local_) {
      mid_.back() = mid;
    } else {
      time_.push_back(local_);
      mid_.push_back(mid);
    }
  }
}

void ReferenceFeed::mids_before(std::span<const int64_t> times, double* mids) const {
  constexpr std::size_t kBlock = 1024;
  int64_t rows[kBlock];
  for (std::size_t first = 0; first < times.size(); first += kBlock) {
    const std::size_t count = std::min(kBlock, times.size() - first);
    market::as_of(times.subspan(first, count), time_, {rows, count}, market::AsOf::strict);
    for (std::size_t at = 0; at < count; ++at)
      mids[first + at] = rows[at] < 0 ? kNan : mid_[static_cast<std::size_t>(rows[at])];
  }
}

void ReferenceFeed::forget_before(int64_t time_ns) {
  const auto known = std::lower_bound(time_.begin(), time_.end(), time_ns) - time_.begin();
  // The last one before is still the answer. Moving the rest down pays once half of it may go.
  if (known < 4096 || static_cast<std::size_t>(known) * 2 < time_.size()) return;
  time_.erase(time_.begin(), time_.begin() + known - 1);
  mid_.erase(mid_.begin(), mid_.begin() + known - 1);
}

}  // namespace tf::features
