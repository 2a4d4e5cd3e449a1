// Parameter sets reduced as they run: nothing of them is stored but each output's sum and last value.
#pragma once
#include "cuda/series/frame_bodies.hpp"

#if defined(TF_HAS_PACK)
namespace tf::series {
inline namespace TF_LEVEL {

/// Parameter sets in packs that advance together, so that one's latency hides behind the others': as many as leave the
/// states, constants and sums in registers.
template <class I>
inline constexpr int kPacksTogether = 12 / (kLaneWords<I> + 2) >= 4 ? 4
                                      : kLaneWords<I> <= 4          ? 2
                                                                    : 1;

/// Outputs that totals are of: kKept alone, or all (-1).
template <class I, int kKept>
inline constexpr int kTotalled = kKept < 0 ? I::kOut : 1;

/// Rows [begin, end) of a block. States and sums come from memory and go back there: what the loop touches are
/// variables of its own, which stay in registers.
template <class I, class R, int kKept, bool kSeeding, bool kCounts, bool kLast>
void recurrence_totals_rows(double* lanes, const double* coefs, const InputView* in, int64_t row, int64_t begin,
                            int64_t end, double* totals) {
  constexpr int kPacks = kPacksTogether<I>, kStep = lanes_of<R>(), kOuts = kTotalled<I, kKept>,
                kFirst = kKept < 0 ? 0 : kKept;
  if (begin >= end) return;
  typename I::template Lane<R> lane[kPacks];
  typename I::template Coef<R> coef[kPacks];
  R sum[kPacks][kOuts];
  const double* values[kInputCount<I>];
  for (int f = 0; f < kInputCount<I>; ++f) values[f] = in[f].values;
  each_of<kPacks>([&](auto pack) TF_INLINE {
    load_words<R>(lane[pack], lanes + pack * kLaneWords<I> * kStep);
    load_words<R>(coef[pack], coefs + pack * kCoefWords<I> * kStep);
    each_of<kOuts>([&](auto j) TF_INLINE { sum[pack][j] = load<R>(totals + 2 * (pack * kOuts + j) * kStep); });
  });
  for (int64_t at = begin; at < end; ++at)
    each_of<kPacks>([&](auto pack) TF_INLINE {
      R value[I::kOut];
      recurrence_row<I, R, kSeeding>(lane[pack], coef[pack], values, at, row + at, value);
      each_of<kOuts>([&](auto j) TF_INLINE {
        if constexpr (kCounts) sum[pack][j] = sum[pack][j] + value[kFirst + j];
        if constexpr (kLast) store(value[kFirst + j], totals + (2 * (pack * kOuts + j) + 1) * kStep);
      });
    });
  each_of<kPacks>([&](auto pack) TF_INLINE {
    store_words<R>(lane[pack], lanes + pack * kLaneWords<I> * kStep);
    each_of<kOuts>([&](auto j) TF_INLINE { store(sum[pack][j], totals + 2 * (pack * kOuts + j) * kStep); });
  });
}

/// Rows [row, row + count) of kPacksTogether packs; words of lanes and coefs as [pack][word][lane], totals as
/// [pack][kept output][{sum, last}][lane]. Rows before `counted_from` are not summed.
template <class I, class R, int kKept>
void run_recurrence_totals(double* lanes, const double* coefs, const InputView* in, int64_t row, int64_t count,
                           int64_t steady_from, int64_t counted_from, double* totals) {
  const auto until = [row](int64_t wanted, int64_t end) {
    return wanted <= row ? 0 : wanted - row < end ? wanted - row : end;
  };
  // The last row is apart: values that are kept would take registers in every row. Ramps run in the first blocks only,
  // and their last rows may as well: a ramp that is over gives the weight.
  const int64_t end = count - 1, counted = until(counted_from, end), steady = until(steady_from, end);
  const int64_t both = steady < counted ? steady : counted, either = steady < counted ? counted : steady;
  recurrence_totals_rows<I, R, kKept, true, false, false>(lanes, coefs, in, row, 0, both, totals);
  recurrence_totals_rows<I, R, kKept, true, true, false>(lanes, coefs, in, row, both, steady, totals);
  recurrence_totals_rows<I, R, kKept, true, false, false>(lanes, coefs, in, row, both > steady ? both : steady, counted,
                                                          totals);
  recurrence_totals_rows<I, R, kKept, false, true, false>(lanes, coefs, in, row, either, end, totals);
  if (row + end < counted_from)
    recurrence_totals_rows<I, R, kKept, true, false, true>(lanes, coefs, in, row, end, count, totals);
  else
    recurrence_totals_rows<I, R, kKept, true, true, true>(lanes, coefs, in, row, end, count, totals);
}

/// A window's sums go by row % 8 into partial ones, whatever the register's width; blocks are whole eights but the
/// last.
template <class I, int kKept, bool kRunning>
void window_totals_rows(const typename I::Coef& coef, const InputView* in, int64_t from, int64_t count, double* sums,
                        double* last) {
  constexpr int kOuts = kTotalled<I, kKept>, kFirst = kKept < 0 ? 0 : kKept;
  int64_t at = from;
  if constexpr (kLanes > 1) {
    constexpr int kPacks = kTotalLanes / kLanes;
    Lanes sum[kOuts][kPacks];
    each_of<kOuts * kPacks>([&](auto k) TF_INLINE { sum[k / kPacks][k % kPacks] = Lanes::load(sums + k * kLanes); });
    for (; at + kTotalLanes <= count; at += kTotalLanes)
      each_of<kPacks>([&](auto pack) TF_INLINE {
        Lanes value[I::kOut];
        I::step(coef, TimeCursor<Lanes, kRunning>{in, at + pack * kLanes}, value);
        each_of<kOuts>([&](auto j) TF_INLINE { sum[j][pack] = sum[j][pack] + value[kFirst + j]; });
      });
    each_of<kOuts * kPacks>([&](auto k) TF_INLINE { sum[k / kPacks][k % kPacks].store(sums + k * kLanes); });
  }
  for (int lane = 0; at < count; ++at, ++lane) {
    double value[I::kOut];
    I::step(coef, TimeCursor<double, kRunning>{in, at}, value);
    for (int j = 0; j < kOuts; ++j) sums[j * kTotalLanes + lane % kTotalLanes] += value[kFirst + j];
  }
  if (count == from) return;
  double value[I::kOut];
  I::step(coef, TimeCursor<double, kRunning>{in, count - 1}, value);
  for (int j = 0; j < kOuts; ++j) last[j] = value[kFirst + j];
}

template <class I, int kKept>
void run_window_totals(const void* coef_bytes, const InputView* in, int64_t from, int64_t count, double* sums,
                       double* last) {
  typename I::Coef coef;
  std::memcpy(&coef, coef_bytes, sizeof coef);
  InputView views[kInputCount<I>];
  for (int f = 0; f < kInputCount<I>; ++f) views[f] = in[f];
  if constexpr (any_sums<I>())
    if (all_running<I>(views)) return window_totals_rows<I, kKept, true>(coef, views, from, count, sums, last);
  window_totals_rows<I, kKept, false>(coef, views, from, count, sums, last);
}

}  // namespace TF_LEVEL
}  // namespace tf::series
#endif  // TF_HAS_PACK
