// The loops of `packed` for machines with AVX2 (x86-64-v3): those of packed_kernels.hpp, and by hand the ones in which
// values cross lanes, where a compiler's own choice of shuffles costs more than all the rest. The target begins after
// the includes: no function of a header may be compiled for it here, since the linker could hand it to machines
// without.
#include <array>
#include <cstring>
#include <utility>

#include "data/store/packed_block.hpp"

#if defined(__x86_64__)
#include <immintrin.h>

#if defined(__clang__)
#pragma clang attribute push(__attribute__((target("avx2,bmi2,popcnt,lzcnt"))), apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx2,bmi2,popcnt,lzcnt")
#endif

#define TF_PACKED_AVX2
#define TF_PACKED_LEVEL avx2
#include "data/store/packed_kernels.hpp"

namespace tf::data::packed::avx2 {

#define TF_INLINE [[gnu::always_inline]] inline

TF_INLINE __m256i load8(const void* from) { return _mm256_loadu_si256(static_cast<const __m256i*>(from)); }
TF_INLINE void store8(void* to, __m256i from) { _mm256_storeu_si256(static_cast<__m256i*>(to), from); }
TF_INLINE __m256i twice(const uint32_t* four) {
  return _mm256_broadcastsi128_si256(_mm_loadu_si128(reinterpret_cast<const __m128i*>(four)));
}

// ---- rebuild -------------------------------------------------------------------------------------------------------

// A row holds its values as 0 4 1 5 | 2 6 3 7. Two rows A and B are summed together, as `left` = values 0 4 1 5 of A |
// of B and `right` = 2 6 3 7 of both: so no sum crosses halves of a register. Shuffles are what there are too few units
// for: loads and blends do where they can.

TF_INLINE __m256i left_of(const uint32_t* rows) { return _mm256_blend_epi32(load8(rows), twice(rows + 8), 0xF0); }
TF_INLINE __m256i right_of(const uint32_t* rows) { return _mm256_blend_epi32(twice(rows + 4), load8(rows + 8), 0xF0); }
TF_INLINE __m256i first_row(__m256i left, __m256i right) {
  return _mm256_inserti128_si256(left, _mm256_castsi256_si128(right), 1);
}
TF_INLINE __m256i second_row(__m256i left, __m256i right) { return _mm256_permute2x128_si256(left, right, 0x31); }

/// Turns steps into sums within each row at lag 1 or 2.
template <int Lag>
TF_INLINE void sum_rows(__m256i& left, __m256i& right) {
  __m256i firsts;  // what the second four of a row get from the first four
  if constexpr (Lag == 1) {
    left = _mm256_add_epi32(left, _mm256_slli_si256(left, 8));
    right = _mm256_add_epi32(right, _mm256_slli_si256(right, 8));
    right = _mm256_add_epi32(right, _mm256_shuffle_epi32(left, 0xEE));
    constexpr int kNone = static_cast<int>(0x80808080), kSum = 0x0B0A0908;
    firsts = _mm256_shuffle_epi8(right, _mm256_setr_epi32(kNone, kSum, kNone, kSum, kNone, kSum, kNone, kSum));
  } else {
    right = _mm256_add_epi32(right, left);
    firsts = _mm256_slli_epi64(right, 32);
  }
  left = _mm256_add_epi32(left, firsts);
  right = _mm256_add_epi32(right, firsts);
}

/// Lags 1 and 2; with lag 1 eight residuals must not reach 2^32.
template <int Lag, bool kScaled>
void rebuild_short(const uint32_t* residuals, std::size_t groups, const Rebuild& how, uint64_t* to) {
  const __m256i unit = _mm256_set1_epi64x(static_cast<int64_t>(how.unit));
  const __m256i half = _mm256_set1_epi64x(0xFFFFFFFF);
  const __m256i refs = _mm256_set1_epi64x(static_cast<int64_t>(how.ref * (8 / Lag)));
  const uint64_t *past = how.history, ref = how.ref;
  U64x4 first;
  if constexpr (Lag == 1)
    first = past[0] + ref * U64x4{1, 2, 3, 4};
  else
    first = U64x4{past[0], past[1], past[0], past[1]} + ref * U64x4{1, 1, 2, 2};
  __m256i low_from = (__m256i)first, high_from = (__m256i)(first + ref * (4 / Lag));
  alignas(32) uint64_t last[4];  // values 6 and 7 of A and of B, read back as a broadcast
  const auto put_row = [&](__m256i row, const uint64_t* ends) __attribute__((always_inline)) {
    const __m256i above = _mm256_srli_epi64(row, 32);
    const __m256i low = kScaled ? _mm256_mul_epu32(row, unit) : _mm256_and_si256(row, half);
    const __m256i high = kScaled ? _mm256_mul_epu32(above, unit) : above;
    store8(to, _mm256_add_epi64(low_from, low));
    store8(to + 4, _mm256_add_epi64(high_from, high));
    const __m256i end =
        Lag == 1 ? _mm256_set1_epi64x(static_cast<int64_t>(ends[1])) : twice(reinterpret_cast<const uint32_t*>(ends));
    low_from = _mm256_add_epi64(low_from, end);
    high_from = _mm256_add_epi64(high_from, end);
    to += 8;
  };
  for (std::size_t row = 0; row < groups * 32; row += 2, residuals += 16) {
    __m256i left = left_of(residuals), right = right_of(residuals);
    sum_rows<Lag>(left, right);
    const __m256i above = _mm256_srli_epi64(right, 32);
    store8(last, _mm256_add_epi64(kScaled ? _mm256_mul_epu32(above, unit) : above, refs));
    asm volatile("" : "+m"(last));  // else the compiler shuffles after all
    put_row(first_row(left, right), last);
    put_row(second_row(left, right), last + 2);
  }
}

/// From the order of a row to the order of values.
TF_INLINE __m256i in_order(__m256i row) {
  return _mm256_permutevar8x32_epi32(row, _mm256_setr_epi32(0, 2, 4, 6, 1, 3, 5, 7));
}

/// Values of 32 bits, modulo 2^32 from the beginning to the end.
template <int Lag>
void rebuild_narrow(const uint32_t* residuals, std::size_t groups, const Rebuild& how, uint32_t* to) {
  const __m256i unit = _mm256_set1_epi32(static_cast<int>(how.unit));
  const __m256i ref = _mm256_set1_epi32(static_cast<int>(Lag ? how.ref : how.base));
  const auto step = [&](__m256i row) __attribute__((always_inline)) {
    return _mm256_add_epi32(_mm256_mullo_epi32(row, unit), ref);
  };
  int past[16];
  for (int i = 0; i < Lag; ++i) past[i] = static_cast<int>(how.history[i]);
  if constexpr (Lag == 1 || Lag == 2) {
    constexpr int kLast = Lag == 1 ? 0xFF : 0xF5;
    __m256i from = Lag == 1 ? _mm256_set1_epi32(past[0])
                            : _mm256_setr_epi32(past[0], past[0], past[1], past[1], past[0], past[0], past[1], past[1]);
    const auto put_row = [&](__m256i row) __attribute__((always_inline)) {
      store8(to, in_order(_mm256_add_epi32(row, from)));
      from = _mm256_add_epi32(from, _mm256_shuffle_epi32(_mm256_permute2x128_si256(row, row, 0x11), kLast));
      to += 8;
    };
    for (std::size_t row = 0; row < groups * 32; row += 2, residuals += 16) {
      __m256i left = step(left_of(residuals));
      __m256i right = step(right_of(residuals));
      sum_rows<Lag>(left, right);
      put_row(first_row(left, right));
      put_row(second_row(left, right));
    }
  } else {
    __m256i at = _mm256_setzero_si256(), late = at;
    if constexpr (Lag == 4)
      at = _mm256_setr_epi32(past[0], past[0], past[1], past[1], past[2], past[2], past[3], past[3]);
    if constexpr (Lag >= 8)
      at = _mm256_setr_epi32(past[0], past[4], past[1], past[5], past[2], past[6], past[3], past[7]);
    if constexpr (Lag == 16)
      late = _mm256_setr_epi32(past[8], past[12], past[9], past[13], past[10], past[14], past[11], past[15]);
    for (std::size_t row = 0; row < groups * 32; ++row, residuals += 8, to += 8) {
      __m256i now = step(load8(residuals));
      if constexpr (Lag == 4) {
        now = _mm256_add_epi32(_mm256_add_epi32(now, _mm256_slli_epi64(now, 32)), at);
        at = _mm256_shuffle_epi32(now, 0xF5);
      } else if constexpr (Lag == 8) {
        now = at = _mm256_add_epi32(at, now);
      } else if constexpr (Lag == 16) {
        now = _mm256_add_epi32(at, now);
        at = late;
        late = now;
      }
      store8(to, in_order(now));
    }
  }
}

void rebuild_by_hand(const uint32_t* residuals, std::size_t groups, const Rebuild& how, void* values, int width) {
  if (width == 4) {
    using Loop = void (*)(const uint32_t*, std::size_t, const Rebuild&, uint32_t*);
    const Loop loop = how.lag == 0   ? rebuild_narrow<0>
                      : how.lag == 1 ? rebuild_narrow<1>
                      : how.lag == 2 ? rebuild_narrow<2>
                      : how.lag == 4 ? rebuild_narrow<4>
                      : how.lag == 8 ? rebuild_narrow<8>
                                     : rebuild_narrow<16>;
    return loop(residuals, groups, how, static_cast<uint32_t*>(values));
  }
  auto* to = static_cast<uint64_t*>(values);
  if (how.lag == 1 && how.most < uint64_t(1) << 29)
    return how.unit == 1 ? rebuild_short<1, false>(residuals, groups, how, to)
                         : rebuild_short<1, true>(residuals, groups, how, to);
  if (how.lag == 2)
    return how.unit == 1 ? rebuild_short<2, false>(residuals, groups, how, to)
                         : rebuild_short<2, true>(residuals, groups, how, to);
  rebuild(residuals, groups, how, values, width);
}

// ---- runs ----------------------------------------------------------------------------------------------------------

/// Entry b: which of the next values each of eight rows takes, where bit i of b says that row i ends its run. Slot s is
/// for row `rows[s]`.
struct ExpandTable {
  alignas(64) uint8_t value[256][8] = {};
  constexpr explicit ExpandTable(const std::array<int, 8>& rows) {
    for (unsigned bits = 0; bits < 256; ++bits)
      for (unsigned slot = 0; slot < 8; ++slot)
        for (int row = 0; row < rows[slot]; ++row)
          value[bits][slot] = static_cast<uint8_t>(value[bits][slot] + (bits >> row & 1));
  }
  TF_INLINE __m256i operator[](unsigned bits) const {
    return _mm256_cvtepu8_epi32(_mm_loadl_epi64(reinterpret_cast<const __m128i*>(value[bits])));
  }
};
constexpr ExpandTable kInOrder({0, 1, 2, 3, 4, 5, 6, 7});
constexpr ExpandTable kAsRow({0, 4, 1, 5, 2, 6, 3, 7});  ///< so that even and odd slots widen to values 0-3 and 4-7

/// For four rows of 64-bit values: as pairs of 32-bit indices.
struct WideExpandTable {
  alignas(32) int32_t index[16][8] = {};
  constexpr WideExpandTable() {
    for (int bits = 0; bits < 16; ++bits) {
      int element = 0;
      for (int row = 0; row < 4; ++row) {
        index[bits][2 * row] = 2 * element;
        index[bits][2 * row + 1] = 2 * element + 1;
        element += bits >> row & 1;
      }
    }
  }
  TF_INLINE __m256i operator[](unsigned bits) const { return load8(index[bits]); }
};
constexpr WideExpandTable kWide;

void expand_wide(const uint64_t* distinct, const uint8_t* bitmap, std::size_t rows, void* values, int width) {
  if (width == 4) return expand(distinct, bitmap, rows, values, width);
  auto* to = static_cast<uint64_t*>(values);
  for (std::size_t byte = 0; byte < (rows + 7) / 8; ++byte, to += 8) {
    const unsigned bits = bitmap[byte];
    store8(to, _mm256_permutevar8x32_epi32(load8(distinct), kWide[bits & 15]));
    const __m256i second = load8(distinct + __builtin_popcount(bits & 15));
    store8(to + 4, _mm256_permutevar8x32_epi32(second, kWide[bits >> 4]));
    distinct += __builtin_popcount(bits);
  }
}

void expand_by_hand(const uint32_t* distinct, const uint8_t* bitmap, std::size_t rows, uint64_t base, uint64_t unit,
                    void* values, int width) {
  const std::size_t bytes = (rows + 7) / 8;
  if (width == 4) {
    const __m256i bases = _mm256_set1_epi32(static_cast<int>(base)), units = _mm256_set1_epi32(static_cast<int>(unit));
    auto* to = static_cast<uint32_t*>(values);
    for (std::size_t byte = 0; byte < bytes; ++byte, to += 8) {
      const __m256i row = _mm256_permutevar8x32_epi32(load8(distinct), kInOrder[bitmap[byte]]);
      store8(to, _mm256_add_epi32(_mm256_mullo_epi32(row, units), bases));
      distinct += __builtin_popcount(bitmap[byte]);
    }
    return;
  }
  const __m256i bases = _mm256_set1_epi64x(static_cast<int64_t>(base));
  const __m256i units = _mm256_set1_epi64x(static_cast<int64_t>(unit));
  auto* to = static_cast<uint64_t*>(values);
  for (std::size_t byte = 0; byte < bytes; ++byte, to += 8) {
    const __m256i row = _mm256_permutevar8x32_epi32(load8(distinct), kAsRow[bitmap[byte]]);
    store8(to, _mm256_add_epi64(_mm256_mul_epu32(row, units), bases));
    store8(to + 4, _mm256_add_epi64(_mm256_mul_epu32(_mm256_srli_epi64(row, 32), units), bases));
    distinct += __builtin_popcount(bitmap[byte]);
  }
}

constexpr Kernels kByHand = {unpack,      pack,           find_slots, rebuild_by_hand, ends,
                             expand_wide, expand_by_hand, steps,      lengths,         residuals};

#undef TF_INLINE

}  // namespace tf::data::packed::avx2

#if defined(__clang__)
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif

namespace tf::data::packed {
const Kernels& avx2_kernels() { return avx2::kByHand; }
}  // namespace tf::data::packed
#else
namespace tf::data::packed {
const Kernels& avx2_kernels() { return portable_kernels(); }
}  // namespace tf::data::packed
#endif
