// How lanes go through a day: settle what happened since the last decision, decide, send. One body for R = double (a
// GPU thread, a single lane) and R = Pack (SIMD lanes). Lanes never look at events, unless an interval reached their
// bracket.
#pragma once
#include <cstring>
#include <type_traits>

#include "cuda/base/launch.hpp"
#include "cuda/market/account.hpp"
#include "cuda/market/catalogue.hpp"
#include "cuda/market/strategy.hpp"
#include "cuda/market/touch.hpp"

namespace tf::market {
inline namespace TF_LEVEL {

// ---- lanes of a word -----------------------------------------------------------------------------------------------
template <class R>
inline constexpr int kLanesOf = sizeof(R) / sizeof(double);
template <class T>
inline constexpr int kWordsOf = std::is_empty_v<T> ? 0 : static_cast<int>(sizeof(T) / sizeof(double));

TF_HD double load_lane(const void* words, int at) {
  double value;
  std::memcpy(&value, static_cast<const char*>(words) + at * sizeof(double), sizeof value);
  return value;
}
TF_HD void store_lane(void* words, int at, double value) {
  std::memcpy(static_cast<char*>(words) + at * sizeof(double), &value, sizeof value);
}
/// Word by word from scalars to one lane of a struct of R, and back.
template <class R, int kWords>
TF_HD void put_lane(void* packed, int lane, const double* from) {
  for (int word = 0; word < kWords; ++word) store_lane(packed, word * kLanesOf<R> + lane, from[word]);
}
template <class R, int kWords>
TF_HD void get_lane(const void* packed, int lane, double* to) {
  for (int word = 0; word < kWords; ++word) to[word] = load_lane(packed, word * kLanesOf<R> + lane);
}
TF_HD bool lane_of(bool mask, int) { return mask; }
TF_HD double lane_of(double value, int) { return value; }
#if defined(TF_HAS_PACK)
template <class T, int W>
TF_HD bool lane_of(PackMask<T, W> mask, int lane) {
  return mask.v[lane] != 0;
}
template <class T, int W>
TF_HD T lane_of(Pack<T, W> pack, int lane) {
  return pack.v[lane];
}
#endif

// ---- fills to wherever they are wanted -----------------------------------------------------------------------------
/// On a CPU: one call a fill. Lanes of the pack beyond `real` are padding.
struct FillCall {
  const LaneRun& run;
  int64_t first, real;

  TF_HD bool wanted() const { return run.add != nullptr; }
  TF_HD void add(int lane, double time, double px, double qty, double fee, int cause) {
    if (lane < real) run.add(run.sink, {time, px, qty, fee, run.lane[first + lane], cause});
  }
};
/// On a GPU: rows of a table in which each lane has its own range.
struct FillTable {
  const LaneRun& run;
  int64_t first, real;
  int64_t written = 0;

  TF_HD bool wanted() const { return run.fills != nullptr; }
  TF_HD void add(int, double time, double px, double qty, double fee, int cause) {
    run.fills[run.fill_at[first] + written++] = {time, px, qty, fee, run.lane[first], cause};
  }
};

// ---- bracket -------------------------------------------------------------------------------------------------------
/// Whether the extremes of an interval touch a bracket: a superset of the lanes that must look at events.
template <class R>
TF_HD Mask<R> reached(const Step& step, R position, R stop, R take) {
  const Mask<R> long_hit = or_(R(step.low_bid) <= stop, R(step.high_bid) >= take);
  const Mask<R> short_hit = or_(R(step.high_ask) >= stop, R(step.low_ask) <= take);
  return or_(and_(position > R(0.0), long_hit), and_(position < R(0.0), short_hit));
}

/// A place in the ticks, with the exchange's clock and touch after the ticks before it.
struct Cursor {
  int64_t row = 0;
  double time = -kNever;
  Touch touch;

  /// Applies one tick; whether it concerned the touch.
  TF_HD bool next(const DayTable& table) {
    time = max_(time, static_cast<double>(table.exch_ts[row] - table.base_ns));
    const bool touched = touch.apply(table.flags[row], table.px[row], table.qty[row]);
    ++row;
    return touched;
  }
  /// Applies the ticks up to `until`.
  TF_HD void run_to(const DayTable& table, double until) {
    while (row < table.ticks && static_cast<double>(table.exch_ts[row] - table.base_ns) <= until) next(table);
  }
};

/// The exit that the bracket sends at the tick before `at`: where and when it fills.
TF_HD void send_exit(Account<double>& a, const DayTable& table, const Costs& costs, Cursor at, bool is_stop) {
  const bool is_long = a.position > 0;
  const double arrival = at.time + costs.entry_ns;
  a.exit_cause = is_stop ? 1 : 2;

  // Its gross price is the mid once the trigger's instant is complete (a quote may be two rows).
  a.exit_mid = at.touch.mid();
  at.run_to(table, at.time);
  if (at.touch.ready()) a.exit_mid = at.touch.mid();

  // The touch after all ticks of the arrival's time; where it lacks a side, the next instant that has both.
  at.run_to(table, arrival);
  while (!at.touch.ready() && at.row < table.ticks) {
    at.next(table);
    at.run_to(table, at.time);
  }
  if (at.touch.ready()) {
    a.exit_px = is_long ? at.touch.bid : at.touch.ask;
    a.exit_at = max_(arrival, at.time);
  } else {
    a.exit_px = is_long ? table.last_bid : table.last_ask;
    a.exit_at = max_(arrival, table.end_time);
  }
  a.exit_known = a.exit_at + costs.response_ns;
}

/// One lane from the step `before` (null: the day's start) to `step`: ticks, its order and its exit in the order of the
/// clock.
template <class Out>
TF_HD void walk(Account<double>& a, const DayTable& table, const Costs& costs, const Step* before, const Step& step,
                Out& out, int lane) {
  const int64_t rows = static_cast<int64_t>(step.rows);
  Cursor at;
  if (before) {
    at.row = static_cast<int64_t>(before->rows);
    at.touch.bid = before->touch_bid, at.touch.has_bid = before->touch_bid == before->touch_bid;
    at.touch.ask = before->touch_ask, at.touch.has_ask = before->touch_ask == before->touch_ask;
  }
  for (;;) {
    const bool order_due = a.order_at <= step.time;
    if (a.position != 0 && a.exit_at == kNever) {
      const int64_t until = order_due ? static_cast<int64_t>(a.order_row) : rows;
      const double side = a.position > 0 ? 1 : -1, low = side * a.stop, high = side * a.take;
      bool sent = false;
      while (at.row < until && !sent) {
        if (!at.next(table) || !at.touch.ready()) continue;
        const double px = side > 0 ? at.touch.bid : -at.touch.ask;
        sent = (px <= low) | (px >= high);
        if (sent) send_exit(a, table, costs, at, px <= low);
      }
      if (sent) continue;
    }
    if (order_due && a.order_at <= a.exit_at) {
      const double qty = a.order_to - a.position, time = a.order_at;
      at.row = static_cast<int64_t>(a.order_row);
      at.touch.bid = qty > 0 ? a.order_far : a.order_px;
      at.touch.ask = qty > 0 ? a.order_px : a.order_far;
      at.touch.has_bid = at.touch.has_ask = true;
      a.order_at = kNever;
      const double fee = fill(a, costs, true, a.order_to, a.order_px, a.order_mid, time, a.order_stop, a.order_take);
      if (out.wanted()) out.add(lane, time, a.order_px, qty, fee, 0);
    } else if (a.exit_at <= step.time) {
      const double qty = -a.position, time = a.exit_at, known = a.exit_known;
      const double fee = fill(a, costs, true, 0.0, a.exit_px, a.exit_mid, time, 0.0, 0.0);
      a.exit_known = known;
      if (out.wanted()) out.add(lane, time, a.exit_px, qty, fee, static_cast<int>(a.exit_cause));
    } else {
      return;
    }
  }
}

/// Brings the lanes to step.time.
template <class R, class Out>
TF_HD void settle(Account<R>& a, const DayTable& table, const Costs& costs, const Step* before, const Step& step,
                  Out& out) {
  Mask<R> due = a.order_at <= R(step.time);
  Mask<R> slow = or_(a.exit_at < R(kNever), reached(step, a.position, a.stop, a.take));
  if (any(due)) {
    R stop, take;
    bracket_levels(a.order_to, a.order_px, a.order_stop, a.order_take, stop, take);
    slow = or_(slow, and_(due, reached(step, a.order_to, stop, take)));
  }
  if (any(slow)) {
    for (int lane = 0; lane < kLanesOf<R>; ++lane) {
      if (!lane_of(slow, lane)) continue;
      if constexpr (kLanesOf<R> == 1) {
        walk(a, table, costs, before, step, out, lane);
      } else {
        Account<double> one;
        get_lane<R, kAccountWords>(&a, lane, reinterpret_cast<double*>(&one));
        walk(one, table, costs, before, step, out, lane);
        put_lane<R, kAccountWords>(&a, lane, reinterpret_cast<const double*>(&one));
      }
    }
    due = and_(due, not_(slow));
  }
  if (any(due)) {
    const R qty = a.order_to - a.position;
    const R fee = fill(a, costs, due, a.order_to, a.order_px, a.order_mid, a.order_at, a.order_stop, a.order_take);
    if (out.wanted())
      for (int lane = 0; lane < kLanesOf<R>; ++lane)
        if (lane_of(due, lane))
          out.add(lane, lane_of(a.order_at, lane), lane_of(a.order_px, lane), lane_of(qty, lane), lane_of(fee, lane),
                  0);
    a.order_at = select(due, R(kNever), a.order_at);
  }
}

/// What the strategy has been told by step.time.
template <class R>
TF_HD void hear(Account<R>& a, R time) {
  const R before = a.known;
  a.known = select(time >= a.order_known, a.order_to, a.known);
  const Mask<R> exit_heard = time >= a.exit_known;
  a.known = select(exit_heard, R(0.0), a.known);
  a.order_to = select(exit_heard, R(0.0), a.order_to);
  a.exit_known = select(exit_heard, R(kNever), a.exit_known);
  a.age = select(a.known != before, R(0.0), a.age + R(1.0));
}

/// Sends the order that leads from what is known to what is wanted, unless one is on its way.
template <class R>
TF_HD void send(Account<R>& a, const Costs& costs, const Step& step, const Desired<R>& desired, R mid) {
  R target = floor_(desired.target + R(0.5));
  target = min_(max_(target, R(-costs.max_position)), R(costs.max_position));
  target = select(desired.target == desired.target, target, a.known);
  const Mask<R> free = and_(R(step.time) >= a.order_known, a.exit_known == R(kNever));
  const Mask<R> sends = and_(free, target != a.known);
  if (!any(sends)) return;
  a.order_at = select(sends, R(step.fill_time), a.order_at);
  a.order_known = select(sends, R(step.fill_time + costs.response_ns), a.order_known);
  const Mask<R> buys = target > a.known;
  a.order_px = select(sends, select(buys, R(step.fill_ask), R(step.fill_bid)), a.order_px);
  a.order_far = select(sends, select(buys, R(step.fill_bid), R(step.fill_ask)), a.order_far);
  a.order_mid = select(sends, mid, a.order_mid);
  a.order_row = select(sends, R(step.fill_row), a.order_row);
  a.order_to = select(sends, target, a.order_to);
  a.order_stop = select(sends, desired.stop_ticks, a.order_stop);
  a.order_take = select(sends, desired.take_ticks, a.order_take);
}

/// The trading day is over: what is left is sold or bought at the last touch if asked for; everything is known.
template <class R, class Out>
TF_HD void close_day(Account<R>& a, const DayTable& table, const Costs& costs, const Step& end, Out& out) {
  const Mask<R> open = a.position != R(0.0);
  if (costs.flat && table.has_touch && any(open)) {
    const R qty = -a.position, px = select(a.position > R(0.0), R(table.last_bid), R(table.last_ask));
    const R time = max_(R(table.end_time), a.last_fill);
    const R fee = fill(a, costs, open, R(0.0), px, R(end.mark), time, R(0.0), R(0.0));
    if (out.wanted())
      for (int lane = 0; lane < kLanesOf<R>; ++lane)
        if (lane_of(open, lane))
          out.add(lane, lane_of(time, lane), lane_of(px, lane), lane_of(qty, lane), lane_of(fee, lane), 3);
  }
  note_equity(a, costs, R(end.mark));
  a.age = select(a.known != a.position, R(-1.0), a.age);
  a.known = a.order_to = a.position;
  a.order_known = R(-kNever);
  a.exit_known = R(kNever);
}

// ---- a day ---------------------------------------------------------------------------------------------------------
template <class R>
TF_HD R load_signals(const LaneRun& run, int64_t decision, int64_t first, int64_t real, bool side_by_side) {
  const double* row = run.signals.row(decision);
  if constexpr (kLanesOf<R> == 1) {
    return row[run.signal_lane[first]];
  } else {
    if (side_by_side) return R::load(row + run.signal_lane[first]);
    R signals(0.0);
    for (int lane = 0; lane < kLanesOf<R>; ++lane)
      signals.set(lane, row[run.signal_lane[first + (lane < real ? lane : 0)]]);
    return signals;
  }
}

/// Lanes first .. first + real - 1 of the run; the other lanes of a pack repeat the first and are dropped.
template <class S, class R, class Out>
TF_HD void run_lanes(const LaneRun& run, int64_t first, int64_t real) {
  using Coef = typename S::template Coef<R>;
  using Lane = typename S::template Lane<R>;
  constexpr int kOwn = kWordsOf<typename S::template Lane<double>>, kState = kAccountWords + kOwn;
  constexpr int kCoef = kWordsOf<typename S::template Coef<double>>;
  static_assert(sizeof(Account<R>) == kAccountWords * sizeof(R));
  Account<R> a;
  Lane own;
  Coef coef;
  bool side_by_side = S::kUsesSignal && real == kLanesOf<R>;
  for (int lane = 0; lane < kLanesOf<R>; ++lane) {
    const int64_t from = first + (lane < real ? lane : 0);
    put_lane<R, kAccountWords>(&a, lane, run.state + from * kState);
    put_lane<R, kOwn>(&own, lane, run.state + from * kState + kAccountWords);
    put_lane<R, kCoef>(&coef, lane, run.coef + from * kCoef);
    if constexpr (S::kUsesSignal) side_by_side = side_by_side && run.signal_lane[from] == run.signal_lane[first] + lane;
  }
  const DayTable& table = run.table;
  const Costs& costs = run.costs;
  Out out{run, first, real};

  const Step* before = nullptr;
  R signal(kNoSignal);
  for (int64_t decision = 0; decision < table.decisions; ++decision) {
    const Step& step = table.steps[decision];
    settle(a, table, costs, before, step, out);
    before = &step;
    hear(a, R(step.time));
    const R equity = note_equity(a, costs, R(step.mark));
    if (run.equity.data)
      for (int lane = 0; lane < real; ++lane) run.equity(decision, run.lane[first + lane]) = lane_of(equity, lane);
    if (!(step.bid == step.bid)) continue;
    if constexpr (S::kUsesSignal) signal = load_signals<R>(run, decision, first, real, side_by_side);
    const R mid(0.5 * (step.bid + step.ask));
    const R in_flight = select(R(step.time) < a.order_known, a.order_to - a.known, R(0.0));
    const Now<R> now{R(step.time), R(step.bid), R(step.ask), mid, signal, a.known, in_flight, a.age};
    Desired<R> desired{a.known, R(0.0), R(0.0)};
    S::decide(coef, own, now, desired);
    send(a, costs, step, desired, mid);
  }
  const Step& end = table.steps[table.decisions];
  settle(a, table, costs, before, end, out);
  close_day(a, table, costs, end, out);

  for (int lane = 0; lane < real; ++lane) {
    get_lane<R, kAccountWords>(&a, lane, run.state + (first + lane) * kState);
    get_lane<R, kOwn>(&own, lane, run.state + (first + lane) * kState + kAccountWords);
  }
}

/// A GPU thread: work item = lane.
template <class S>
struct LaneItem {
  LaneRun run;
  TF_HD void operator()(int64_t lane) const { run_lanes<S, double, FillTable>(run, lane, 1); }
};

template <class S>
void run_program(const Exec& exec, const LaneRun& run) {
  if (exec.device == Device::cuda) return launch(exec, "simulate_lanes", run.count, LaneItem<S>{run});
  int64_t first = 0;
#if defined(TF_HAS_PACK)
  using R = Pack<double>;
  for (; first + 1 < run.count; first += kLanesOf<R>) {
    const int64_t left = run.count - first;
    run_lanes<S, R, FillCall>(run, first, left < kLanesOf<R> ? left : kLanesOf<R>);
  }
#endif
  for (; first < run.count; ++first) run_lanes<S, double, FillCall>(run, first, 1);
}

template <class S>
void write_coef(const void* params, double* words) {
  const auto coef = S::coef(*static_cast<const typename S::Params*>(params));
  if constexpr (!std::is_empty_v<decltype(coef)>) std::memcpy(words, &coef, sizeof coef);
}

template <class S>
inline const LaneProgram kLaneProgram = {kAccountWords + kWordsOf<typename S::template Lane<double>>,
                                         kWordsOf<typename S::template Coef<double>>, write_coef<S>, run_program<S>};

}  // namespace TF_LEVEL
}  // namespace tf::market
