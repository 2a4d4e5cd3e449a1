// What the shared replay hands to the lanes, and the compiled lane code of one strategy at one level. Plain structs of
// numbers only: they mean the same in every level and on every device.
#pragma once
#include <cstdint>

#include "cuda/base/device.hpp"
#include "cuda/base/view.hpp"

namespace tf::market {

/// All a lane needs to know of one decision. Times are ns since the day's base, prices ticks; NaN = no two-sided touch.
/// Entry `decisions` is the day's end: its time lies after everything and it has no decision.
struct Step {
  double time;
  double bid, ask;                              ///< seen at `time`: events with local_ts <= time
  double mark;                                  ///< mid of the last two-sided touch with exch_ts <= time
  double fill_time, fill_bid, fill_ask;         ///< of an order sent now
  double fill_row;                              ///< first tick after that fill
  double rows;                                  ///< ticks with exch_ts <= time
  double touch_bid, touch_ask;                  ///< at the exchange after those ticks; NaN = side empty
  double low_bid, high_bid, low_ask, high_ask;  ///< extremes of the two-sided touch since the step before
};

/// One trading day as the lanes read it. Pointers are memory of the device that runs. Ticks are read only where an
/// interval reached a lane's bracket.
struct DayTable {
  const Step* steps = nullptr;  ///< decisions + 1
  int64_t decisions = 0;
  const int64_t *exch_ts = nullptr, *px = nullptr, *qty = nullptr;
  const uint32_t* flags = nullptr;
  int64_t ticks = 0;
  int64_t base_ns = 0;                ///< zero of the table's times
  double last_bid = 0, last_ask = 0;  ///< the day's last two-sided touch
  double end_time = 0;                ///< of the day's last tick
  bool has_touch = false;
};

/// Money and delays of a simulation. `unit` turns ticks * lots into currency.
struct Costs {
  double unit = 1, fee_rate = 0, fee_per_lot = 0, max_position = 1;
  double entry_ns = 0, response_ns = 0;
  bool flat = true;
};

/// A fill as a lane reports it.
struct LaneFill {
  double time, px, qty, fee;
  int32_t lane, cause;
};

/// One call: lanes of one strategy through one day.
struct LaneRun {
  DayTable table;
  Costs costs;
  int64_t count = 0;                     ///< lanes
  const int32_t* lane = nullptr;         ///< their places in results and in `equity`
  const int64_t* signal_lane = nullptr;  ///< -1 = none
  Panel<const double> signals;
  double* state = nullptr;       ///< [lane][state_words], changed
  const double* coef = nullptr;  ///< [lane][coef_words]
  Panel<double> equity;          ///< data may be null
  // Where fills go. CPU: add(sink, fill) unless null. CUDA: fills[fill_at[lane] ...] unless null.
  void* sink = nullptr;
  void (*add)(void* sink, const LaneFill& fill) = nullptr;
  LaneFill* fills = nullptr;
  const int64_t* fill_at = nullptr;
};

struct LaneProgram {
  int state_words = 0;  ///< account, then the strategy's own lane
  int coef_words = 0;
  void (*coef)(const void* params, double* words) = nullptr;
  /// Pointers of `run` are memory of exec.device; threads of `exec` are the caller's business.
  void (*run)(const Exec& exec, const LaneRun& run) = nullptr;
};

}  // namespace tf::market
