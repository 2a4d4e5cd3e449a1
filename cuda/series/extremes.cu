// Van Herk's rolling maximum (1992; Gil and Werman 1993) without a scan inside registers. With L lanes and a window of
// m * L + r values, let part[i] be the maximum of the L + r values that end at i: the window's is that of part[i],
// part[i - L], ... part[i - (m-1) * L], so that every lane runs its own maximum over m elements, and vectors of L
// consecutive rows go through prefix and suffix maxima whole.
#include "cuda/series/extremes.hpp"

#include <algorithm>
#include <limits>

#include "cuda/base/pack.hpp"

#if defined(TF_HAS_PACK)
namespace tf::series {
inline namespace TF_LEVEL {

namespace {

using Lanes = Pack<double>;
constexpr int kLanes = Lanes::kLanes;

struct Highest {
  static constexpr double kNone = -std::numeric_limits<double>::infinity();
  template <class R>
  static R of(R a, R b) {
    return max_(a, b);
  }
};
struct Lowest {
  static constexpr double kNone = std::numeric_limits<double>::infinity();
  template <class R>
  static R of(R a, R b) {
    return min_(a, b);
  }
};

/// Of the `reach` values that end at each lane.
template <class Extreme, int kReach>
Lanes part(const double* at) {
  Lanes best = Lanes::load(at);
  for (int ago = 1; ago < kReach; ++ago) best = Extreme::of(best, Lanes::load(at - ago));
  return best;
}

/// Rows [0, count), count a multiple of kLanes; returns whether any of them is NaN.
template <class Extreme, int kReach>
bool run_vectors(const double* values, int64_t count, int64_t window, double* out, double* suffix) {
  // suffix[e] is that of the elements e .. of the stretch before; its first is never asked for.
  const int64_t length = (window - kReach) / kLanes + 1;
  Lanes best = Extreme::kNone;
  for (int64_t element = length - 1; element > 0; --element) {
    best = Extreme::of(best, part<Extreme, kReach>(values - (length - element) * kLanes));
    best.store(suffix + element * kLanes);
  }
  PackMask<double, kLanes> nan = Lanes(0.0) != Lanes(0.0);
  for (int64_t start = 0; start < count; start += length * kLanes) {
    const int64_t elements = std::min(length, (count - start) / kLanes);
    const double* from = values + start;
    double* to = out + start;
    Lanes prefix = Extreme::kNone;
    for (int64_t element = 0; element < elements; ++element) {
      const int64_t at = element * kLanes;
      const Lanes now = Lanes::load(from + at);
      nan = or_(nan, now != now);
      const Lanes here = part<Extreme, kReach>(from + at);
      prefix = Extreme::of(prefix, here);
      Lanes answer = prefix;
      if (element + 1 < length) answer = Extreme::of(answer, Lanes::load(suffix + at + kLanes));
      here.store(suffix + at);
      (answer + Lanes(0.0)).store(to + at);
    }
    if (elements < length) break;
    Lanes later = Extreme::kNone;
    for (int64_t element = length - 1; element > 0; --element) {
      later = Extreme::of(later, Lanes::load(suffix + element * kLanes));
      later.store(suffix + element * kLanes);
    }
  }
  return any(nan);
}

template <class Extreme, int kReach>
bool pick_reach(const double* values, int64_t count, int64_t window, double* out, double* suffix) {
  if constexpr (kReach < 2 * kLanes) {
    if (window % kLanes != kReach % kLanes) return pick_reach<Extreme, kReach + 1>(values, count, window, out, suffix);
    return run_vectors<Extreme, kReach>(values, count, window, out, suffix);
  } else {
    return false;
  }
}

/// Rows [0, count) of a window shorter than a vector.
template <class Extreme>
void run_short(const double* values, int64_t count, int64_t window, double* out) {
  for (int64_t at = 0; at < count; at += kLanes) {
    Lanes best = Lanes::load(values + at);
    for (int64_t ago = 1; ago < window; ++ago) best = Extreme::of(best, Lanes::load(values + at - ago));
    (best + Lanes(0.0)).store(out + at);
  }
}

template <class Extreme>
double extreme_of(const double* values, int64_t count) {
  Lanes best[4] = {Extreme::kNone, Extreme::kNone, Extreme::kNone, Extreme::kNone};
  int64_t at = 0;
  for (; at + 4 * kLanes <= count; at += 4 * kLanes)
    for (int vector = 0; vector < 4; ++vector)
      best[vector] = Extreme::of(best[vector], Lanes::load(values + at + vector * kLanes));
  double one = Extreme::kNone;
  for (; at < count; ++at) one = Extreme::of(one, values[at]);
  for (const Lanes& vector : best)
    for (int lane = 0; lane < kLanes; ++lane) one = Extreme::of(one, vector[lane]);
  return one;
}

bool any_nan(const double* values, int64_t count) {
  PackMask<double, kLanes> nan = Lanes(0.0) != Lanes(0.0);
  int64_t at = 0;
  for (; at + kLanes <= count; at += kLanes) {
    const Lanes now = Lanes::load(values + at);
    nan = or_(nan, now != now);
  }
  bool one = any(nan);
  for (; at < count; ++at) one |= values[at] != values[at];
  return one;
}

template <class Extreme>
void rolling(const double* values, int64_t count, int64_t window, double* out, double* scratch) {
  const int64_t history = window - 1, whole = count - count % kLanes;
  bool nan = any_nan(values - history, history) || any_nan(values + whole, count - whole);
  if (window < kLanes) {
    nan |= any_nan(values, whole);
    run_short<Extreme>(values, whole, window, out);
  } else if (whole > 0) {
    nan |= pick_reach<Extreme, kLanes>(values, whole, window, out, scratch);
  }

  // The rows left over, fewer than a vector: they share all of the window but its ends.
  if (whole < count) {
    const int64_t first_shared = std::min(count - window, whole);
    const double shared = extreme_of<Extreme>(values + first_shared, whole - first_shared);
    for (int64_t at = whole; at < count; ++at) {
      double best = shared;
      for (int64_t other = at - history; other < std::min(first_shared, at + 1); ++other)
        best = Extreme::of(best, values[other]);
      for (int64_t other = std::max(whole, at - history); other <= at; ++other) best = Extreme::of(best, values[other]);
      out[at] = best + 0.0;
    }
  }
  if (!nan) return;
  // What was found above for windows without a NaN is right: each was made of its own values only.
  int64_t newest = -window;
  for (int64_t at = -history; at < count; ++at) {
    if (values[at] != values[at]) newest = at;
    if (at >= 0 && newest > at - window) out[at] = std::numeric_limits<double>::quiet_NaN();
  }
}

}  // namespace

}  // namespace TF_LEVEL

const Extremes& TF_CONCAT(extremes_, TF_LEVEL)() {
  static const Extremes table = {rolling<Highest>, rolling<Lowest>};
  return table;
}

}  // namespace tf::series
#endif
