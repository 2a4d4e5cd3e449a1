// What step() sees: `in`. One type a mode, so that the mode costs nothing: a row shared by all lanes (recurrence), or
// consecutive rows, one a lane (window, tick). Nothing here can read a row that is later than now.
#pragma once
#include <cstdint>
#include <type_traits>

#include "cuda/base/host_device.hpp"
#include "cuda/base/pack.hpp"
#include "cuda/series/frames.hpp"

namespace tf::series {
inline namespace TF_LEVEL {

template <class R>
TF_HD R load(const double* from) {
  if constexpr (std::is_arithmetic_v<R>)
    return static_cast<R>(*from);
  else if constexpr (requires { R::load_doubles(from); })
    return R::load_doubles(from);
  else
    return R::load(from);
}
/// Lanes of a word: 1 for a scalar.
template <class R>
TF_HD constexpr int lanes_of() {
  if constexpr (std::is_arithmetic_v<R>)
    return 1;
  else
    return R::kLanes;
}

/// One row for all lanes. kSeeding: the rows in which ramps run; false = the steady loop, where ramp() is its weight.
template <class R, int kInputs, bool kSeeding>
struct RowCursor {
  const double* const* values;
  int64_t at, row;

  TF_HD R now(int f) const { return R(values[f][at]); }
  /// k rows back, the same k for all lanes; 0 before the start of the series.
  TF_HD R ago(int f, int64_t k) const { return R(values[f][at - k]); }
  /// The smoothing weight of this row for "the mean of the first `period` values from row `start`, then smooth":
  /// 0 before `start`, 1/n for the n-th value up to `period`, then `weight`. The ramp must end by row lookback(params).
  TF_HD R ramp(R weight, R period, R start = R(0.0)) const {
    if constexpr (!kSeeding) return weight;
    const R n = R(static_cast<double>(row + 1)) - start, one = R(1.0);
    return select(n > period, weight, select(n < one, R(0.0), one / n));
  }
};

/// to[0] - from[0] in each lane, which must lie below 2^51.
template <class R>
TF_HD R whole_difference(const int64_t* to, const int64_t* from) {
  if constexpr (std::is_arithmetic_v<R>)
    return static_cast<R>(to[0] - from[0]);
  else
    return R::whole_difference(to, from);
}
/// 0, 1, 2 .. in the lanes.
template <class R>
TF_HD R lane_numbers() {
  if constexpr (std::is_arithmetic_v<R>)
    return R(0);
  else
    return R::lane_numbers();
}

/// Consecutive rows, one a lane (a scalar R: one row). kRunning: every sum has running totals, known before the loop.
template <class R, bool kRunning = false>
struct TimeCursor {
  const InputView* in;
  int64_t at;

  TF_HD R now(int f) const { return load<R>(in[f].values + at); }
  TF_HD R ago(int f, int64_t k) const { return load<R>(in[f].values + at - k); }
  /// Sum of the last w values (of their squares for a sum_sq input). From levels: the parts of w's binary digits, low
  /// to high, each a perfect tree. The order depends on w alone, so the bits do not depend on chunk, start or lane; and
  /// where running totals stand in, every order gives the same.
  TF_HD R sum(int f, int64_t w) const {
    const int64_t* running = in[f].running;
    if (kRunning || running) return whole_difference<R>(running + at, running + at - w) * R(in[f].unit);
    const double* const* levels = in[f].levels;
    uint64_t digits = static_cast<uint64_t>(w);
    int level = trailing_zeros(digits);
    int64_t end = at;
    R total = load<R>(levels[level] + end);
    for (digits &= digits - 1; digits; digits &= digits - 1) {
      end -= int64_t{1} << level;
      level = trailing_zeros(digits);
      total = total + load<R>(levels[level] + end);
    }
    return total + R(0.0);
  }
  /// Sum of k * x[t - k], k = 0 .. w - 1, of a lag_sum input: the parts of w's binary digits, low to high.
  TF_HD R lag_sum(int f, int64_t w) const {
    const int64_t* running = in[f].running;
    if (kRunning || running) {
      const R row = R(static_cast<double>(in[f].first + at)) + lane_numbers<R>();
      const R sum = whole_difference<R>(running + at, running + at - w);
      const R rows = whole_difference<R>(in[f].running_lag + at, in[f].running_lag + at - w);
      return (row * sum - rows) * R(in[f].unit);
    }
    uint64_t digits = static_cast<uint64_t>(w);
    int64_t end = at;
    R total = R(0.0);
    for (; digits; digits &= digits - 1) {
      const int level = trailing_zeros(digits);
      const R part = load<R>(in[f].lag_levels[level] + end), sum = load<R>(in[f].levels[level] + end);
      total = total + fma_(R(static_cast<double>(at - end)), sum, part);
      end -= int64_t{1} << level;
    }
    return total;
  }
  /// Highest of the last w values: two overlapping windows of a power of two. With a NaN inside, deterministic but
  /// either.
  TF_HD R highest(int f, int64_t w) const {
    const int level = floor_log2(static_cast<uint64_t>(w));
    const double* from = in[f].levels[level] + at;
    return max_(load<R>(from), load<R>(from - w + (int64_t{1} << level))) + R(0.0);
  }
  TF_HD R lowest(int f, int64_t w) const {
    const int level = floor_log2(static_cast<uint64_t>(w));
    const double* from = in[f].levels[level] + at;
    return min_(load<R>(from), load<R>(from - w + (int64_t{1} << level))) + R(0.0);
  }
};

}  // namespace TF_LEVEL
}  // namespace tf::series
