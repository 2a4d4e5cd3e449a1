// A second, slow writing of the rules in simulate.hpp: one lane, tick by tick, everything in the order of the clock. It
// shares with the engine the strategy's numbers and the formula of a fee, and no code.
#pragma once
#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <vector>

#include "cuda/market/simulate.hpp"

namespace tf::market {

struct NaiveWish {
  double target, stop_ticks, take_ticks;
};
struct NaiveView {
  double bid, ask, mid, signal, position, age;
};
using NaiveStrategy = std::function<NaiveWish(const NaiveView&)>;

class NaiveSimulator {
 public:
  NaiveSimulator(const Instrument& instrument, const SimulationSpec& spec, NaiveStrategy strategy)
      : unit_(instrument.tick_size * instrument.lot_size * instrument.multiplier), spec_(spec), strategy_(strategy) {}

  LaneDay run_day(const TickSpan& ticks, const std::vector<int64_t>& decisions, const std::vector<double>& signals) {
    // A new day: money counts from zero at the last mark.
    const double start = cash_ + position_ * mark_;
    cash_ -= start, trip_cash_ -= start, gross_ = -position_ * mark_;
    day_ = {}, peak_ = 0, fees_ = 0, last_fill_ = 0;
    fills.clear(), equity.clear();
    bid_ok_ = ask_ok_ = false, has_last_ = false;

    std::size_t next = 0, row = 0;
    int64_t now = kMin;
    while (row < ticks.size()) {
      std::size_t end = row;
      const int64_t instant = std::max(now, ticks.exch_ts[row]);
      while (end < ticks.size() && std::max(instant, ticks.exch_ts[end]) == instant) ++end;
      happen_before(instant, now, next, ticks, decisions, signals);
      now = instant;
      for (; row < end; ++row) apply(ticks[row], now);
      if (exit_.live && triggered_ == now && ready()) exit_.mid = mark_;
      if (ready()) {  // orders that waited for a touch
        if (order_.live && order_.arrival < now) fill_order(now);
        if (exit_.live && exit_.arrival < now) fill_exit(now);
      }
    }
    happen_before(kMax, now, next, ticks, decisions, signals);
    if (spec_.flat_at_day_end && has_last_ && position_ != 0)
      fill(0, position_ > 0 ? last_bid_ : last_ask_, mark_, std::max(now, last_fill_), 3, 0, 0);
    note_equity();
    if (known_ != position_) age_ = -1;
    known_ = position_;
    told_.clear();
    exit_busy_ = false;
    busy_until_ = kMin;
    day_.gross = (gross_ + position_ * mark_) * unit_;
    day_.net = (cash_ + position_ * mark_) * unit_ - fees_;
    day_.fees = fees_;
    day_.end_position = position_;
    return day_;
  }

  std::vector<Fill> fills;
  std::vector<double> equity;

 private:
  static constexpr int64_t kMin = std::numeric_limits<int64_t>::min(), kMax = std::numeric_limits<int64_t>::max();
  struct Order {
    bool live = false;
    int64_t arrival = 0;
    double to = 0, mid = 0, stop = 0, take = 0;
    int cause = 0;
  };
  struct News {
    int64_t time;
    double position;
    bool exit;
  };

  bool ready() const { return bid_ok_ && ask_ok_; }

  /// Arrivals and decisions at times before `instant`, in order; at one time arrivals come first, orders before exits.
  void happen_before(int64_t instant, int64_t now, std::size_t& next, const TickSpan& ticks,
                     const std::vector<int64_t>& decisions, const std::vector<double>& signals) {
    for (;;) {
      const int64_t decision = next < decisions.size() ? decisions[next] : kMax;
      // Once the ticks have ended, what still waits for a touch gets the last one.
      const auto arrival = [&](const Order& one) {
        if (!one.live) return kMax;
        if (instant == kMax) return std::max(one.arrival, now);
        return ready() ? one.arrival : kMax;
      };
      const int64_t order = arrival(order_), exit = arrival(exit_);
      const int64_t first = std::min({decision, order, exit});
      if (first >= instant || first == kMax) return;
      if (order == first)
        fill_order(order);
      else if (exit == first)
        fill_exit(exit);
      else {
        decide(ticks, decisions[next], signals.empty() ? std::nan("") : signals[next]);
        ++next;
      }
    }
  }

