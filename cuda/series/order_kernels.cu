#include "cuda/series/order_kernels.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

#include "cuda/base/pack.hpp"

#if defined(TF_HAS_PACK)
namespace tf::series {
inline namespace TF_LEVEL {

namespace {

using Lanes = Pack<double>;
constexpr int kLanes = Lanes::kLanes;
constexpr double kInfinity = std::numeric_limits<double>::infinity();
/// Added and taken away again, it rounds a double under 2^51 to a whole number; meanwhile the low bits are that number.
constexpr double kRounder = 0x1.8p52;

/// NaN as +inf, -0 as +0.
double ordered(double value) { return (value == value ? value : kInfinity) + 0.0; }
Lanes ordered(Lanes value) { return select(value == value, value, Lanes(kInfinity)) + Lanes(0.0); }

// ---- short windows ----

/// The window's values but the oldest `less`, in order. By insertion: std::sort would be one symbol of all levels.
void sort_window(const double* values, int64_t window, int64_t less, double* sorted) {
  for (int64_t at = 0; at < window - less; ++at) {
    const double value = ordered(values[at + 1 - window]);
    int64_t place = at;
    for (; place > 0 && sorted[place - 1] > value; --place) sorted[place] = sorted[place - 1];
    sorted[place] = value;
  }
}

/// Lanes are parts of the block, each with its own sorted window. Taking out `old` moves what is not below it one place
/// down; putting in x then is max(left neighbour, min(x, itself)): no branch, no shuffle.
void short_quantile(const double* values, int64_t count, int64_t window, OrderQuestion question, double* out,
                    double* scratch) {
  const int64_t part = (count + kLanes - 1) / kLanes;
  if (part < 4) {
    for (int64_t at = 0; at < count; ++at) {
      sort_window(values + at, window, 0, scratch);
      const double* place = scratch + question.lower;
      out[at] = question.part == 0 ? place[0] : between(place[0], place[1], question.part);
    }
    return;
  }
  const double* from[kLanes];
  double* to[kLanes];
  for (int lane = 0; lane < kLanes; ++lane) {
    const int64_t start = std::min(lane * part, count - part);
    from[lane] = values + start;
    to[lane] = out + start;
    double sorted[kShortWindow];
    sort_window(from[lane], window, 1, sorted);
    for (int64_t at = 0; at < window - 1; ++at) scratch[at * kLanes + lane] = sorted[at];
  }
  Lanes(kInfinity).store(scratch + (window - 1) * kLanes);
  Lanes(kInfinity).store(scratch + window * kLanes);

  const int64_t lower = question.lower * kLanes, upper = lower + (question.part == 0 ? 0 : kLanes);
  Lanes old = kInfinity;
  for (int64_t at = 0; at < part; ++at) {
    Lanes now;
    for (int lane = 0; lane < kLanes; ++lane) now.set(lane, from[lane][at]);
    now = ordered(now);
    Lanes left = -kInfinity, here = Lanes::load(scratch);
    for (int64_t place = 0; place < window; ++place) {
      const Lanes next = Lanes::load(scratch + (place + 1) * kLanes);
      const Lanes kept = select(here < old, here, next);
      max_(left, min_(now, kept)).store(scratch + place * kLanes);
      left = kept;
      here = next;
    }
    const Lanes low = Lanes::load(scratch + lower), high = Lanes::load(scratch + upper);
    const Lanes answer = select(low == high, low, low + (high - low) * Lanes(question.part));
    for (int lane = 0; lane < kLanes; ++lane) {
      to[lane][at] = answer[lane];
      old.set(lane, from[lane][at - (window - 1)]);
    }
    old = ordered(old);
  }
}

void short_rank(const double* values, int64_t count, int64_t window, double* out) {
  const auto total = static_cast<double>(window);
  int64_t at = 0;
  for (; at + kLanes <= count; at += kLanes) {
    const Lanes now = Lanes::load(values + at);
    Lanes twice = 0.0;
    for (int64_t ago = 0; ago < window; ++ago) {
      const Lanes then = Lanes::load(values + at - ago);
      twice = twice + select(then < now, Lanes(1.0), Lanes(0.0)) + select(then <= now, Lanes(1.0), Lanes(0.0));
    }
    (twice * Lanes(0.5) / Lanes(total)).store(out + at);
  }
  for (; at < count; ++at) {
    double twice = 0;
    for (int64_t ago = 0; ago < window; ++ago)
      twice += (values[at - ago] < values[at] ? 1 : 0) + (values[at - ago] <= values[at] ? 1 : 0);
    out[at] = twice * 0.5 / total;
  }
}

// ---- grids ----

int64_t last_off_grid(const double* values, int64_t count, double scale, double* least, double* most) {
  constexpr int64_t kBlock = 64;
  Lanes low = kInfinity, high = -kInfinity;
  double one_low = kInfinity, one_high = -kInfinity;
  int64_t end = count, off = -1;
  for (; end >= kBlock && off < 0; end -= kBlock) {
    const double* block = values + end - kBlock;
    PackMask<double, kLanes> bad = Lanes(0.0) != Lanes(0.0);
    for (int64_t at = 0; at < kBlock; at += kLanes) {
      const Lanes value = Lanes::load(block + at);
      const Lanes step = (value * Lanes(scale) + Lanes(kRounder)) - Lanes(kRounder);
      const auto number = value == value;
      bad = or_(bad, and_(number, step / Lanes(scale) != value));
      low = min_(low, select(number, step, low));
      high = max_(high, select(number, step, high));
    }
    if (!any(bad)) continue;
    for (int64_t at = kBlock; at-- > 0 && off < 0;) {
      const double step = (block[at] * scale + kRounder) - kRounder;
      if (block[at] == block[at] && step / scale != block[at]) off = end - kBlock + at;
    }
  }
  for (int64_t at = end; at-- > 0 && off < 0;) {
    if (values[at] != values[at]) continue;
    const double step = (values[at] * scale + kRounder) - kRounder;
    if (step / scale != values[at]) off = at;
    one_low = std::min(one_low, step);
    one_high = std::max(one_high, step);
  }
  for (int lane = 0; lane < kLanes; ++lane) {
    one_low = std::min(one_low, low[lane]);
    one_high = std::max(one_high, high[lane]);
  }
  *least = one_low;
  *most = one_high;
  return off;
}

void to_bins(const double* values, int64_t count, const Grid& grid, int32_t* bins) {
  constexpr double kBeyond = 0x1p30;  // for values off the grid, whose bins nobody looks at
  int64_t at = 0;
  for (; at + kLanes <= count; at += kLanes) {
    const Lanes value = Lanes::load(values + at);
    const Lanes step = ((value * Lanes(grid.scale) + Lanes(kRounder)) - Lanes(kRounder)) - Lanes(grid.base);
    const Lanes bin = min_(Lanes(kBeyond), max_(Lanes(0.0), select(value == value, step, Lanes(0.0))));
    for (int lane = 0; lane < kLanes; ++lane) bins[at + lane] = static_cast<int32_t>(bin[lane]);
  }
  for (; at < count; ++at) {
    const double step = ((values[at] * grid.scale + kRounder) - kRounder) - grid.base;
    bins[at] = static_cast<int32_t>(min_(kBeyond, max_(0.0, select(values[at] == values[at], step, 0.0))));
  }
}

bool any_nan(const double* values, int64_t count) {
  PackMask<double, kLanes> found = Lanes(0.0) != Lanes(0.0);
  int64_t at = 0;
  for (; at + kLanes <= count; at += kLanes) {
    const Lanes value = Lanes::load(values + at);
    found = or_(found, value != value);
  }
  bool one = any(found);
  for (; at < count; ++at) one |= values[at] != values[at];
  return one;
}

// ---- counts ----

/// The nearest bin above `bin` that holds a value; there is one.
int64_t bin_above(const uint64_t* bits, uint64_t* summary, int64_t bin) {
  int64_t word = bin >> 6;
  uint64_t rest = bits[word] & (~uint64_t{1} << (bin & 63));
  if (rest != 0) return (word << 6) + trailing_zeros(rest);
  int64_t group = word >> 6;
  uint64_t words = summary[group] & (~uint64_t{1} << (word & 63));
  for (;;) {
    while (words == 0) words = summary[++group];
    const int bit = trailing_zeros(words);
    word = (group << 6) + bit;
    if (bits[word] != 0) return (word << 6) + trailing_zeros(bits[word]);
    summary[group] &= ~(uint64_t{1} << bit);
    words &= words - 1;
  }
}

int64_t bin_below(const uint64_t* bits, uint64_t* summary, int64_t bin) {
  int64_t word = bin >> 6;
  uint64_t rest = bits[word] & ~(~uint64_t{0} << (bin & 63));
  if (rest != 0) return (word << 6) + floor_log2(rest);
  int64_t group = word >> 6;
  uint64_t words = summary[group] & ~(~uint64_t{0} << (word & 63));
  for (;;) {
    while (words == 0) words = summary[--group];
    const int bit = floor_log2(words);
    word = (group << 6) + bit;
    if (bits[word] != 0) return (word << 6) + floor_log2(bits[word]);
    summary[group] &= ~(uint64_t{1} << bit);
    words &= ~(uint64_t{1} << bit);
  }
}

void fill(OrderBins& window, const int32_t* bins, int64_t count, bool for_rank) {
  for (int64_t at = 0; at < count; ++at) {
    const int32_t bin = bins[at];
    ++window.counts[bin];
    window.bits[bin >> 6] |= uint64_t{1} << (bin & 63);
    window.summary[bin >> 12] |= uint64_t{1} << (bin >> 6 & 63);
    window.below += bin < window.cursor;
    if (for_rank) {
      ++window.sums[bin >> 6];
      ++window.big_sums[bin >> 12];
    }
  }
}

void fill_bits(OrderBins& window, const int32_t* bins, int64_t count) {
  for (int64_t at = 0; at < count; ++at) {
    const int32_t bin = bins[at];
    window.bits[bin >> 6] |= uint64_t{1} << (bin & 63);
    window.summary[bin >> 12] |= uint64_t{1} << (bin >> 6 & 63);
  }
}

void walk(OrderBins& window, const int32_t* now, const int32_t* old, int64_t count, OrderQuestion question,
          const Grid& grid, double* out) {
  uint32_t* const counts = window.counts.data();
  uint64_t* const bits = window.bits.data();
  uint64_t* const summary = window.summary.data();
  const auto value = [&](int64_t bin) { return (grid.base + static_cast<double>(bin)) / grid.scale; };
  const int64_t lower = question.lower, upper = lower + (question.part == 0 ? 0 : 1);
  int64_t cursor = window.cursor, below = window.below;
  double low = value(cursor);
  for (int64_t at = 0; at < count; ++at) {
    const int64_t in = now[at];
    if (counts[in]++ == 0) {
      bits[in >> 6] |= uint64_t{1} << (in & 63);
      summary[in >> 12] |= uint64_t{1} << (in >> 6 & 63);
    }
    below += in < cursor;
    if (below <= lower && upper < below + counts[cursor]) {
      out[at] = low;
    } else {
      while (below > lower) {
        cursor = bin_below(bits, summary, cursor);
        below -= counts[cursor];
      }
      while (below + counts[cursor] <= lower) {
        below += counts[cursor];
        cursor = bin_above(bits, summary, cursor);
      }
      low = value(cursor);
      out[at] =
          upper < below + counts[cursor] ? low : between(low, value(bin_above(bits, summary, cursor)), question.part);
    }
    const int64_t gone = old[at];
    if (--counts[gone] == 0) bits[gone >> 6] &= ~(uint64_t{1} << (gone & 63));
    below -= gone < cursor;
  }
  window.cursor = cursor;
  window.below = below;
}

/// The bits alone: every place has a rank of its own. One value in and one out move the cursor by one value at most;
/// which way is a coin's toss where values are random, so the step is taken without a branch within a word.
void walk_ranks(OrderBins& window, const int32_t* now, const int32_t* old, int64_t count, OrderQuestion question,
                const double* values, const uint64_t* place_of, double* out) {
  uint64_t* const bits = window.bits.data();
  uint64_t* const summary = window.summary.data();
  const auto put = [&](int64_t bin) {
    bits[bin >> 6] |= uint64_t{1} << (bin & 63);
    summary[bin >> 12] |= uint64_t{1} << (bin >> 6 & 63);
  };
  const auto take = [&](int64_t bin) { bits[bin >> 6] &= ~(uint64_t{1} << (bin & 63)); };
  const auto value = [&](int64_t bin) { return ordered(values[place_of[bin] & 0xffffffff]); };
  const auto answer = [&](int64_t cursor) {
    if (question.part == 0) return value(cursor);
    const uint64_t above = bits[cursor >> 6] & (~uint64_t{1} << (cursor & 63));
    const int64_t next =
        above != 0 ? (cursor & ~int64_t{63}) + trailing_zeros(above) : bin_above(bits, summary, cursor);
    return between(value(cursor), value(next), question.part);
  };

  put(now[0]);
  int64_t word = 0, below = 0;
  for (;; ++word) {
    const int held = __builtin_popcountll(bits[word]);
    if (below + held > question.lower) break;
    below += held;
  }
  uint64_t rest = bits[word];
  for (; below < question.lower; ++below) rest &= rest - 1;
  int64_t cursor = (word << 6) + trailing_zeros(rest);
  out[0] = answer(cursor);
  for (int64_t at = 1; at < count; ++at) {
    const int64_t in = now[at], gone = old[at - 1];
    take(gone);
    put(in);
    const bool up = (in > cursor) & (gone <= cursor), down = (in < cursor) & (gone >= cursor);
    const int64_t bit = cursor & 63;
    const uint64_t here = bits[cursor >> 6], above = here & (~uint64_t{1} << bit),
                   under = here & ~(~uint64_t{0} << bit);
    if ((up & (above == 0)) | (down & (under == 0))) {
      cursor = up ? bin_above(bits, summary, cursor) : bin_below(bits, summary, cursor);
    } else {
      const int64_t higher = trailing_zeros(above | uint64_t{1} << 63), lower = floor_log2(under | 1);
      cursor ^= ((bit ^ higher) & -int64_t{up}) | ((bit ^ lower) & -int64_t{down});
    }
    out[at] = answer(cursor);
  }
}

uint32_t sum_of(const uint32_t* from, int64_t count) {
  uint32_t sum = 0;
  for (int64_t at = 0; at < count; ++at) sum += from[at];
  return sum;
}

void share(OrderBins& window, const int32_t* now, const int32_t* old, int64_t count, int64_t total, double* out) {
  uint32_t* const counts = window.counts.data();
  uint32_t* const sums = window.sums.data();
  uint32_t* const big_sums = window.big_sums.data();
  for (int64_t at = 0; at < count; ++at) {
    const int64_t in = now[at], word = in >> 6, group = in >> 12;
    ++counts[in];
    ++sums[word];
    ++big_sums[group];
    const uint32_t below =
        sum_of(big_sums, group) + sum_of(sums + (group << 6), word & 63) + sum_of(counts + (word << 6), in & 63);
    out[at] = (static_cast<double>(below) + 0.5 * static_cast<double>(counts[in])) / static_cast<double>(total);
    const int64_t gone = old[at];
    --counts[gone];
    --sums[gone >> 6];
    --big_sums[gone >> 12];
  }
}

}  // namespace

}  // namespace TF_LEVEL

const OrderKernels& TF_CONCAT(order_kernels_, TF_LEVEL)() {
  static const OrderKernels table = {short_quantile, short_rank, last_off_grid, to_bins,    any_nan,
                                     fill,           fill_bits,  walk,          walk_ranks, share};
  return table;
}

}  // namespace tf::series
#endif
