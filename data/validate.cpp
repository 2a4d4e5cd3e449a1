#include "data/validate.hpp"

#include <algorithm>
#include <utility>

namespace tf::data {

namespace {

constexpr uint32_t bit(TickKind kind) { return 1u << static_cast<uint32_t>(kind); }
constexpr uint32_t kPriced = bit(TickKind::trade) | bit(TickKind::best_bid) | bit(TickKind::best_ask);
constexpr uint64_t kOdd1 = 0x9E3779B97F4A7C15u, kOdd2 = 0xC2B2AE3D27D4EB4Fu, kOdd3 = 0x165667B19E3779F9u,
                   kOdd4 = 0xD6E8FEB86659FD93u;

}  // namespace

QualityMeter::QualityMeter(Sessions sessions, int64_t max_gap_ns)
    : sessions_(std::move(sessions)), max_gap_ns_(max_gap_ns), near_spreads_(kNear) {}

void QualityMeter::add(std::span<const Tick> ticks) {
  if (ticks.empty()) return;
  State state = state_;
  QualityCounts& counts = state.counts;
  if (counts.ticks == 0) {
    counts.first_ts = state.last_ts = ticks[0].exch_ts;
    state.last_local_ts = ticks[0].local_ts;
    counts.least_latency_ns = ticks[0].local_ts - ticks[0].exch_ts;
    state.last_event_ts = ticks[0].exch_ts - 1;
  }
  counts.ticks += static_cast<int64_t>(ticks.size());
  const bool hours = !sessions_.always();
  const int64_t long_gap = max_gap_ns_ > 0 ? max_gap_ns_ : INT64_MAX;
  for (const Tick& tick : ticks) {
    const int64_t step = tick.exch_ts - state.last_ts, latency = tick.local_ts - tick.exch_ts;
    counts.backward_steps += step < 0;
    counts.local_backward_steps += tick.local_ts < state.last_local_ts;
    if (step > counts.largest_gap_ns) {
      counts.largest_gap_ns = step;
      counts.largest_gap_at = state.last_ts;
    }
    if (step > long_gap) counts.long_gaps += is_long_gap(state.last_ts, step);
    if (!state.event_open) {
      ++counts.events;
      state.hash = 0;
      state.repeats = tick.exch_ts == state.last_event_ts;
      counts.equal_ts += state.repeats;
      state.last_event_ts = tick.exch_ts;
    }
    state.last_ts = tick.exch_ts;
    state.last_local_ts = tick.local_ts;
    counts.negative_latency += latency < 0;
    counts.least_latency_ns = std::min(counts.least_latency_ns, latency);
    const auto word = [](int64_t value) { return static_cast<uint64_t>(value); };
    state.hash = (state.hash + word(tick.px) * kOdd1 + word(tick.qty) * kOdd2 + tick.order_id * kOdd3 +
                  (word(tick.local_ts) ^ tick.flags)) *
                 kOdd4;

    const TickKind kind = tick.kind();
    if (kPriced >> (tick.flags & kKindMask) & 1) {
      counts.zero_px += tick.px == 0;
      counts.negative_px += tick.px < 0;
      counts.zero_qty += tick.qty == 0 && !(tick.flags & kFlagNoSize);
      if (hours) counts.outside_sessions += !sessions_.inside(tick.exch_ts);
      if (kind == TickKind::best_bid) {
        state.bid = tick.px;
        state.has_bid = state.quoted = true;
      } else if (kind == TickKind::best_ask) {
        state.ask = tick.px;
        state.has_ask = state.quoted = true;
      } else {
        ++counts.trades;
        counts.auctions += (tick.flags & kFlagAuction) != 0;
        counts.irregular += (tick.flags & kFlagIrregular) != 0;
        counts.hidden += (tick.flags & kFlagHidden) != 0;
        counts.bars += (tick.flags & kFlagBar) != 0;
      }
    } else if (kind == TickKind::clear) {
      const bool both = !(tick.flags & (kFlagBuy | kFlagSell));
      if (both || (tick.flags & kFlagBuy)) state.has_bid = false;
      if (both || (tick.flags & kFlagSell)) state.has_ask = false;
    } else {
      counts.corrections += kind == TickKind::trade_break;
    }
    state.event_open = !(tick.flags & kFlagLast);
    if (!state.event_open) end_event(state);
  }
  state_ = state;
}

bool QualityMeter::is_long_gap(int64_t before, int64_t gap) {
  return sessions_.always() || sessions_.session_of(before) == sessions_.session_of(before + gap);
}

inline void QualityMeter::end_event(State& state) {
  if (state.quoted) end_quote(state);
  if (state.repeats) {
    // The first event of a time is put down when there is a second one.
    if (seen_.empty() || seen_time_ != state.last_event_ts) {
      seen_.resize(kSeen);
      seen_time_ = state.last_event_ts;
      ++generation_;
      seen(state.last_hash);
    }
    state.counts.equal_rows += seen(state.hash);
  } else {
    seen_time_ = state.last_event_ts - 1;
  }
  state.last_hash = state.hash;
}

/// Was this hash there in the current generation? Remembers it if there is room near its place.
bool QualityMeter::seen(uint64_t hash) {
  const std::size_t home = hash >> 40;
  for (std::size_t probe = 0; probe < kProbes; ++probe) {
    Seen& slot = seen_[(home + probe) % kSeen];
    if (slot.generation != generation_) {
      slot = {hash, generation_};
      return false;
    }
    if (slot.hash == hash) return true;
  }
  return false;
}

inline void QualityMeter::end_quote(State& state) {
  state.quoted = false;
  ++state.counts.quotes;
  if (!state.has_bid || !state.has_ask) return;
  const int64_t spread = state.ask - state.bid;
  state.counts.crossed += spread < 0;
  state.counts.locked += spread == 0;
  state.counts.spread_max_ticks = spreads_++ == 0 ? spread : std::max(state.counts.spread_max_ticks, spread);
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
  QualityCounts counts = state_.counts;
  counts.last_ts = state_.last_ts;
  counts.spread_median_ticks = median_spread();
  return counts;
}

}  // namespace tf::data
