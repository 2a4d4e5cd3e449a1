// Parameter sets reduced as they run: nothing of them is stored but each output's sum and last value.
#pragma once
#include "cuda/series/frame_bodies.hpp"

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

/// Rows [row, row + count) of kPacksTogether packs; words of lanes and coefs as [pack][word][lane], totals as
/// [pack][kept output][{sum, last}][lane]. Rows before `counted_from` are not summed.
template <class I, class R, int kKept>
void run_recurrence_totals(double* lanes, const double* coefs, const InputView* in, int64_t row, int64_t count,
                           int64_t steady_from, int64_t counted_from, double* totals) {
  constexpr int kPacks = kPacksTogether<I>, kStep = lanes_of<R>(), kOuts = kTotalled<I, kKept>,
                kFirst = kKept < 0 ? 0 : kKept;
  typename I::template Lane<R> lane[kPacks];
  typename I::template Coef<R> coef[kPacks];
  R sum[kPacks][kOuts], last[kPacks][kOuts];
  const double* values[kInputCount<I>];
  for (int f = 0; f < kInputCount<I>; ++f) values[f] = in[f].values;
  for (int pack = 0; pack < kPacks; ++pack) {
    load_words<R>(lane[pack], lanes + pack * kLaneWords<I> * kStep);
    load_words<R>(coef[pack], coefs + pack * kCoefWords<I> * kStep);
    for (int j = 0; j < kOuts; ++j) {
      sum[pack][j] = load<R>(totals + 2 * (pack * kOuts + j) * kStep);
      last[pack][j] = load<R>(totals + (2 * (pack * kOuts + j) + 1) * kStep);
    }
  }
  const auto until = [&](int64_t wanted) { return wanted <= row ? 0 : wanted - row < count ? wanted - row : count; };
  const int64_t steady = until(steady_from), counted = until(counted_from);
  R value[I::kOut];
  const auto advance = [&]<bool kSeeding, bool kCounts>(int64_t begin, int64_t end) {
    for (int64_t at = begin; at < end; ++at)
#pragma GCC unroll 4
      for (int pack = 0; pack < kPacks; ++pack) {
        recurrence_row<I, R, kSeeding>(lane[pack], coef[pack], values, at, row + at, value);
        for (int j = 0; j < kOuts; ++j) {
          last[pack][j] = value[kFirst + j];
          if constexpr (kCounts) sum[pack][j] = sum[pack][j] + value[kFirst + j];
        }
      }
  };
  const int64_t both = steady < counted ? steady : counted;
  advance.template operator()<true, false>(0, both);
  if (counted < steady) advance.template operator()<true, true>(both, steady);
  if (steady < counted) advance.template operator()<false, false>(both, counted);
  advance.template operator()<false, true>(steady < counted ? counted : steady, count);
  for (int pack = 0; pack < kPacks; ++pack) {
    store_words<R>(lane[pack], lanes + pack * kLaneWords<I> * kStep);
    for (int j = 0; j < kOuts; ++j) {
      store(sum[pack][j], totals + 2 * (pack * kOuts + j) * kStep);
      store(last[pack][j], totals + (2 * (pack * kOuts + j) + 1) * kStep);
    }
  }
}

/// A window's sums go by row % 8 into partial ones, whatever the register's width; blocks are whole eights but the
/// last.
template <class I, int kKept>
void run_window_totals(const void* coef_bytes, const InputView* in, int64_t from, int64_t count, double* sums,
                       double* last) {
  constexpr int kOuts = kTotalled<I, kKept>, kFirst = kKept < 0 ? 0 : kKept;
  typename I::Coef coef;
  std::memcpy(&coef, coef_bytes, sizeof coef);
  InputView views[kInputCount<I>];
  for (int f = 0; f < kInputCount<I>; ++f) views[f] = in[f];
  int64_t at = from;
  if constexpr (kLanes > 1) {
    constexpr int kPacks = kTotalLanes / kLanes;
    Lanes sum[kOuts][kPacks], value[I::kOut];
    for (int j = 0; j < kOuts; ++j)
      for (int pack = 0; pack < kPacks; ++pack) sum[j][pack] = Lanes::load(sums + j * kTotalLanes + pack * kLanes);
    for (; at + kTotalLanes <= count; at += kTotalLanes)
#pragma GCC unroll 2
      for (int pack = 0; pack < kPacks; ++pack) {
        I::step(coef, TimeCursor<Lanes>{views, at + pack * kLanes}, value);
        for (int j = 0; j < kOuts; ++j) sum[j][pack] = sum[j][pack] + value[kFirst + j];
      }
    for (int j = 0; j < kOuts; ++j) {
      for (int pack = 0; pack < kPacks; ++pack) sum[j][pack].store(sums + j * kTotalLanes + pack * kLanes);
      if (at > from) last[j] = value[kFirst + j][kLanes - 1];
    }
  }
  for (int lane = 0; at < count; ++at, ++lane) {
    double value[I::kOut];
    I::step(coef, TimeCursor<double>{views, at}, value);
    for (int j = 0; j < kOuts; ++j) {
      sums[j * kTotalLanes + lane % kTotalLanes] += value[kFirst + j];
      last[j] = value[kFirst + j];
    }
  }
}

}  // namespace TF_LEVEL
}  // namespace tf::series
