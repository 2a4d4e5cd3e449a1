// One strategy on a scripted mid, a decision a second, no latency, no spread: its positions are the test's subject.
#pragma once
#include <string>
#include <vector>

#include "tests/cuda/market/lane_params.hpp"
#include "tests/cuda/market/random_market.hpp"

namespace tf::market {

/// Position after each decision's order has filled.
inline std::vector<double> positions_of(const LaneSpec& lane, const std::vector<int64_t>& mids,
                                        const std::vector<double>& signals = {}) {
  SimulationSpec spec;
  spec.entry_latency_ns = spec.response_latency_ns = 1;
  spec.max_position_lots = 10;
  TickColumns ticks;
  std::vector<int64_t> decisions;
  for (std::size_t at = 0; at < mids.size(); ++at) {
    const int64_t time = kTestDay + static_cast<int64_t>(at) * kSecond;
    ticks.push({time, time, mids[at], 1, 0, static_cast<uint32_t>(TickKind::best_bid)});
    ticks.push({time, time, mids[at], 1, 0, static_cast<uint32_t>(TickKind::best_ask) | kFlagLast});
    decisions.push_back(time);
  }
  Simulator simulator(pick_exec(), test_instrument(), spec, {lane});
  const int64_t rows = static_cast<int64_t>(signals.size());
  std::vector<Fill> fills;
  simulator.run_day(ticks.span(), decisions, {signals.data(), rows, 1, 1}, &fills);
  std::vector<double> positions(mids.size(), 0);
  for (const Fill& fill : fills)
    if (fill.cause != 3)
      for (std::size_t at = static_cast<std::size_t>((fill.time_ns - kTestDay) / kSecond); at < positions.size(); ++at)
        positions[at] += fill.qty;
  return positions;
}

}  // namespace tf::market
