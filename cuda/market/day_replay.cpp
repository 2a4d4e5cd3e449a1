#include "cuda/market/day_replay.hpp"

#include <algorithm>
#include <limits>

#include "cuda/base/error.hpp"
#include "cuda/base/time.hpp"
#include "cuda/market/account.hpp"
#include "cuda/market/bars.hpp"

namespace tf::market {

namespace {
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr int64_t kLongest = int64_t{1} << 53;
constexpr int64_t kMin = std::numeric_limits<int64_t>::min(), kMax = std::numeric_limits<int64_t>::max();
}  // namespace

/// The running state of one pass: the touch, three cursors over the decisions, the interval's extremes.
struct DayReplay::Pass {
  DayReplay& day;
  std::span<const int64_t> decisions;
  int64_t latency;
  Touch touch;
  int64_t ready_since = 0;  ///< exchange time at which the touch last became two-sided
  std::size_t seen = 0, marked = 0, filled = 0;
  double low_bid = kNever, high_bid = -kNever, low_ask = kNever, high_ask = -kNever;

  double since(int64_t ns) const { return static_cast<double>(ns - day.base_); }

  /// The observer's clock goes beyond decisions before `local`: they saw the touch as it is.
  void see(int64_t local) {
    for (; seen < decisions.size() && decisions[seen] < local; ++seen) {
      day.steps_[seen].bid = touch.ready() ? touch.bid : kNan;
      day.steps_[seen].ask = touch.ready() ? touch.ask : kNan;
    }
  }
  int64_t next_seen() const { return seen < decisions.size() ? decisions[seen] : kMax; }

  void mark(Step& step) {
    step.mark = day.mark_;
    step.rows = static_cast<double>(day.events_);
    step.low_bid = low_bid, step.high_bid = high_bid, step.low_ask = low_ask, step.high_ask = high_ask;
    low_bid = low_ask = kNever;
    high_bid = high_ask = -kNever;
  }
  void fill(Step& step, int64_t time) {
    step.fill_time = since(time);
    step.fill_bid = day.last_bid_;
    step.fill_ask = day.last_ask_;
    step.fill_row = static_cast<double>(day.events_);
  }
  /// The exchange's clock goes to `exch`, beyond all events so far: intervals and arrivals before it are complete.
  void reach(int64_t exch) {
    for (; marked < decisions.size() && decisions[marked] < exch; ++marked) mark(day.steps_[marked]);
    if (!touch.ready()) return;
    for (; filled < decisions.size() && decisions[filled] + latency < exch; ++filled)
      fill(day.steps_[filled], std::max(decisions[filled] + latency, ready_since));
  }
  int64_t next_reached() const {
    const int64_t interval = marked < decisions.size() ? decisions[marked] : kMax;
    return filled < decisions.size() ? std::min(interval, decisions[filled] + latency) : interval;
  }

  void apply(const Tick& tick, int64_t exch) {
    const bool before = touch.ready();
    touch.apply(tick);
    double bid = kNan, ask = kNan;
    if (touch.ready()) {
      if (!before) ready_since = exch;
      bid = touch.bid, ask = touch.ask;
      low_bid = std::min(low_bid, bid), high_bid = std::max(high_bid, bid);
      low_ask = std::min(low_ask, ask), high_ask = std::max(high_ask, ask);
      day.last_bid_ = bid, day.last_ask_ = ask;
      day.mark_ = touch.mid();
      day.has_touch_ = true;
    } else if (!before) {
      return;
    }
    const std::size_t at = static_cast<std::size_t>(day.events_++);
    day.time_[at] = since(exch), day.bid_[at] = bid, day.ask_[at] = ask;
  }
};

void DayReplay::read(const TickSpan& ticks, std::span<const int64_t> decisions, int64_t entry_latency_ns,
                     double mark_before) {
  expect(std::is_sorted(decisions.begin(), decisions.end()), "decision times ascend");
  const std::size_t rows = ticks.size(), count = decisions.size();
  events_ = 0;
  has_touch_ = false;
  mark_ = mark_before;
  last_bid_ = last_ask_ = kNan;
  base_ = rows ? day_of(ticks.exch_ts[0]).start_ns() : count ? day_of(decisions[0]).start_ns() : 0;
  steps_.assign(count + 1, Step{});
  time_.resize(std::max(time_.size(), rows));
  bid_.resize(time_.size());
  ask_.resize(time_.size());

  // One pass in row order. Clocks are running maxima, so each cursor only moves on; a row costs three compares beyond
  // it.
  Pass pass{*this, decisions, entry_latency_ns, {}};
  int64_t exch_now = kMin, local_now = kMin, next_reached = pass.next_reached(), next_seen = pass.next_seen();
  for (std::size_t row = 0; row < rows; ++row) {
    const int64_t exch = ticks.exch_ts[row], local = ticks.local_ts[row];
    if (local > local_now) {
      local_now = local;
      if (local > next_seen) {
        pass.see(local);
        next_seen = pass.next_seen();
      }
    }
    if (exch > exch_now) {
      exch_now = exch;
      if (exch > next_reached) {
        pass.reach(exch);
        next_reached = pass.next_reached();
      }
    }
    const auto kind = static_cast<TickKind>(ticks.flags[row] & kKindMask);
    if (kind == TickKind::best_bid || kind == TickKind::best_ask || kind == TickKind::clear)
      pass.apply({exch, local, ticks.px[row], ticks.qty[row], 0, ticks.flags[row]}, exch_now);
  }

  // The day's end completes everything; what has not arrived fills at the last two-sided touch.
  pass.see(kMax);
  pass.reach(kMax);
  for (; pass.filled < count; ++pass.filled)
    pass.fill(steps_[pass.filled], std::max(decisions[pass.filled] + entry_latency_ns, exch_now));
  for (std::size_t at = 0; at < count; ++at) steps_[at].time = pass.since(decisions[at]);
  end_time_ = rows ? pass.since(exch_now) : 0;
  Step& end = steps_[count];
  end.time = kDayEnd;
  end.bid = end.ask = kNan;
  end.fill_time = kNever;
  pass.mark(end);

  const bool exact = count == 0 || (decisions.back() - base_ < kLongest && base_ - decisions.front() < kLongest);
  if (!exact || end_time_ >= static_cast<double>(kLongest))
    throw Error(ErrorKind::bad_data, "simulation of " + to_text(day_of(base_)) +
                                         ": times span more than 104 days; expected the ticks of one trading day");
}

DayTable DayReplay::table() const {
  return {steps_.data(), static_cast<int64_t>(steps_.size()) - 1,
          time_.data(),  bid_.data(),
          ask_.data(),   events_,
          last_bid_,     last_ask_,
          end_time_,     has_touch_};
}

}  // namespace tf::market
