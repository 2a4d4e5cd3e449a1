#include "cuda/market/day_replay.hpp"

#include <algorithm>
#include <limits>

#include "cuda/base/error.hpp"
#include "cuda/base/time.hpp"
#include "cuda/market/account.hpp"

namespace tf::market {

namespace {
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr int64_t kLongest = int64_t{1} << 53;
constexpr int64_t kMin = std::numeric_limits<int64_t>::min(), kMax = std::numeric_limits<int64_t>::max();
}  // namespace

/// The running state of one pass: the touch in whole ticks, three cursors over the decisions, the interval's extremes.
/// A row changes one side only; extremes begin an interval with the touch it finds, so the other side needs no look.
struct DayReplay::Pass {
  struct Side {
    int64_t px = 0, low = 0, high = 0;
    bool there = false;
  };
  std::vector<Step>& steps;
  std::span<const int64_t> decisions;
  int64_t latency, base;
  double mark_before;
  Side bid{}, ask{};
  int64_t ready_since = 0;             ///< exchange time at which the touch last became two-sided
  int64_t last_bid = 0, last_ask = 0;  ///< the last two-sided touch, while there is none
  bool had_touch = false, had_in_interval = false;
  std::size_t seen = 0, marked = 0, filled = 0;

  bool ready() const { return bid.there & ask.there; }
  double since(int64_t ns) const { return static_cast<double>(ns - base); }
  double last(bool of_bid) const {
    if (ready()) return static_cast<double>(of_bid ? bid.px : ask.px);
    return had_touch ? static_cast<double>(of_bid ? last_bid : last_ask) : kNan;
  }
  double mid() const { return ready() || had_touch ? 0.5 * (last(true) + last(false)) : mark_before; }

  /// The observer's clock goes beyond decisions before `local`: they saw the touch as it is.
  [[gnu::noinline]] void see(int64_t local) {
    for (; seen < decisions.size() && decisions[seen] < local; ++seen) {
      steps[seen].bid = ready() ? static_cast<double>(bid.px) : kNan;
      steps[seen].ask = ready() ? static_cast<double>(ask.px) : kNan;
    }
  }
  int64_t next_seen() const { return seen < decisions.size() ? decisions[seen] : kMax; }

  void mark(Step& step, std::size_t row) {
    const bool any = had_in_interval || ready();
    const auto extreme = [&](int64_t px, double none) { return any ? static_cast<double>(px) : none; };
    step.mark = mid();
    step.rows = static_cast<double>(row);
    step.touch_bid = bid.there ? static_cast<double>(bid.px) : kNan;
    step.touch_ask = ask.there ? static_cast<double>(ask.px) : kNan;
    step.low_bid = extreme(bid.low, kNever), step.high_bid = extreme(bid.high, -kNever);
    step.low_ask = extreme(ask.low, kNever), step.high_ask = extreme(ask.high, -kNever);
    had_in_interval = ready();
    bid.low = bid.high = bid.px;
    ask.low = ask.high = ask.px;
  }
  void fill(Step& step, int64_t time, std::size_t row) {
    step.fill_time = since(time);
    step.fill_bid = last(true);
    step.fill_ask = last(false);
    step.fill_row = static_cast<double>(row);
  }
  /// The exchange's clock goes to `exch`, beyond all ticks before `row`: intervals and arrivals before it are complete.
  [[gnu::noinline]] void reach(int64_t exch, std::size_t row) {
    for (; marked < decisions.size() && decisions[marked] < exch; ++marked) mark(steps[marked], row);
    if (!ready()) return;
    for (; filled < decisions.size() && decisions[filled] + latency < exch; ++filled)
      fill(steps[filled], std::max(decisions[filled] + latency, ready_since), row);
  }
  int64_t next_reached() const {
    const int64_t interval = marked < decisions.size() ? decisions[marked] : kMax;
    return filled < decisions.size() ? std::min(interval, decisions[filled] + latency) : interval;
  }

