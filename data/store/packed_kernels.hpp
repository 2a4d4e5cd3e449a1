// The loops of `packed` on vectors of 8 x 32 and 4 x 64 bits. Compiled twice, by packed_portable.cpp and
// packed_avx2.cpp, which define TF_PACKED_LEVEL (a namespace of its own for each, else the linker would merge them) and
// may define TF_PACKED_AVX2. No include guard and no includes: both come from those files.

namespace tf::data::packed::TF_PACKED_LEVEL {

using U32x8 = uint32_t __attribute__((vector_size(32)));
using U64x4 = uint64_t __attribute__((vector_size(32)));

#define TF_INLINE [[gnu::always_inline]] inline

TF_INLINE void load(U32x8& to, const void* from) { std::memcpy(&to, from, 32); }
TF_INLINE void store(void* to, const U32x8& from) { std::memcpy(to, &from, 32); }
TF_INLINE void store(void* to, const U64x4& from) { std::memcpy(to, &from, 32); }

// ---- packing -------------------------------------------------------------------------------------------------------

/// Row `Row` of a group: its bits start in word Row * Bits / 32 and may go on in the next.
template <int Bits, int Row>
TF_INLINE void unpack_row(const uint8_t* from, const U32x8& bias, uint32_t* to) {
  constexpr int kWord = Row * Bits / 32, kShift = Row * Bits % 32;
  U32x8 row;
  load(row, from + 32 * kWord);
  row >>= kShift;
  if constexpr (kShift + Bits > 32) {
    U32x8 next;
    load(next, from + 32 * (kWord + 1));
    row |= next << (32 - kShift);
  }
  if constexpr (Bits < 32 && kShift + Bits != 32) row &= (1u << Bits) - 1;
  store(to + 8 * Row, row + bias);
}

template <int Bits, int... Rows>
TF_INLINE void unpack_rows(const uint8_t* from, const U32x8& bias, uint32_t* to, std::integer_sequence<int, Rows...>) {
  (unpack_row<Bits, Rows>(from, bias, to), ...);
}

template <int Bits>
void unpack_bits(const uint8_t* __restrict from, std::size_t groups, uint32_t bias, uint32_t* __restrict to) {
  const U32x8 biases = U32x8{} + bias;
  if constexpr (Bits == 0) {
    for (std::size_t at = 0; at < groups * kGroup; at += 8) store(to + at, biases);
  } else {
    for (std::size_t group = 0; group < groups; ++group, from += 32 * Bits, to += kGroup)
      unpack_rows<Bits>(from, biases, to, std::make_integer_sequence<int, 32>());
  }
}

template <int Bits, int Row>
TF_INLINE void pack_row(const uint32_t* from, uint8_t* to, U32x8& word) {
  constexpr int kWord = Row * Bits / 32, kShift = Row * Bits % 32;
  U32x8 row;
  load(row, from + 8 * Row);
  if constexpr (kShift == 0)
    word = row;
  else
    word |= row << kShift;
  if constexpr (kShift + Bits >= 32) store(to + 32 * kWord, word);
  if constexpr (kShift + Bits > 32) word = row >> (32 - kShift);
}

template <int Bits, int... Rows>
TF_INLINE void pack_rows(const uint32_t* from, uint8_t* to, std::integer_sequence<int, Rows...>) {
  U32x8 word{};
  (pack_row<Bits, Rows>(from, to, word), ...);
}

template <int Bits>
void pack_bits(const uint32_t* __restrict from, std::size_t groups, uint8_t* __restrict to) {
  if constexpr (Bits > 0)
    for (std::size_t group = 0; group < groups; ++group, from += kGroup, to += 32 * Bits)
      pack_rows<Bits>(from, to, std::make_integer_sequence<int, 32>());
}

template <int... Bits>
void unpack_any(const uint8_t* from, int bits, std::size_t groups, uint32_t bias, uint32_t* to,
                std::integer_sequence<int, Bits...>) {
  static constexpr void (*kTable[])(const uint8_t*, std::size_t, uint32_t, uint32_t*) = {unpack_bits<Bits>...};
  kTable[bits](from, groups, bias, to);
}
template <int... Bits>
void pack_any(const uint32_t* from, int bits, std::size_t groups, uint8_t* to, std::integer_sequence<int, Bits...>) {
  static constexpr void (*kTable[])(const uint32_t*, std::size_t, uint8_t*) = {pack_bits<Bits>...};
  kTable[bits](from, groups, to);
}

void unpack(const uint8_t* from, int bits, std::size_t groups, uint32_t bias, uint32_t* residuals) {
  unpack_any(from, bits, groups, bias, residuals, std::make_integer_sequence<int, 33>());
}
void pack(const uint32_t* residuals, int bits, std::size_t groups, uint8_t* to) {
  pack_any(residuals, bits, groups, to, std::make_integer_sequence<int, 33>());
}

// ---- exceptions ----------------------------------------------------------------------------------------------------

using U8x16 = uint8_t __attribute__((vector_size(16)));
using I16x16 = int16_t __attribute__((vector_size(32)));

int find_slots(const uint8_t* places, const std::array<uint8_t, kGroups>& counts, uint16_t* slots) {
  const auto second = static_cast<int16_t>(counts[0]), third = static_cast<int16_t>(second + counts[1]),
             fourth = static_cast<int16_t>(third + counts[2]), all = static_cast<int16_t>(fourth + counts[3]);
  I16x16 index = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15}, greatest = I16x16{} - 1;
  for (int16_t at = 0; at < all; at = static_cast<int16_t>(at + 16), index += 16) {
    U8x16 bytes;
    std::memcpy(&bytes, places + at, 16);
    I16x16 value = __builtin_convertvector(bytes, I16x16);
    value -= ((index >= second) + (index >= third) + (index >= fourth)) * 256;  // true is -1
    const I16x16 slot = (value & ~7) | (value & 3) << 1 | (value >> 2 & 1);
    std::memcpy(slots + at, &slot, 32);
    const I16x16 counted = value | ~(index < all);
    greatest = counted > greatest ? counted : greatest;
  }
  int last = -1;
  for (int lane = 0; lane < 16; ++lane) last = greatest[lane] > last ? greatest[lane] : last;
  return last;
}

