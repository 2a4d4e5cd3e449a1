// The loops around an author's step(): what runs as SIMD lanes or scalars on the CPU, and the work items of a launch.
#pragma once
#include <cstdint>
#include <cstring>
#include <iterator>
#include <utility>

#include "cuda/base/launch.hpp"
#include "cuda/base/pack.hpp"
#include "cuda/series/cursor.hpp"
#include "cuda/series/frames.hpp"

namespace tf::series {
inline namespace TF_LEVEL {

#if defined(TF_HAS_PACK)
using Lanes = Pack<double>;
using FloatLanes = Pack<float>;
inline constexpr int kLanes = kWidth<double>;
#else
using Lanes = double;
using FloatLanes = float;
inline constexpr int kLanes = 1;
#endif

/// Calls body(constant) for 0 .. kCount - 1. Loops over arrays of packs are unrolled too late at -O2: the arrays stay
/// in memory, and each row waits for the one before to come back out of it.
template <int kCount, class Body>
TF_HD void each_of(const Body& body) {
  [&body]<int... kAt>(std::integer_sequence<int, kAt...>) TF_INLINE { (body(std::integral_constant<int, kAt>{}), ...); }
  (std::make_integer_sequence<int, kCount>{});
}

template <class I>
inline constexpr int kInputCount = static_cast<int>(std::size(I::kIn));
template <class I>
inline constexpr int kTickInputCount = static_cast<int>(std::size(I::kTicks));
template <class I>
inline constexpr int kCoefWords = static_cast<int>(sizeof(typename I::template Coef<double>) / sizeof(double));
template <class I>
inline constexpr int kLaneWords = static_cast<int>(sizeof(typename I::template Lane<double>) / sizeof(double));

template <class R>
TF_HD void store(R value, double* to) {
  if constexpr (std::is_arithmetic_v<R>)
    *to = static_cast<double>(value);
  else if constexpr (requires { value.store_doubles(to); })
    value.store_doubles(to);
  else
    value.store(to);
}

/// Copies words between a struct of R members and memory. Word by word as R: after a memcpy g++ keeps the state in
/// integer registers and on the stack, and EMA's loop takes twice as long.
template <class R, class Words>
TF_HD void load_words(Words& words, const double* from) {
  constexpr int kCount = static_cast<int>(sizeof(Words) / sizeof(R)), kStep = lanes_of<R>();
  for (int word = 0; word < kCount; ++word) reinterpret_cast<R*>(&words)[word] = load<R>(from + word * kStep);
}
template <class R, class Words>
TF_HD void store_words(const Words& words, double* to) {
  constexpr int kCount = static_cast<int>(sizeof(Words) / sizeof(R)), kStep = lanes_of<R>();
  for (int word = 0; word < kCount; ++word) store(reinterpret_cast<const R*>(&words)[word], to + word * kStep);
}

// ---- recurrence ----------------------------------------------------------------------------------------------------
template <class I, class R, bool kSeeding>
TF_HD void recurrence_row(typename I::template Lane<R>& lane, const typename I::template Coef<R>& coef,
                          const double* const* values, int64_t at, int64_t row, R* out) {
  I::step(lane, coef, RowCursor<R, kInputCount<I>, kSeeding>{values, at, row}, out);
}

template <class I, class R>
void run_recurrence(double* lanes, const double* coefs, const InputView* in, int64_t row, int64_t count,
                    int64_t steady_from, double* const* out, int64_t stride) {
  typename I::template Lane<R> lane;
  typename I::template Coef<R> coef;
  load_words<R>(lane, lanes);
  load_words<R>(coef, coefs);
  const double* values[kInputCount<I>];
  double* to[I::kOut];
  for (int f = 0; f < kInputCount<I>; ++f) values[f] = in[f].values;
  for (int j = 0; j < I::kOut; ++j) to[j] = out[j];

  const int64_t seeding = steady_from <= row ? 0 : steady_from - row < count ? steady_from - row : count;
  R value[I::kOut];
  int64_t at = 0;
  for (; at < seeding; ++at) {
    recurrence_row<I, R, true>(lane, coef, values, at, row + at, value);
    for (int j = 0; j < I::kOut; ++j) store(value[j], to[j] + at * stride);
  }
  for (; at < count; ++at) {
    recurrence_row<I, R, false>(lane, coef, values, at, row + at, value);
    for (int j = 0; j < I::kOut; ++j) store(value[j], to[j] + at * stride);
  }
  store_words<R>(lane, lanes);
}

/// Rows of many series side by side, one a lane: what a RowCursor is for parameters.
template <class R, int kInputs, bool kSeeding>
struct SymbolCursor {
  const double* const* values;
  int64_t at, row, stride;

  TF_HD R now(int f) const { return load<R>(values[f] + at * stride); }
  TF_HD R ago(int f, int64_t k) const { return load<R>(values[f] + (at - k) * stride); }
  TF_HD R ramp(R weight, R period, R start = R(0.0)) const {
    return RowCursor<R, kInputs, kSeeding>{values, at, row}.ramp(weight, period, start);
  }
};

/// lanes_of<R>() series with one parameter set: in[f][at * in_stride + lane], out[j][at * stride + lane].
template <class I, class R>
void run_symbols(double* lanes, const double* coefs, const double* const* in, int64_t in_stride, int64_t row,
                 int64_t count, int64_t steady_from, double* const* out, int64_t stride) {
  typename I::template Lane<R> lane;
  typename I::template Coef<R> coef;
  load_words<R>(lane, lanes);
  for (int word = 0; word < kCoefWords<I>; ++word) reinterpret_cast<R*>(&coef)[word] = R(coefs[word]);
  const auto advance = [&]<bool kSeeding>(int64_t begin, int64_t end) {
    for (int64_t at = begin; at < end; ++at) {
      R value[I::kOut];
      I::step(lane, coef, SymbolCursor<R, kInputCount<I>, kSeeding>{in, at, row + at, in_stride}, value);
      for (int j = 0; j < I::kOut; ++j) store(value[j], out[j] + at * stride);
    }
  };
  const int64_t seeding = steady_from <= row ? 0 : steady_from - row < count ? steady_from - row : count;
  advance.template operator()<true>(0, seeding);
  advance.template operator()<false>(seeding, count);
  store_words<R>(lane, lanes);
}

/// One parameter set over the rows of a block, one output kept: a GPU thread. (Picking the output at run time would put
/// step's results in an indexed local array, on the thread's stack.)
template <class I, int kKept>
struct RecurrenceItem {
  const double* values[kInputCount<I>];
  const double* coefs;
  double *lanes, *out;
  int64_t sets, row, count, steady_from;

  TF_HD void operator()(int64_t set) const {
    typename I::template Lane<double> lane;
    typename I::template Coef<double> coef;
    auto* lane_words = reinterpret_cast<double*>(&lane);
    auto* coef_words = reinterpret_cast<double*>(&coef);
    for (int word = 0; word < kLaneWords<I>; ++word) lane_words[word] = lanes[word * sets + set];
    for (int word = 0; word < kCoefWords<I>; ++word) coef_words[word] = coefs[word * sets + set];
    double value[I::kOut];
    int64_t at = 0;
    for (; at < count && row + at < steady_from; ++at) {
      recurrence_row<I, double, true>(lane, coef, values, at, row + at, value);
      out[at * sets + set] = value[kKept];
    }
    for (; at < count; ++at) {
      recurrence_row<I, double, false>(lane, coef, values, at, row + at, value);
      out[at * sets + set] = value[kKept];
    }
    for (int word = 0; word < kLaneWords<I>; ++word) lanes[word * sets + set] = lane_words[word];
  }
};

// ---- window --------------------------------------------------------------------------------------------------------
constexpr bool sums(const Input& input) {
  return input.service == Service::sum || input.service == Service::sum_sq || input.service == Service::lag_sum;
}
template <class I>
constexpr bool any_sums() {
  for (const Input& input : I::kIn)
    if (sums(input)) return true;
  return false;
}
/// Whether every sum that I reads has running totals in this block.
template <class I>
bool all_running(const InputView* in) {
  for (int f = 0; f < kInputCount<I>; ++f)
    if (sums(I::kIn[f]) && !in[f].running) return false;
  return true;
}

template <class I, bool kRunning>
void run_window_rows(const typename I::Coef& coef, const InputView* in, int64_t count, double* const* to) {
  int64_t at = 0;
  if constexpr (kLanes > 1) {
    for (; at + kLanes <= count; at += kLanes) {
      Lanes value[I::kOut];
      I::step(coef, TimeCursor<Lanes, kRunning>{in, at}, value);
      each_of<I::kOut>([&](auto j) TF_INLINE { store(value[j], to[j] + at); });
    }
  }
  for (; at < count; ++at) {
    double value[I::kOut];
    I::step(coef, TimeCursor<double, kRunning>{in, at}, value);
    for (int j = 0; j < I::kOut; ++j) to[j][at] = value[j];
  }
}

template <class I>
void run_window(const void* coef_bytes, const InputView* in, int64_t count, double* const* out) {
  typename I::Coef coef;
  std::memcpy(&coef, coef_bytes, sizeof coef);
  InputView views[kInputCount<I>];
  double* to[I::kOut];
  for (int f = 0; f < kInputCount<I>; ++f) views[f] = in[f];
  for (int j = 0; j < I::kOut; ++j) to[j] = out[j];
  if constexpr (any_sums<I>())
    if (all_running<I>(views)) return run_window_rows<I, true>(coef, views, count, to);
  run_window_rows<I, false>(coef, views, count, to);
}

template <class I, int kKept>
struct WindowItem {
  InputView in[kInputCount<I>];
  const typename I::Coef* coefs;
  double* out;
  uint32_t sets;

  TF_HD void operator()(int64_t item) const {
    const uint32_t at = static_cast<uint32_t>(item) / sets, set = static_cast<uint32_t>(item) % sets;
    double value[I::kOut];
    I::step(coefs[set], TimeCursor<double>{in, at}, value);
    out[item] = value[kKept];
  }
};

// ---- tick ----------------------------------------------------------------------------------------------------------
/// A bar's ticks are folded into this many partial sums, tick t of the bar into sum t % 8, then pairwise: one order for
/// every register width, chunk and device.
inline constexpr int kFoldLanes = 8;

TF_HD double fold_pairwise(const double* part) {
  return ((part[0] + part[1]) + (part[2] + part[3])) + ((part[4] + part[5]) + (part[6] + part[7]));
}

/// Folds ticks [begin, end) to the bar's outputs.
template <class I>
TF_HD void fold_bar(const typename I::Coef& coef, const InputView* in, int64_t begin, int64_t end, double* out) {
  double part[I::kTerms][kFoldLanes];
  int64_t tick = begin;
#if defined(TF_HAS_PACK)
  constexpr int kPacks = kFoldLanes / kLanes;
  Lanes sums[I::kTerms][kPacks];
  for (int term = 0; term < I::kTerms; ++term)
    for (int pack = 0; pack < kPacks; ++pack) sums[term][pack] = Lanes(0.0);
  for (; tick + kFoldLanes <= end; tick += kFoldLanes)
    for (int pack = 0; pack < kPacks; ++pack) {
      Lanes terms[I::kTerms];
      I::step(coef, TimeCursor<Lanes>{in, tick + pack * kLanes}, terms);
      for (int term = 0; term < I::kTerms; ++term) sums[term][pack] = sums[term][pack] + terms[term];
    }
  for (int term = 0; term < I::kTerms; ++term)
    for (int pack = 0; pack < kPacks; ++pack) sums[term][pack].store(part[term] + pack * kLanes);
  for (int lane = 0; tick < end; ++tick, ++lane) {
    double terms[I::kTerms];
    I::step(coef, TimeCursor<double>{in, tick}, terms);
    for (int term = 0; term < I::kTerms; ++term) part[term][lane] += terms[term];
  }
#else
  for (int term = 0; term < I::kTerms; ++term)
    for (int lane = 0; lane < kFoldLanes; ++lane) part[term][lane] = 0;
  for (; tick < end; tick += kFoldLanes)
    for (int lane = 0; lane < kFoldLanes; ++lane)
      if (tick + lane < end) {
        double terms[I::kTerms];
        I::step(coef, TimeCursor<double>{in, tick + lane}, terms);
        for (int term = 0; term < I::kTerms; ++term) part[term][lane] += terms[term];
      }
#endif
  double totals[I::kTerms];
  for (int term = 0; term < I::kTerms; ++term) totals[term] = fold_pairwise(part[term]);
  I::finish(coef, totals, static_cast<double>(end - begin), out);
}

/// A window kept as a structure: I::Cache has run(const InputView* in, int64_t row, int64_t count, double* const* out).
template <class I>
void run_cached_window(void* cache, const InputView* in, int64_t row, int64_t count, double* const* out) {
  static_cast<typename I::Cache*>(cache)->run(in, row, count, out);
}

template <class I>
void run_ticks(const void* coef_bytes, double*, const double* const* columns, int64_t first, const int64_t* ends,
               int64_t bars, double* const* out) {
  typename I::Coef coef;
  std::memcpy(&coef, coef_bytes, sizeof coef);
  InputView views[kTickInputCount<I>];
  for (int f = 0; f < kTickInputCount<I>; ++f) views[f] = {columns[f]};
  for (int64_t bar = 0; bar < bars; ++bar) {
    double value[I::kOut];
    fold_bar<I>(coef, views, first, ends[bar], value);
    for (int j = 0; j < I::kOut; ++j) out[j][bar] = value[j];
    first = ends[bar];
  }
}

/// A state carried over the ticks of all bars: step() takes each tick, finish() makes the bar's values.
template <class I>
TF_HD void run_tick_series(typename I::template Lane<double>& lane, const typename I::template Coef<double>& coef,
                           const InputView* in, int64_t first, const int64_t* ends, int64_t bars, double* const* out,
                           int64_t stride) {
  for (int64_t bar = 0; bar < bars; ++bar) {
    const int64_t end = ends[bar];
    for (int64_t tick = first; tick < end; ++tick) I::step(lane, coef, TimeCursor<double>{in, tick});
    double value[I::kOut];
    I::finish(lane, coef, static_cast<double>(end - first), value);
    for (int j = 0; j < I::kOut; ++j) out[j][bar * stride] = value[j];
    first = end;
  }
}

template <class I>
void run_tick_recurrence(const void* coef_bytes, double* lane_words, const double* const* columns, int64_t first,
                         const int64_t* ends, int64_t bars, double* const* out) {
  typename I::template Coef<double> coef;
  typename I::template Lane<double> lane;
  std::memcpy(&coef, coef_bytes, sizeof coef);
  load_words<double>(lane, lane_words);
  InputView views[kTickInputCount<I>];
  for (int f = 0; f < kTickInputCount<I>; ++f) views[f] = {columns[f]};
  run_tick_series<I>(lane, coef, views, first, ends, bars, out, 1);
  store_words<double>(lane, lane_words);
}

/// One thread walks the whole series.
template <class I>
struct TickSeriesItem {
  InputView in[kTickInputCount<I>];
  typename I::template Coef<double> coef;
  double* lane_words;
  const int64_t* ends;
  int64_t first, bars;
  double* out;

  TF_HD void operator()(int64_t) const {
    typename I::template Lane<double> lane;
    load_words<double>(lane, lane_words);
    double* to[I::kOut];
    for (int j = 0; j < I::kOut; ++j) to[j] = out + j;
    run_tick_series<I>(lane, coef, in, first, ends, bars, to, I::kOut);
    store_words<double>(lane, lane_words);
  }
};

template <class I>
struct TickItem {
  InputView in[kTickInputCount<I>];
  typename I::Coef coef;
  const int64_t* ends;
  int64_t first;
  double* out;

  TF_HD void operator()(int64_t bar) const {
    double value[I::kOut];
    fold_bar<I>(coef, in, bar ? ends[bar - 1] : first, ends[bar], value);
    for (int j = 0; j < I::kOut; ++j) out[bar * I::kOut + j] = value[j];
  }
};

}  // namespace TF_LEVEL
}  // namespace tf::series
