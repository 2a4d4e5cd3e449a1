// Simulation on the ticks: many lanes share one replay of one instrument. A lane is one strategy with one parameter set
// and, where the strategy reads one, one signal. Orders are market orders: they cross the spread at the touch found
// when they arrive.
//
// The rules (anchor: SIMULATION.md section 5, taker paths):
//  - decisions happen at given times (knowledge times of bars); the strategy sees the touch of the events whose
//  local_ts <= T;
//    without a two-sided touch there is no decision. Both clocks run in row order and never back (running maximum);
//  - a changed target becomes an order that arrives at T + entry_latency and fills whole at the exchange-side touch
//  (events with
//    exch_ts <= arrival): buys at ask, sells at bid; where the touch lacks a side, at the next instant that has both.
//    The lane knows its fill at arrival + response_latency; one order in flight, and a decision made meanwhile sends
//    nothing;
//  - stop and target are measured from the fill that opened, enlarged or turned the position, and watched at the
//  exchange-clock
//    touch after it: the first event at which a long's bid (a short's ask) is at or beyond the level sends the exit,
//    which arrives one entry_latency later, fills at the touch then and closes what there is; stop goes before target.
//    It counts as an order in flight. An order already under way that closes, enlarges or turns the position voids it;
//  - what is in flight when the ticks end fills at the day's last two-sided touch; flat_at_day_end closes there too;
//  - position in whole lots, bounded by max_position_lots;
//  - money in tick * lot as doubles that hold exact integers; fees apart.
#pragma once
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "cuda/base/device.hpp"
#include "cuda/base/market.hpp"
#include "cuda/base/view.hpp"
#include "cuda/market/catalogue.hpp"

namespace tf::market {

struct SimulationSpec {
  int64_t entry_latency_ns = 5'000'000;
  int64_t response_latency_ns = 5'000'000;
  double fee_bps = 0;      ///< of notional, a fill
  double fee_per_lot = 0;  ///< currency a lot, a fill
  double max_position_lots = 1;
  bool flat_at_day_end = true;
  static std::span<const Field> fields();
};

struct LaneSpec {
  std::string strategy;  ///< catalogue name; all lanes of one call may differ
  std::shared_ptr<const void> params;
  int64_t signal_lane = -1;  ///< column of the signal panel, -1 = none
};

/// What one lane did in one trading day, a position carried in or out valued at mid. Money in currency (tick_size *
/// lot_size * multiplier applied).
struct LaneDay {
  double gross =
      0;  ///< the same fills at the mid their decision saw (exits: mid after the trigger's instant), without fees
  double net = 0;  ///< at the prices filled, after fees
  double fees = 0, turnover = 0;
  double max_drawdown = 0;  ///< of net equity at decisions and day end, from the day's start; >= 0
  int64_t fills = 0;
  int64_t round_trips = 0, wins = 0;  ///< from flat to flat (or turned); wins: those above 0 after fees
  double end_position = 0;            ///< lots
};

struct Fill {
  int64_t time_ns = 0;  ///< exchange time of the fill
  int32_t lane = 0;
  double px = 0, qty = 0;  ///< ticks; signed lots
  double fee = 0;          ///< currency
  int32_t cause = 0;       ///< 0 decision, 1 stop, 2 target, 3 day end
};

/// The entry of `name` for the level or device of `exec`. Throws Error{config} with the candidates.
/// (strategies/find_strategy.cpp)
const StrategyEntry& find_strategy(const Exec& exec, const std::string& name);

/// Runs lanes through days given one after another. State (position, strategy lane state) is carried over the days
/// unless flat_at_day_end, which makes days independent but for the strategy's own state.
class Simulator {
 public:
  /// Throws Error{config} for a strategy that is unknown, or reads a signal where its lane has none.
  Simulator(const Exec& exec, const Instrument& instrument, const SimulationSpec& spec, std::vector<LaneSpec> lanes);
  /// The same, the entries looked up by the caller: one a lane.
  Simulator(const Exec& exec, const Instrument& instrument, const SimulationSpec& spec, std::vector<LaneSpec> lanes,
            std::vector<const StrategyEntry*> entries);
  ~Simulator();
  Simulator(Simulator&&) noexcept;

  /// One trading day: its ticks, decision times ascending, and for each the signals [decision][signal lane] (may be
  /// empty when no lane reads one; NaN = no opinion, keep the position). Returns one LaneDay a lane, in lane order.
  /// `fills` are appended by lane, then by time. `equity` (panel [decision][lane]) is net money since the day's start
  /// in currency, the position marked at the exchange-side mid. Both may be nullptr / empty.
  std::vector<LaneDay> run_day(const TickSpan& ticks, std::span<const int64_t> decisions, Panel<const double> signals,
                               std::vector<Fill>* fills = nullptr, Panel<double> equity = {});
  int64_t lanes() const;
  /// Empty = sound; else the first lane whose numbers left the exact range or whose orders overflowed, and why.
  std::string status() const;

 private:
  struct Body;
  std::unique_ptr<Body> body_;
};

// Defined here, not in simulate.cpp: the catalogue lies in a library that depends on this one, so it is the caller's
// translation unit that must ask for it.
inline Simulator::Simulator(const Exec& exec, const Instrument& instrument, const SimulationSpec& spec,
                            std::vector<LaneSpec> lanes)
    : Simulator(exec, instrument, spec, lanes, [&] {
        std::vector<const StrategyEntry*> entries;
        for (const LaneSpec& lane : lanes) entries.push_back(&find_strategy(exec, lane.strategy));
        return entries;
      }()) {}

}  // namespace tf::market