// ---- from residuals to values --------------------------------------------------------------------------------------

/// Product of the low halves of each lane.
TF_INLINE U64x4 low_product(const U64x4& a, const U64x4& b) {
#ifdef TF_PACKED_AVX2
  return (U64x4)_mm256_mul_epu32((__m256i)a, (__m256i)b);
#else
  return (a & 0xFFFFFFFFu) * b;
#endif
}

template <bool kScaled>
TF_INLINE U64x4 low_half(const U64x4& row, const U64x4& unit) {
  if constexpr (kScaled) return low_product(row, unit);
  return row & 0xFFFFFFFFu;
}
template <bool kScaled>
TF_INLINE U64x4 high_half(const U64x4& row, const U64x4& unit) {
  if constexpr (kScaled) return low_product(row >> 32, unit);
  return row >> 32;
}

/// Stores eight values as the width demands.
template <class Value>
TF_INLINE void put(Value* to, const U64x4& low, const U64x4& high) {
  if constexpr (sizeof(Value) == 8) {
    store(to, low);
    store(to + 4, high);
  } else {
    store(to, __builtin_shufflevector((U32x8)low, (U32x8)high, 0, 2, 4, 6, 8, 10, 12, 14));
  }
}

/// The steps of eight values are summed within the vector where the lag is shorter than it, and `at` carries the last
/// values over to the next vector; so the chain from vector to vector is one addition.
template <int Lag, bool kScaled, class Value>
void rebuild_lag(const uint32_t* __restrict residuals, std::size_t groups, const Rebuild& how, Value* __restrict to) {
  const U64x4 unit = U64x4{} + how.unit;
  const uint64_t ref = how.ref;
  const uint64_t* past = how.history;
  constexpr bool kPairs = Lag == 16;
  U64x4 at{}, high_at{}, late{}, high_late{};
  if constexpr (Lag == 0) at += how.base;
  if constexpr (Lag == 1) at = past[0] + ref * U64x4{1, 2, 3, 4};
  if constexpr (Lag == 2) at = U64x4{past[0], past[1], past[0], past[1]} + ref * U64x4{1, 1, 2, 2};
  if constexpr (Lag == 4) at = U64x4{past[0], past[1], past[2], past[3]} + ref;
  if constexpr (Lag >= 8) {
    std::memcpy(&at, past, 32);
    std::memcpy(&high_at, past + 4, 32);
  }
  if constexpr (kPairs) {
    std::memcpy(&late, past + 8, 32);
    std::memcpy(&high_late, past + 12, 32);
  }
  for (std::size_t row = 0; row < groups * 32; ++row, residuals += 8, to += 8) {
    U64x4 steps;
    std::memcpy(&steps, residuals, 32);
    if constexpr (Lag == 0) {
      put(to, at + low_half<kScaled>(steps, unit), at + high_half<kScaled>(steps, unit));
    } else if constexpr (Lag == 1 || Lag == 2) {
      const U64x4 none{};
      if constexpr (Lag == 1) steps += __builtin_shufflevector(none, steps, 0, 4, 2, 6);
      steps += Lag == 1 ? __builtin_shufflevector(none, steps, 0, 0, 5, 5)
                        : __builtin_shufflevector(none, steps, 0, 0, 4, 5);
      const U64x4 low = low_half<kScaled>(steps, unit), high = high_half<kScaled>(steps, unit);
      const U64x4 low_end =
          Lag == 1 ? __builtin_shufflevector(low, low, 3, 3, 3, 3) : __builtin_shufflevector(low, low, 2, 3, 2, 3);
      const U64x4 high_end =
          Lag == 1 ? __builtin_shufflevector(high, high, 3, 3, 3, 3) : __builtin_shufflevector(high, high, 2, 3, 2, 3);
      const U64x4 middle = at + (low_end + ref * (4 / Lag));
      put(to, at + low, middle + high);
      at += low_end + high_end + ref * (8 / Lag);
    } else if constexpr (Lag == 4) {
      const U64x4 low = at + low_half<kScaled>(steps, unit);
      const U64x4 high = low + ref + high_half<kScaled>(steps, unit);
      put(to, low, high);
      at = high + ref;
    } else if constexpr (Lag == 8) {
      at += low_half<kScaled>(steps, unit) + ref;
      high_at += high_half<kScaled>(steps, unit) + ref;
      put(to, at, high_at);
    } else {
      const U64x4 low = at + (low_half<kScaled>(steps, unit) + ref);
      const U64x4 high = high_at + (high_half<kScaled>(steps, unit) + ref);
      put(to, low, high);
      at = late;
      high_at = high_late;
      late = low;
      high_late = high;
    }
  }
}

