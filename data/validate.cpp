#include "data/validate.hpp"

#include <algorithm>
#include <utility>

namespace tf::data {

namespace {

constexpr uint32_t bit(TickKind kind) { return 1u << static_cast<uint32_t>(kind); }
constexpr uint32_t kPriced = bit(TickKind::trade) | bit(TickKind::best_bid) | bit(TickKind::best_ask);
constexpr uint64_t kOdd1 = 0x9E3779B97F4A7C15u, kOdd2 = 0xC2B2AE3D27D4EB4Fu, kOdd3 = 0x165667B19E3779F9u;

}  // namespace

QualityMeter::QualityMeter(Sessions sessions, int64_t max_gap_ns)
    : sessions_(std::move(sessions)), max_gap_ns_(max_gap_ns), near_spreads_(kNear), seen_(kSeen) {}

void QualityMeter::add(std::span<const Tick> ticks) {
  if (ticks.empty()) return;
  if (counts_.ticks == 0) {
    counts_.first_ts = last_ts_ = ticks[0].exch_ts;
    last_local_ts_ = ticks[0].local_ts;
    counts_.least_latency_ns = ticks[0].local_ts - ticks[0].exch_ts;
    last_event_ts_ = ticks[0].exch_ts - 1;
  }
  counts_.ticks += static_cast<int64_t>(ticks.size());
  const bool hours = !sessions_.always();
  const int64_t long_gap = max_gap_ns_ > 0 ? max_gap_ns_ : INT64_MAX;
  for (const Tick& tick : ticks) {
    const int64_t step = tick.exch_ts - last_ts_, latency = tick.local_ts - tick.exch_ts;
    counts_.backward_steps += step < 0;
    counts_.local_backward_steps += tick.local_ts < last_local_ts_;
    if (step > counts_.largest_gap_ns) {
      counts_.largest_gap_ns = step;
      counts_.largest_gap_at = last_ts_;
    }
    if (step > long_gap) note_gap(last_ts_, step);
    if (!event_open_) start_event(tick.exch_ts);
    last_ts_ = tick.exch_ts;
    last_local_ts_ = tick.local_ts;
    counts_.negative_latency += latency < 0;
    counts_.least_latency_ns = std::min(counts_.least_latency_ns, latency);
    const auto word = [](auto value) { return static_cast<uint64_t>(value); };
    event_hash_ = (event_hash_ ^ word(tick.px) * kOdd1 ^ word(tick.qty) * kOdd2 ^ word(tick.local_ts)) * kOdd3 ^
                  (tick.order_id * kOdd2 + tick.flags);

    const TickKind kind = tick.kind();
    if (kPriced >> (tick.flags & kKindMask) & 1) {
      counts_.zero_px += tick.px == 0;
      counts_.negative_px += tick.px < 0;
      counts_.zero_qty += tick.qty == 0 && !(tick.flags & kFlagNoSize);
      if (hours) counts_.outside_sessions += !sessions_.inside(tick.exch_ts);
      if (kind == TickKind::best_bid) {
        bid_ = tick.px;
        has_bid_ = quoted_ = true;
      } else if (kind == TickKind::best_ask) {
        ask_ = tick.px;
        has_ask_ = quoted_ = true;
      } else {
        ++counts_.trades;
        counts_.auctions += (tick.flags & kFlagAuction) != 0;
        counts_.irregular += (tick.flags & kFlagIrregular) != 0;
        counts_.hidden += (tick.flags & kFlagHidden) != 0;
        counts_.bars += (tick.flags & kFlagBar) != 0;
      }
    } else if (kind == TickKind::clear) {
      const bool both = !(tick.flags & (kFlagBuy | kFlagSell));
      if (both || (tick.flags & kFlagBuy)) has_bid_ = false;
      if (both || (tick.flags & kFlagSell)) has_ask_ = false;
    } else {
      counts_.corrections += kind == TickKind::trade_break;
    }
    event_open_ = !(tick.flags & kFlagLast);
    if (!event_open_) end_event();
  }
}

void QualityMeter::note_gap(int64_t before, int64_t gap) {
  counts_.long_gaps += sessions_.always() || sessions_.session_of(before) == sessions_.session_of(before + gap);
}

void QualityMeter::start_event(int64_t ts) {
  ++counts_.events;
  event_hash_ = 0;
  if (ts == last_event_ts_) {
    ++counts_.equal_ts;
  } else {
    ++generation_;
    last_event_ts_ = ts;
  }
}

void QualityMeter::end_event() {
  if (quoted_) end_quote();
  const uint64_t hash = event_hash_ * kOdd1;
  const std::size_t home = hash >> 40;
  for (std::size_t probe = 0; probe < kProbes; ++probe) {
    Seen& slot = seen_[(home + probe) % kSeen];
    if (slot.generation != generation_) {
      slot = {hash, generation_};
      return;
    }
    if (slot.hash == hash) {
      ++counts_.equal_rows;
      return;
    }
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
