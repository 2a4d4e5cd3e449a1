// One series, one parameter set, in lanes: a recurrence over eight stretches of a series at once. Every stretch but the
// first starts from a guess and warms up on the rows before its own; then each seam is compared bit by bit with the
// state that the stretch before ended in, and where they differ the rows are done again, one by one, until a
// checkpoint agrees. The results are those of one row after another, always; too short a warm-up costs time only.
#pragma once
#include "cuda/series/frame_bodies.hpp"

#if defined(TF_HAS_PACK)
namespace tf::series {
inline namespace TF_LEVEL {

inline constexpr int kSegmentPacks = kSegments / kLanes, kSegmentTile = 8;

/// Rows and lanes change places.
inline void transpose(Lanes (&rows)[kLanes]) {
  const auto swap = [&rows](int a, int b, auto low, auto high) {
    const Lanes::Vector first = rows[a].v, second = rows[b].v;
    rows[a] = Lanes(low(first, second));
    rows[b] = Lanes(high(first, second));
  };
#if defined(__AVX512F__)
  each_of<4>([&](auto pair) TF_INLINE {
    swap(
        2 * pair, 2 * pair + 1, [](auto a, auto b) { return __builtin_shufflevector(a, b, 0, 8, 2, 10, 4, 12, 6, 14); },
        [](auto a, auto b) { return __builtin_shufflevector(a, b, 1, 9, 3, 11, 5, 13, 7, 15); });
  });
  each_of<4>([&](auto pair) TF_INLINE {
    constexpr int row = pair / 2 * 4 + pair % 2;
    swap(
        row, row + 2, [](auto a, auto b) { return __builtin_shufflevector(a, b, 0, 1, 8, 9, 4, 5, 12, 13); },
        [](auto a, auto b) { return __builtin_shufflevector(a, b, 2, 3, 10, 11, 6, 7, 14, 15); });
  });
  each_of<4>([&](auto row) TF_INLINE {
    swap(
        row, row + 4, [](auto a, auto b) { return __builtin_shufflevector(a, b, 0, 1, 2, 3, 8, 9, 10, 11); },
        [](auto a, auto b) { return __builtin_shufflevector(a, b, 4, 5, 6, 7, 12, 13, 14, 15); });
  });
#else
  each_of<2>([&](auto pair) TF_INLINE {
    swap(
        2 * pair, 2 * pair + 1, [](auto a, auto b) { return __builtin_shufflevector(a, b, 0, 4, 2, 6); },
        [](auto a, auto b) { return __builtin_shufflevector(a, b, 1, 5, 3, 7); });
  });
  each_of<2>([&](auto row) TF_INLINE {
    swap(
        row, row + 2, [](auto a, auto b) { return __builtin_shufflevector(a, b, 0, 1, 4, 5); },
        [](auto a, auto b) { return __builtin_shufflevector(a, b, 2, 3, 6, 7); });
  });
#endif
}

inline void store_past_cache(Lanes value, double* to) {
#if defined(__AVX512F__)
  _mm512_stream_pd(to, (__m512d)value.v);
#else
  _mm256_stream_pd(to, (__m256d)value.v);
#endif
}

/// Rows of a tile, one stretch a lane. No ramp runs here.
template <int kAgo>
struct SegmentCursor {
  const Lanes (*rows)[kAgo + kSegmentTile];
  int at;

  TF_HD Lanes now(int f) const { return rows[f][kAgo + at]; }
  TF_HD Lanes ago(int f, int64_t k) const { return rows[f][kAgo + at - k]; }
  TF_HD Lanes ramp(Lanes weight, Lanes, Lanes = Lanes(0.0)) const { return weight; }
};

/// The rows of one pack of stretches, a tile at a time.
template <class I, int kKept>
struct SegmentPack {
  static constexpr int kAgo = I::kAgo;
  typename I::template Lane<Lanes> lane;
  Lanes rows[kInputCount<I>][kAgo + 1];  ///< the last kAgo ones

  /// What lies before row `at` of each stretch.
  void begin(const double* const* values, int64_t at, int64_t length) {
    for (int f = 0; f < kInputCount<I>; ++f)
      for (int k = 0; k < kAgo; ++k)
        for (int segment = 0; segment < kLanes; ++segment)
          rows[f][k].set(segment, values[f][segment * length + at - kAgo + k]);
  }

  /// values and out: of the pack's first stretch.
  template <bool kStores>
  void tile(const typename I::template Coef<Lanes>& coef, const double* const* values, int64_t at, int64_t length,
            double* const* out, bool past_cache) {
    Lanes now[kInputCount<I>][kAgo + kSegmentTile], results[I::kOut][kSegmentTile];
    each_of<kInputCount<I>>([&](auto f) TF_INLINE {
      each_of<kAgo>([&](auto k) TF_INLINE { now[f][k] = rows[f][k]; });
      each_of<kSegmentTile / kLanes>([&](auto part) TF_INLINE {
        Lanes square[kLanes];
        each_of<kLanes>([&](auto segment) TF_INLINE {
          square[segment] = Lanes::load(values[f] + segment * length + at + part * kLanes);
        });
        transpose(square);
        each_of<kLanes>([&](auto row) TF_INLINE { now[f][kAgo + part * kLanes + row] = square[row]; });
      });
      each_of<kAgo>([&](auto k) TF_INLINE { rows[f][k] = now[f][kSegmentTile + k]; });
    });
    each_of<kSegmentTile>([&](auto row) TF_INLINE {
      Lanes value[I::kOut];
      I::step(lane, coef, SegmentCursor<kAgo>{now, row}, value);
      each_of<I::kOut>([&](auto j) TF_INLINE { results[j][row] = value[j]; });
    });
    if constexpr (kStores)
      each_of < kKept<0 ? I::kOut : 1>([&](auto kept) TF_INLINE {
        constexpr int j = kKept < 0 ? kept : kKept;
        each_of<kSegmentTile / kLanes>([&](auto part) TF_INLINE {
          Lanes square[kLanes];
          each_of<kLanes>([&](auto row) TF_INLINE { square[row] = results[j][part * kLanes + row]; });
          transpose(square);
          each_of<kLanes>([&](auto segment) TF_INLINE { results[j][part * kLanes + segment] = square[segment]; });
        });
        // A cache line at a time.
        each_of<kSegmentTile>([&](auto slot) TF_INLINE {
          constexpr int kParts = kSegmentTile / kLanes, segment = slot / kParts, part = slot % kParts;
          double* to = out[j] + segment * length + at + part * kLanes;
          if (past_cache)
            store_past_cache(results[j][part * kLanes + segment], to);
          else
            results[j][part * kLanes + segment].store(to);
        });
      });
  }
};

/// One lane's words out of a pack's.
template <class Words>
void pick_lane(const Words& words, int lane, double* to) {
  constexpr int kCount = static_cast<int>(sizeof(Words) / sizeof(Lanes));
  for (int word = 0; word < kCount; ++word) to[word] = reinterpret_cast<const Lanes*>(&words)[word][lane];
}

/// kSegments * length rows from a state on, all past the ramps, with warm_up + kAgo rows before them; length and
/// warm_up are multiples of kCheckpointRows. out[j] of the output kKept alone, or of all (-1), perhaps around the
/// caches (aligned to a cache line then). `scratch` holds (length / kCheckpointRows + 1) * kSegments states. Leaves the
/// state after the last row and returns how many rows were done anew.
template <class I, int kKept>
int64_t run_segments(double* state, const double* coefs, const double* const* values, int64_t length, int64_t warm_up,
                     double* const* out, bool past_cache, double* scratch) {
  typename I::template Coef<Lanes> coef;
  for (int word = 0; word < kCoefWords<I>; ++word) reinterpret_cast<Lanes*>(&coef)[word] = Lanes(coefs[word]);
  SegmentPack<I, kKept> packs[kSegmentPacks];
  const double* from[kSegmentPacks][kInputCount<I>];
  double* to[kSegmentPacks][I::kOut];
  for (int pack = 0; pack < kSegmentPacks; ++pack) {
    for (int f = 0; f < kInputCount<I>; ++f) from[pack][f] = values[f] + pack * kLanes * length;
    for (int j = 0; j < I::kOut; ++j) to[pack][j] = out[j] ? out[j] + pack * kLanes * length : nullptr;
    for (int word = 0; word < kLaneWords<I>; ++word)
      reinterpret_cast<Lanes*>(&packs[pack].lane)[word] = Lanes(state[word]);
    packs[pack].begin(from[pack], -warm_up, length);
  }
  for (int64_t at = -warm_up; at < 0; at += kSegmentTile)
    each_of<kSegmentPacks>(
        [&](auto pack) TF_INLINE { packs[pack].template tile<false>(coef, from[pack], at, length, to[pack], false); });
  for (int word = 0; word < kLaneWords<I>; ++word) reinterpret_cast<Lanes*>(&packs[0].lane)[word].set(0, state[word]);

  constexpr int64_t kStates = int64_t{kLaneWords<I>} * kSegments;
  const auto save = [&packs, scratch](int64_t checkpoint) {
    for (int pack = 0; pack < kSegmentPacks; ++pack)
      store_words<Lanes>(packs[pack].lane, scratch + checkpoint * kStates + pack * kLaneWords<I> * kLanes);
  };
  save(0);
  for (int64_t begin = 0; begin < length; begin += kCheckpointRows) {
    for (int64_t at = begin; at < begin + kCheckpointRows; at += kSegmentTile)
      each_of<kSegmentPacks>([&](auto pack) TF_INLINE {
        packs[pack].template tile<true>(coef, from[pack], at, length, to[pack], past_cache);
      });
    save(begin / kCheckpointRows + 1);
  }

  int64_t redone = 0;
  const auto saved = [scratch](int64_t checkpoint, int segment, double* words) {
    const double* at = scratch + checkpoint * kStates + segment / kLanes * kLaneWords<I> * kLanes + segment % kLanes;
    for (int word = 0; word < kLaneWords<I>; ++word) words[word] = at[word * kLanes];
  };
  double guess[kLaneWords<I>];
  saved(length / kCheckpointRows, 0, state);
  for (int segment = 1; segment < kSegments; ++segment) {
    saved(0, segment, guess);
    int64_t begin = 0;
    for (; begin < length && std::memcmp(state, guess, sizeof guess) != 0; begin += kCheckpointRows) {
      InputView in[kInputCount<I>];
      double *kept[I::kOut], unkept[kCheckpointRows];
      for (int f = 0; f < kInputCount<I>; ++f) in[f].values = values[f] + segment * length + begin;
      for (int j = 0; j < I::kOut; ++j) kept[j] = kKept < 0 || j == kKept ? out[j] + segment * length + begin : unkept;
      run_recurrence<I, double>(state, coefs, in, 0, kCheckpointRows, 0, kept, 1);
      saved(begin / kCheckpointRows + 1, segment, guess);
    }
    redone += begin;
    if (begin < length) saved(length / kCheckpointRows, segment, state);
  }
  return redone;
}
}  // namespace TF_LEVEL
}  // namespace tf::series
#endif  // TF_HAS_PACK
