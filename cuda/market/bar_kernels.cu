#include "cuda/market/bar_kernels.hpp"

#include <algorithm>
#include <cstring>

#include "cuda/base/host_device.hpp"
#include "cuda/base/market.hpp"
#include "cuda/base/pack.hpp"

namespace tf::market {
inline namespace TF_LEVEL {
namespace {

bool plain_trades(const uint32_t* flags, const int64_t* local_ts, int64_t local, int64_t rows) {
  if (rows == 0 || local_ts[0] < local) return false;
  uint32_t other = 0;
  for (int64_t row = 0; row < rows; ++row) other |= (flags[row] & kKindMask) ^ static_cast<uint32_t>(TickKind::trade);
  int64_t falls = 0;
  for (int64_t row = 1; row < rows; ++row) falls |= local_ts[row] < local_ts[row - 1] ? -1 : 0;
  return other == 0 && falls == 0;
}

RunSums sum_run(const int64_t* price, const int64_t* px, const int64_t* lots, const uint32_t* flags, int64_t base,
                int64_t rows) {
  int64_t high = INT64_MIN, low = INT64_MAX, total = 0, bought = 0, sold = 0;
  uint64_t moved = 0;
  for (int64_t row = 0; row < rows; ++row) {
    high = price[row] > high ? price[row] : high;
    low = price[row] < low ? price[row] : low;
    const int64_t size = lots[row], sides = flags[row];
    total += size;
    bought += size & -((sides >> 4) & 1);
    sold += size & -((sides >> 5) & 1);
    moved += (static_cast<uint64_t>(px[row]) - static_cast<uint64_t>(base)) * static_cast<uint64_t>(size);
  }
  return {high, low, total, bought, sold, moved};
}
static_assert(kFlagBuy == 1u << 4 && kFlagSell == 1u << 5);

int64_t reach(const int64_t* lots, int64_t rows, int64_t wanted) {
  constexpr int64_t kStep = 32;
  int64_t row = 0;
  for (; row + kStep <= rows; row += kStep) {
    int64_t step = 0;
    for (int64_t at = 0; at < kStep; ++at) step += lots[row + at];
    if (step >= wanted) break;
    wanted -= step;
  }
  for (; row < rows; ++row) {
    wanted -= lots[row];
    if (wanted <= 0) return row;
  }
  return rows;
}

int64_t reach_money(const int64_t* lots, const int64_t* px, int64_t rows, double factor, double wanted, double& sum) {
  double total = sum;
  int64_t row = 0;
  for (; row < rows; ++row) {
    total += static_cast<double>(lots[row]) * static_cast<double>(px[row]) * factor;
    if (total >= wanted) break;
  }
  sum = total;
  return row;
}

/// How many of the kWide ascending times at `right` are at or before `time`.
template <int kWide>
int64_t known_of(const int64_t* right, int64_t time) {
#if defined(TF_HAS_PACK)
  // g++ counts scalar by scalar here, which costs twice as much.
  constexpr int kLanes = kWidth<int64_t>;
  using Vector = typename VectorOf<int64_t, kLanes>::type;
  const Vector times = time - Vector{};
  Vector sum{};
  for (int step = 0; step < kWide; step += kLanes) {
    Vector some;
    std::memcpy(&some, right + step, sizeof some);
    sum += some <= times;
  }
  int64_t known = 0;
  for (int lane = 0; lane < kLanes; ++lane) known -= sum[lane];
  return known;
#else
  int64_t known = 0;
  for (int step = 0; step < kWide; ++step) known += right[step] <= time;
  return known;
#endif
}

/// A row at or after `next` with all rows before it known at `time`, and less than `step` known ones from it on: even
/// steps while they are few, then doubled ones, halved again at the end.
int64_t leap(const int64_t* right, int64_t rights, int64_t next, int64_t step, int64_t time) {
  constexpr int kEvenSteps = 8, kAhead = 256;  // asking for the rows ahead: 57 ns in place of 79 at 100 rows a time
  const int64_t least = step;
  for (int steps = 1; next + step <= rights && right[next + step - 1] <= time; ++steps) {
    next += step;
    __builtin_prefetch(right + std::min(next + kAhead, rights - 1));
    if (steps % kEvenSteps == 0) step *= 2;
  }
  while (step > least) {
    step /= 2;
    if (next + step <= rights && right[next + step - 1] <= time) next += step;
  }
  return next;
}

/// A stretch of ascending times, and what of `right` is known at the time before.
struct Run {
  const int64_t* left;
  int64_t* row;
  int64_t next;
};

/// Times [at, end) of each run in turn: the runs wait for nothing of each other, and nearly every time is placed
/// without a branch that depends on data, by counting in kSteps steps of kWide rows and then in the step it is in.
template <int kWide, int kSteps, int kRuns>
void place(Run (&runs)[kRuns], int64_t at, int64_t end, const int64_t* right, int64_t rights, int64_t earlier) {
  const int64_t last = rights - kWide * (kSteps + 1);
  int64_t next[kRuns];
  for (int run = 0; run < kRuns; ++run) next[run] = runs[run].next;
  for (; at < end; ++at) {
#if defined(TF_HAS_PACK)
#pragma GCC unroll 4  // else the compiler keeps next[] in memory
#endif
    for (int run = 0; run < kRuns; ++run) {
      const int64_t time = runs[run].left[at] - earlier;
      int64_t from = std::min(next[run], last), steps = 0;
      for (int step = 1; step <= kSteps; ++step) steps += right[from + step * kWide - 1] <= time;
      from += steps * kWide;
      int64_t known = known_of<kWide>(right + from, time);
      if (known == kWide) {
        from = std::min(leap(right, rights, from + kWide, kWide, time), rights - kWide);
        known = known_of<kWide>(right + from, time);
      }
      next[run] = from + known;
      runs[run].row[at] = next[run] - 1;
    }
  }
  for (int run = 0; run < kRuns; ++run) runs[run].next = next[run];
}

template <int kRuns>
void place_runs(Run (&runs)[kRuns], int64_t lefts, const int64_t* right, int64_t rights, int64_t earlier) {
  constexpr int64_t kStretch = 1024, kLeast = 48;
  const auto placed = [&] {
    int64_t sum = 0;
    for (const Run& run : runs) sum += run.next;
    return sum;
  };
  int64_t rows_a_time = 2;
  for (int64_t at = 0; at < lefts; at += kStretch) {
    const int64_t end = std::min(at + kStretch, lefts), before = placed();
    if (rights < kLeast) {
      for (int64_t time = at; time < end; ++time)
        for (Run& run : runs)
          run.row[time] = std::upper_bound(right, right + rights, run.left[time] - earlier) - right - 1;
    } else if (rows_a_time < 2) {
      place<8, 0>(runs, at, end, right, rights, earlier);
    } else {
      place<16, 2>(runs, at, end, right, rights, earlier);
    }
    rows_a_time = (placed() - before) / ((end - at) * kRuns);
  }
}

void as_of(const int64_t* left, int64_t lefts, const int64_t* right, int64_t rights, int64_t earlier, int64_t* row) {
  // INT64_MIN - 1 is before everything: nothing is known then.
  for (; lefts > 0 && *left < INT64_MIN + earlier; --lefts) {
    *row++ = -1;
    ++left;
  }
  constexpr int kRuns = 4, kFew = 1024;
  const int64_t each = lefts < kFew ? 0 : lefts / kRuns, rest = lefts - each * kRuns;
  const auto run_of = [&](int64_t first) {
    const int64_t* known = first < lefts ? std::upper_bound(right, right + rights, left[first] - earlier) : right;
    return Run{left + first, row + first, known - right};
  };
  Run runs[kRuns] = {run_of(0), run_of(each), run_of(2 * each), run_of(3 * each)}, last[1] = {run_of(kRuns * each)};
  place_runs(runs, each, right, rights, earlier);
  place_runs(last, rest, right, rights, earlier);
}

}  // namespace
}  // namespace TF_LEVEL

const BarKernels& TF_CONCAT(bar_kernels_, TF_LEVEL)() {
  static const BarKernels table = {plain_trades, sum_run, reach, reach_money, as_of};
  return table;
}

}  // namespace tf::market