  void apply(const Tick& tick, int64_t now) {
    const bool there = tick.qty > 0 || (tick.flags & kFlagNoSize);
    if (tick.kind() == TickKind::best_bid)
      bid_ = static_cast<double>(tick.px), bid_ok_ = there;
    else if (tick.kind() == TickKind::best_ask)
      ask_ = static_cast<double>(tick.px), ask_ok_ = there;
    else if (tick.kind() == TickKind::clear) {
      if (!(tick.flags & kFlagSell) || (tick.flags & kFlagBuy)) bid_ok_ = false;
      if (!(tick.flags & kFlagBuy) || (tick.flags & kFlagSell)) ask_ok_ = false;
    } else
      return;
    if (!ready()) return;
    last_bid_ = bid_, last_ask_ = ask_, mark_ = 0.5 * (bid_ + ask_), has_last_ = true;
    if (position_ == 0 || exit_.live) return;
    const double gain = position_ > 0 ? bid_ - entry_ : entry_ - ask_;
    const bool stop = stop_ > 0 && gain <= -stop_, take = take_ > 0 && gain >= take_;
    if (!stop && !take) return;
    exit_ = {true, now + spec_.entry_latency_ns, 0, mark_, 0, 0, stop ? 1 : 2};
    exit_busy_ = true;
    triggered_ = now;
  }

  void fill(double to, double px, double mid, int64_t time, int cause, double stop, double take) {
    const double qty = to - position_, lots = std::fabs(qty), held = std::fabs(position_);
    const double rate = spec_.fee_bps * 1e-4;
    const auto fee_of = [&](double size) { return std::fabs(px) * size * unit_ * rate + size * spec_.fee_per_lot; };
    const double fee = fee_of(lots);
    if (position_ * qty < 0 && lots >= held) {
      const double profit = (cash_ + position_ * px - trip_cash_) * unit_ - (trip_fees_ + fee_of(held));
      ++day_.round_trips;
      if (profit > 0) ++day_.wins;
      trip_cash_ = cash_ + position_ * px;
      trip_fees_ = fee - fee_of(held);
    } else {
      trip_fees_ += fee;
    }
    cash_ -= qty * px;
    gross_ -= qty * mid;
    fees_ += fee;
    day_.turnover += std::fabs(px) * lots * unit_;
    ++day_.fills;
    last_fill_ = time;
    const bool opens = to != 0 && (position_ == 0 || (to > 0) != (position_ > 0) || std::fabs(to) > held);
    if (opens) entry_ = px, stop_ = stop, take_ = take;
    position_ = to;
    if (opens || to == 0) exit_.live = false, exit_busy_ = false;
    fills.push_back({time, 0, px, qty, fee, cause});
  }
  void fill_order(int64_t time) {
    order_.live = false;
    fill(order_.to, order_.to > position_ ? last_ask_ : last_bid_, order_.mid, time, 0, order_.stop, order_.take);
    told_.push_back({time + spec_.response_latency_ns, position_, false});
    busy_until_ = time + spec_.response_latency_ns;
  }
  void fill_exit(int64_t time) {
    const Order exit = exit_;
    fill(0, position_ > 0 ? last_bid_ : last_ask_, exit.mid, time, exit.cause, 0, 0);
    exit_busy_ = true;
    told_.push_back({time + spec_.response_latency_ns, 0, true});
  }

