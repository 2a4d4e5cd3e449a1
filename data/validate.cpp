#include "data/validate.hpp"

#include <algorithm>

namespace tf::data {

void QualityMeter::add(std::span<const Tick> ticks) {
  for (const Tick& tick : ticks) {
    if (counts_.ticks++ == 0) {
      counts_.first_ts = tick.exch_ts;
    } else {
      const int64_t step = tick.exch_ts - last_ts_;
      counts_.backward_steps += step < 0;
      counts_.local_backward_steps += tick.local_ts < last_local_ts_;
      if (step > counts_.largest_gap_ns) {
        counts_.largest_gap_ns = step;
        counts_.largest_gap_at = last_ts_;
      }
    }
    if (!event_open_) {
      counts_.equal_ts += counts_.ticks > 1 && tick.exch_ts == last_event_ts_;
      last_event_ts_ = tick.exch_ts;
    }
    last_ts_ = tick.exch_ts;
    last_local_ts_ = tick.local_ts;
    counts_.negative_latency += tick.local_ts < tick.exch_ts;

    const TickKind kind = tick.kind();
    if (kind == TickKind::best_bid || kind == TickKind::best_ask || kind == TickKind::trade) {
      counts_.zero_px += tick.px == 0;
      counts_.negative_px += tick.px < 0;
      counts_.zero_qty += tick.qty == 0 && !(tick.flags & kFlagNoSize);
      counts_.trades += kind == TickKind::trade;
      if (kind == TickKind::best_bid) {
        bid_ = tick.px;
        has_bid_ = quoted_ = true;
      } else if (kind == TickKind::best_ask) {
        ask_ = tick.px;
        has_ask_ = quoted_ = true;
      }
    } else if (kind == TickKind::clear) {
      const bool both = !(tick.flags & (kFlagBuy | kFlagSell));
      if (both || (tick.flags & kFlagBuy)) has_bid_ = false;
      if (both || (tick.flags & kFlagSell)) has_ask_ = false;
    }
    event_open_ = !(tick.flags & kFlagLast);
    if (!event_open_ && quoted_) end_quote();
  }
}

void QualityMeter::end_quote() {
  quoted_ = false;
  ++counts_.quotes;
  if (!has_bid_ || !has_ask_) return;
  const int64_t spread = ask_ - bid_;
  counts_.crossed += spread < 0;
  counts_.locked += spread == 0;
  counts_.spread_max_ticks = spreads_++ == 0 ? spread : std::max(counts_.spread_max_ticks, spread);
  if (spread >= 0 && spread < kNear) {
    ++near_spreads_[static_cast<std::size_t>(spread)];
  } else {
    ++far_spreads_[spread];
  }
}

double QualityMeter::median_spread() const {
  if (spreads_ == 0) return 0;
  // The two middle values (one and the same for an odd count), walking the spreads upwards.
  const int64_t lower = (spreads_ - 1) / 2, upper = spreads_ / 2;
  int64_t before = 0;
  double low = 0, high = 0;
  const auto visit = [&](int64_t spread, int64_t count) {
    if (lower >= before && lower < before + count) low = static_cast<double>(spread);
    if (upper >= before && upper < before + count) high = static_cast<double>(spread);
    before += count;
  };
  auto far = far_spreads_.begin();
  for (; far != far_spreads_.end() && far->first < 0; ++far) visit(far->first, far->second);
  for (int64_t spread = 0; spread < kNear; ++spread) visit(spread, near_spreads_[static_cast<std::size_t>(spread)]);
  for (; far != far_spreads_.end(); ++far) visit(far->first, far->second);
  return (low + high) / 2;
}

QualityCounts QualityMeter::counts() const {
  QualityCounts counts = counts_;
  counts.last_ts = last_ts_;
  counts.spread_median_ticks = median_spread();
  return counts;
}

}  // namespace tf::data