template <bool kScaled, class Value>
void rebuild_values(const uint32_t* residuals, std::size_t groups, const Rebuild& how, Value* to) {
  switch (how.lag) {
    case 0:
      return rebuild_lag<0, kScaled>(residuals, groups, how, to);
    case 1:
      return rebuild_lag<1, kScaled>(residuals, groups, how, to);
    case 2:
      return rebuild_lag<2, kScaled>(residuals, groups, how, to);
    case 4:
      return rebuild_lag<4, kScaled>(residuals, groups, how, to);
    case 8:
      return rebuild_lag<8, kScaled>(residuals, groups, how, to);
    default:
      return rebuild_lag<16, kScaled>(residuals, groups, how, to);
  }
}

void rebuild(const uint32_t* residuals, std::size_t groups, const Rebuild& how, void* values, int width) {
  if (width == 8)
    how.unit == 1 ? rebuild_values<false>(residuals, groups, how, static_cast<uint64_t*>(values))
                  : rebuild_values<true>(residuals, groups, how, static_cast<uint64_t*>(values));
  else
    how.unit == 1 ? rebuild_values<false>(residuals, groups, how, static_cast<uint32_t*>(values))
                  : rebuild_values<true>(residuals, groups, how, static_cast<uint32_t*>(values));
}

// ---- runs ----------------------------------------------------------------------------------------------------------

std::size_t ends(const uint8_t* bitmap) {
  std::size_t count = 0;
  for (std::size_t byte = 0; byte < kPackedBlock / 8; byte += 8) {
    uint64_t word;
    std::memcpy(&word, bitmap + byte, 8);
    count += static_cast<std::size_t>(__builtin_popcountll(word));
  }
  return count;
}

template <class Distinct, class Value>
void expand_values(const Distinct* distinct, const uint8_t* bitmap, std::size_t rows, uint64_t base, uint64_t unit,
                   Value* to) {
  for (std::size_t byte = 0; byte < (rows + 7) / 8; ++byte, to += 8)
    for (int row = 0; row < 8; ++row) {
      to[row] = static_cast<Value>(base + unit * *distinct);
      distinct += bitmap[byte] >> row & 1;
    }
}

void expand(const uint64_t* distinct, const uint8_t* bitmap, std::size_t rows, void* values, int width) {
  width == 8 ? expand_values(distinct, bitmap, rows, 0, 1, static_cast<uint64_t*>(values))
             : expand_values(distinct, bitmap, rows, 0, 1, static_cast<uint32_t*>(values));
}