  void quote(Side& side, int64_t px, bool there, int64_t exch) {
    if (ready() && there) {
      side.px = px;
      side.low = std::min(side.low, px);
      side.high = std::max(side.high, px);
    } else {
      change(side, px, there, exch);
    }
  }
  /// A side goes or comes back: what is rare.
  [[gnu::noinline]] void change(Side& side, int64_t px, bool there, int64_t exch) {
    keep_last();
    side.px = px, side.there = there;
    if (!ready()) return;
    ready_since = exch;
    for (Side* one : {&bid, &ask}) {
      one->low = had_in_interval ? std::min(one->low, one->px) : one->px;
      one->high = had_in_interval ? std::max(one->high, one->px) : one->px;
    }
    had_in_interval = true;
  }
  void keep_last() {
    if (!ready()) return;
    last_bid = bid.px, last_ask = ask.px;
    had_touch = true;
  }
  void clear(uint32_t flags) {
    keep_last();
    const uint32_t side = flags & (kFlagBuy | kFlagSell);
    if (side != kFlagSell) bid.there = false;
    if (side != kFlagBuy) ask.there = false;
  }
};

void DayReplay::read(const TickSpan& ticks, std::span<const int64_t> decisions, int64_t entry_latency_ns,
                     double mark_before) {
  expect(std::is_sorted(decisions.begin(), decisions.end()), "decision times ascend");
  const std::size_t rows = ticks.size(), count = decisions.size();
  const int64_t base = rows ? day_of(ticks.exch_ts[0]).start_ns() : count ? day_of(decisions[0]).start_ns() : 0;
  steps_.assign(count + 1, Step{});

  // One pass in row order. Clocks are running maxima, so each cursor only moves on; a row costs two compares beyond its
  // touch.
  Pass pass{steps_, decisions, entry_latency_ns, base, mark_before};
  int64_t exch_now = kMin, local_now = kMin, next_reached = pass.next_reached(), next_seen = pass.next_seen();
  for (std::size_t row = 0; row < rows; ++row) {
    const int64_t exch = ticks.exch_ts[row];
    local_now = std::max(local_now, ticks.local_ts[row]);
    if (local_now > next_seen) {
      pass.see(local_now);
      next_seen = pass.next_seen();
    }
    if (exch > exch_now) {
      exch_now = exch;
      if (exch > next_reached) {
        pass.reach(exch, row);
        next_reached = pass.next_reached();
      }
    }
    const uint32_t flags = ticks.flags[row];
    const auto kind = static_cast<TickKind>(flags & kKindMask);
    const bool there = (ticks.qty[row] > 0) | ((flags & kFlagNoSize) != 0);
    if (kind == TickKind::best_bid)
      pass.quote(pass.bid, ticks.px[row], there, exch_now);
    else if (kind == TickKind::best_ask)
      pass.quote(pass.ask, ticks.px[row], there, exch_now);
    else if (kind == TickKind::clear)
      pass.clear(flags);
  }

  // The day's end completes everything; what has not arrived fills at the last two-sided touch.
  pass.see(kMax);
  pass.reach(kMax, rows);
  for (; pass.filled < count; ++pass.filled)
    pass.fill(steps_[pass.filled], std::max(decisions[pass.filled] + entry_latency_ns, exch_now), rows);
  for (std::size_t at = 0; at < count; ++at) steps_[at].time = pass.since(decisions[at]);
  Step& end = steps_[count];
  end.time = kDayEnd;
  end.bid = end.ask = kNan;
  end.fill_time = kNever;
  pass.mark(end, rows);
  mark_ = end.mark;
  table_ = {steps_.data(),
            static_cast<int64_t>(count),
            ticks.exch_ts.data(),
            ticks.px.data(),
            ticks.qty.data(),
            ticks.flags.data(),
            static_cast<int64_t>(rows),
            base,
            pass.last(true),
            pass.last(false),
            rows ? pass.since(exch_now) : 0,
            pass.ready() || pass.had_touch};

  const bool exact = count == 0 || (decisions.back() - base < kLongest && base - decisions.front() < kLongest);
  if (!exact || table_.end_time >= static_cast<double>(kLongest))
    throw Error(ErrorKind::bad_data, "simulation of " + to_text(day_of(base)) +
                                         ": times span more than 104 days; expected the ticks of one trading day");
}

}  // namespace tf::market