  void decide(const TickSpan& ticks, int64_t time, double signal) {
    const double before = known_;
    while (!told_.empty() && told_.front().time <= time) {
      known_ = told_.front().position;
      if (told_.front().exit) exit_busy_ = false;
      told_.erase(told_.begin());
    }
    age_ = known_ != before ? 0 : age_ + 1;
    equity.push_back(note_equity());

    // The touch as received: rows in order until the first that had not come.
    double bid = 0, ask = 0;
    bool bid_ok = false, ask_ok = false;
    for (std::size_t row = 0; row < ticks.size() && ticks.local_ts[row] <= time; ++row) {
      const Tick tick = ticks[row];
      const bool there = tick.qty > 0 || (tick.flags & kFlagNoSize);
      if (tick.kind() == TickKind::best_bid) bid = static_cast<double>(tick.px), bid_ok = there;
      if (tick.kind() == TickKind::best_ask) ask = static_cast<double>(tick.px), ask_ok = there;
      if (tick.kind() == TickKind::clear) {
        if (!(tick.flags & kFlagSell) || (tick.flags & kFlagBuy)) bid_ok = false;
        if (!(tick.flags & kFlagBuy) || (tick.flags & kFlagSell)) ask_ok = false;
      }
    }
    if (!bid_ok || !ask_ok) return;
    const double mid = 0.5 * (bid + ask);
    const NaiveWish wish = strategy_({bid, ask, mid, signal, known_, static_cast<double>(age_)});
    if (std::isnan(wish.target) || order_.live || exit_busy_ || time < busy_until_) return;
    const double most = std::floor(spec_.max_position_lots);
    const double target = std::clamp(std::floor(wish.target + 0.5), -most, most);
    if (target == known_) return;
    order_ = {true, time + spec_.entry_latency_ns, target, mid, wish.stop_ticks, wish.take_ticks, 0};
  }

  double note_equity() {
    const double equity_now = (cash_ + position_ * mark_) * unit_ - fees_;
    peak_ = std::max(peak_, equity_now);
    day_.max_drawdown = std::max(day_.max_drawdown, peak_ - equity_now);
    return equity_now;
  }

  double unit_;
  SimulationSpec spec_;
  NaiveStrategy strategy_;
  LaneDay day_;
  double bid_ = 0, ask_ = 0, last_bid_ = 0, last_ask_ = 0, mark_ = 0;
  bool bid_ok_ = false, ask_ok_ = false, has_last_ = false, exit_busy_ = false;
  double position_ = 0, known_ = 0, cash_ = 0, gross_ = 0, fees_ = 0, trip_cash_ = 0, trip_fees_ = 0, peak_ = 0;
  double entry_ = 0, stop_ = 0, take_ = 0;
  int64_t age_ = -1, busy_until_ = kMin, last_fill_ = 0, triggered_ = kMin;
  Order order_, exit_;
  std::vector<News> told_;
};

/// The catalogue's strategies once more.
inline NaiveStrategy naive_model_signal(double enter, double exit, double size, double stop, double take, int hold,
                                        bool both) {
  return [=](const NaiveView& now) -> NaiveWish {
    double target = now.position;
    if (now.position > 0 && now.signal < exit) target = 0;
    if (now.position < 0 && now.signal > -exit) target = 0;
    if (both && now.signal < -enter) target = -size;
    if (now.signal > enter) target = size;
    if (now.position != 0 && now.age < hold) target = now.position;
    return {target, stop, take};
  };
}
inline NaiveStrategy naive_ema_cross(int fast, int slow, double size, double stop, double take, bool both) {
  struct State {
    double fast = 0, slow = 0, seen = 0;
  };
  return [=, s = State()](const NaiveView& now) mutable -> NaiveWish {
    const double a = 2.0 / (fast + 1.0), b = 2.0 / (slow + 1.0);
    s.fast = s.seen == 0 ? now.mid : std::fma(1 - a, s.fast, a * now.mid);
    s.slow = s.seen == 0 ? now.mid : std::fma(1 - b, s.slow, b * now.mid);
    s.seen += 1;
    double target = now.position;
    if (s.seen >= slow && s.fast > s.slow) target = size;
    if (s.seen >= slow && s.fast < s.slow) target = both ? -size : 0;
    return {target, stop, take};
  };
}
inline NaiveStrategy naive_proportional(double lots, double band, double stop, double take) {
  return [=](const NaiveView& now) -> NaiveWish {
    const double target = lots * now.signal;
    return {std::fabs(target - now.position) <= band ? now.position : target, stop, take};
  };
}

}  // namespace tf::market