void expand_scaled(const uint32_t* distinct, const uint8_t* bitmap, std::size_t rows, uint64_t base, uint64_t unit,
                   void* values, int width) {
  width == 8 ? expand_values(distinct, bitmap, rows, base, unit, static_cast<uint64_t*>(values))
             : expand_values(distinct, bitmap, rows, base, unit, static_cast<uint32_t*>(values));
}

// ---- for the encoder -----------------------------------------------------------------------------------------------

using I64x4 = int64_t __attribute__((vector_size(32)));

void steps(const int64_t* values, std::size_t size, std::size_t lag, int64_t* steps, int64_t& least,
           int64_t& greatest) {
  I64x4 low = I64x4{} + INT64_MAX, high = I64x4{} + INT64_MIN;
  std::size_t i = lag;
  for (; i + 4 <= size; i += 4) {
    U64x4 now, before{};
    std::memcpy(&now, values + i, 32);
    if (lag) std::memcpy(&before, values + i - lag, 32);
    const I64x4 step = (I64x4)(now - before);
    std::memcpy(steps + i, &step, 32);
    low = step < low ? step : low;
    high = step > high ? step : high;
  }
  least = INT64_MAX;
  greatest = INT64_MIN;
  for (int lane = 0; lane < 4; ++lane) {
    least = low[lane] < least ? low[lane] : least;
    greatest = high[lane] > greatest ? high[lane] : greatest;
  }
  for (; i < size; ++i) {
    const auto before = lag ? static_cast<uint64_t>(values[i - lag]) : 0;
    const auto step = static_cast<int64_t>(static_cast<uint64_t>(values[i]) - before);
    steps[i] = step;
    least = step < least ? step : least;
    greatest = step > greatest ? step : greatest;
  }
}

template <bool kAround>
void count_lengths(const int64_t* steps, std::size_t size, int64_t from, uint32_t (&counts)[65]) {
  uint32_t sets[4][65] = {};  // equal lengths follow each other, and a counter is ready again only cycles later
  const auto add = [&](std::size_t i, uint32_t(&set)[65]) {
    uint64_t off = static_cast<uint64_t>(steps[i]) - static_cast<uint64_t>(from);
    if constexpr (kAround) off ^= static_cast<uint64_t>(static_cast<int64_t>(off) >> 63);
#ifdef TF_PACKED_AVX2
    ++set[64 - _lzcnt_u64(off)];
#else
    ++set[off ? 64 - __builtin_clzll(off) : 0];
#endif
  };
  std::size_t i = 0;
  for (; i + 4 <= size; i += 4) {
    add(i, sets[0]);
    add(i + 1, sets[1]);
    add(i + 2, sets[2]);
    add(i + 3, sets[3]);
  }
  for (; i < size; ++i) add(i, sets[0]);
  for (int bits = 0; bits < 65; ++bits) counts[bits] += sets[0][bits] + sets[1][bits] + sets[2][bits] + sets[3][bits];
}

void lengths(const int64_t* steps, std::size_t size, int64_t from, bool around, uint32_t (&counts)[65]) {
  around ? count_lengths<true>(steps, size, from, counts) : count_lengths<false>(steps, size, from, counts);
}

void residuals(const int64_t* steps, std::size_t rows, int64_t low, int bits, uint32_t* residuals, uint32_t* more,
               uint8_t* beyond) {
  const U64x4 mask = U64x4{} + (bits < 64 ? (uint64_t(1) << bits) - 1 : ~uint64_t(0));
  const U64x4 from = U64x4{} + static_cast<uint64_t>(low);
  for (std::size_t row = 0; row < rows; ++row, steps += 8, residuals += 8) {
    U64x4 first, second;
    std::memcpy(&first, steps, 32);
    std::memcpy(&second, steps + 4, 32);
    first -= from;
    second -= from;
    const U64x4 rest = (first | second) & ~mask;
    beyond[row] = (rest[0] | rest[1] | rest[2] | rest[3]) != 0;
    first &= mask;
    second &= mask;
    store(residuals, (first & 0xFFFFFFFFu) | second << 32);
    if (bits > 32) {
      store(more, first >> 32 | (second >> 32 << 32));
      more += 8;
    }
  }
}

constexpr Kernels kKernels = {unpack, pack,          find_slots, rebuild, ends,
                              expand, expand_scaled, steps,      lengths, residuals};

#undef TF_INLINE

}  // namespace tf::data::packed::TF_PACKED_LEVEL
