// Pack<T, W>: W lanes of T in one native vector register, and the same words for scalars. An author's step is written
// once over R and runs with R = double, float (GPU thread, scalar loop) or Pack (SIMD lanes), to the same bits. SIMD
// never meets nvcc: under it only the scalar words exist.
#pragma once
#include <cmath>
#include <cstdint>
#include <cstring>

#include "cuda/base/host_device.hpp"

#if !defined(__CUDACC__) && (defined(__AVX512F__) || defined(__AVX2__))
#include <immintrin.h>
#define TF_HAS_PACK 1
#endif

namespace tf {
inline namespace TF_LEVEL {

// ---- scalar words --------------------------------------------------------------------------------------------------
// select on bits, not a branch: g++ turns `m ? a : b` into a jump, which costs 3x on random data (FRAMES.md, section
// 10).
template <class R>
struct MaskOf {
  using type = bool;
};
template <class R>
using Mask = typename MaskOf<R>::type;

TF_HD double fma_(double a, double b, double c) { return ::fma(a, b, c); }
TF_HD float fma_(float a, float b, float c) { return ::fmaf(a, b, c); }
TF_HD double sqrt_(double a) { return ::sqrt(a); }
TF_HD float sqrt_(float a) { return ::sqrtf(a); }
TF_HD double abs_(double a) { return ::fabs(a); }
TF_HD float abs_(float a) { return ::fabsf(a); }
TF_HD double floor_(double a) { return ::floor(a); }
TF_HD float floor_(float a) { return ::floorf(a); }
// max and min as compare + choose: the second operand wins ties and NaN, as the vector instruction does.
TF_HD double max_(double a, double b) { return a > b ? a : b; }
TF_HD float max_(float a, float b) { return a > b ? a : b; }
TF_HD double min_(double a, double b) { return a < b ? a : b; }
TF_HD float min_(float a, float b) { return a < b ? a : b; }
TF_HD double select(bool mask, double a, double b) {
#if defined(__CUDA_ARCH__)
  return mask ? a : b;
#else
  uint64_t x, y;
  std::memcpy(&x, &a, 8);
  std::memcpy(&y, &b, 8);
  const uint64_t keep = uint64_t{0} - static_cast<uint64_t>(mask);
  x = (x & keep) | (y & ~keep);
  std::memcpy(&a, &x, 8);
  return a;
#endif
}
TF_HD float select(bool mask, float a, float b) { return mask ? a : b; }
TF_HD bool any(bool mask) { return mask; }
TF_HD bool all(bool mask) { return mask; }
TF_HD bool and_(bool a, bool b) { return a & b; }
TF_HD bool or_(bool a, bool b) { return a | b; }
TF_HD bool not_(bool a) { return !a; }

/// Place of the lowest set bit; `bits` must not be 0.
TF_HD int trailing_zeros(uint64_t bits) {
#if defined(__CUDA_ARCH__)
  return __ffsll(static_cast<long long>(bits)) - 1;
#else
  return __builtin_ctzll(bits);
#endif
}
/// Floor of the binary logarithm; `value` must not be 0.
TF_HD int floor_log2(uint64_t value) {
#if defined(__CUDA_ARCH__)
  return 63 - __clzll(static_cast<long long>(value));
#else
  return 63 - __builtin_clzll(value);
#endif
}

#if defined(TF_HAS_PACK)
// ---- packs ---------------------------------------------------------------------------------------------------------
#if defined(__AVX512F__)
inline constexpr int kVectorBytes = 64;
#else
inline constexpr int kVectorBytes = 32;
#endif
/// Lanes of one native register: 8 or 4 doubles, 16 or 8 floats. Wider is lowered to scalars, 30 times slower.
template <class T>
inline constexpr int kWidth = kVectorBytes / static_cast<int>(sizeof(T));

template <class T>
struct IntOf {
  using type = int64_t;
};
template <>
struct IntOf<float> {
  using type = int32_t;
};

/// The compiler's vector type, behind a name of its own: written inside Pack, g++ takes it for T when it overloads.
template <class T, int W>
struct VectorOf {
  typedef T type __attribute__((vector_size(sizeof(T) * W), may_alias));
};

/// Lanes that are true have all bits set.
template <class T, int W>
struct PackMask {
  using Vector = typename VectorOf<typename IntOf<T>::type, W>::type;
  Vector v;
};

template <class T, int W = kWidth<T>>
struct Pack {
  using Vector = typename VectorOf<T, W>::type;
  static constexpr int kLanes = W;
  Vector v;

  Pack() = default;
  TF_HD Pack(T all_lanes) : v(all_lanes - Vector{}) {}
  TF_HD explicit Pack(int all_lanes) : Pack(static_cast<T>(all_lanes)) {}
  TF_HD explicit Pack(double all_lanes) requires(sizeof(T) == 4) : Pack(static_cast<T>(all_lanes)) {}
  TF_HD explicit Pack(Vector vector) : v(vector) {}
  TF_HD static Pack load(const T* from) {
    Pack pack;
    std::memcpy(&pack.v, from, sizeof(Vector));
    return pack;
  }
  TF_HD void store(T* to) const { std::memcpy(to, &v, sizeof(Vector)); }
  /// Of doubles in memory, narrowed or widened: a double is what every frame keeps its words in.
  TF_HD static Pack load_doubles(const double* from) requires(sizeof(T) == 4) {
#if defined(__AVX512F__)
    const __m256 low = _mm512_mask_cvtpd_ps(__m256{}, 0xff, _mm512_loadu_pd(from)),
                 high = _mm512_mask_cvtpd_ps(__m256{}, 0xff, _mm512_loadu_pd(from + 8));
#else
    const __m128 low = _mm256_cvtpd_ps(_mm256_loadu_pd(from)), high = _mm256_cvtpd_ps(_mm256_loadu_pd(from + 4));
#endif
    Pack pack;
    std::memcpy(&pack.v, &low, sizeof low);
    std::memcpy(reinterpret_cast<char*>(&pack.v) + sizeof low, &high, sizeof high);
    return pack;
  }
  TF_HD void store_doubles(double* to) const requires(sizeof(T) == 4) {
    constexpr int kHalf = W / 2;
    typename VectorOf<float, kHalf>::type half;
    for (int part = 0; part < 2; ++part) {
      std::memcpy(&half, reinterpret_cast<const char*>(&v) + part * sizeof half, sizeof half);
      const auto wide = __builtin_convertvector(half, typename VectorOf<double, kHalf>::type);
      std::memcpy(to + part * kHalf, &wide, sizeof wide);
    }
  }
  /// to[lane] - from[lane], each difference below 2^51: the whole number sits in the low bits of 1.5 * 2^52 + it.
  TF_HD static Pack whole_difference(const int64_t* to, const int64_t* from) requires(sizeof(T) == 8) {
    typename VectorOf<int64_t, W>::type a, b;
    std::memcpy(&a, to, sizeof a);
    std::memcpy(&b, from, sizeof b);
    return Pack((Vector)(a - b + (int64_t{0x4338} << 48)) - Pack(0x1.8p52).v);
  }
  TF_HD static Pack lane_numbers() {
    Pack pack;
    for (int lane = 0; lane < W; ++lane) pack.v[lane] = static_cast<T>(lane);
    return pack;
  }
  TF_HD T operator[](int lane) const { return v[lane]; }
  TF_HD void set(int lane, T value) { v[lane] = value; }

  friend TF_HD Pack operator+(Pack a, Pack b) { return Pack(a.v + b.v); }
  friend TF_HD Pack operator-(Pack a, Pack b) { return Pack(a.v - b.v); }
  friend TF_HD Pack operator*(Pack a, Pack b) { return Pack(a.v * b.v); }
  friend TF_HD Pack operator/(Pack a, Pack b) { return Pack(a.v / b.v); }
  friend TF_HD Pack operator-(Pack a) { return Pack(-a.v); }
  friend TF_HD PackMask<T, W> operator<(Pack a, Pack b) { return {a.v < b.v}; }
  friend TF_HD PackMask<T, W> operator>(Pack a, Pack b) { return {a.v > b.v}; }
  friend TF_HD PackMask<T, W> operator<=(Pack a, Pack b) { return {a.v <= b.v}; }
  friend TF_HD PackMask<T, W> operator>=(Pack a, Pack b) { return {a.v >= b.v}; }
  friend TF_HD PackMask<T, W> operator==(Pack a, Pack b) { return {a.v == b.v}; }
  friend TF_HD PackMask<T, W> operator!=(Pack a, Pack b) { return {a.v != b.v}; }
};

template <class T, int W>
struct MaskOf<Pack<T, W>> {
  using type = PackMask<T, W>;
};

template <class T, int W>
TF_HD PackMask<T, W> and_(PackMask<T, W> a, PackMask<T, W> b) {
  return {a.v & b.v};
}
template <class T, int W>
TF_HD PackMask<T, W> or_(PackMask<T, W> a, PackMask<T, W> b) {
  return {a.v | b.v};
}
template <class T, int W>
TF_HD PackMask<T, W> not_(PackMask<T, W> a) {
  return {~a.v};
}
// One register's worth of lanes goes through its instruction; any other width lane by lane, to the same bits.
template <class T, int W, int kBytes>
inline constexpr bool kIsRegister = sizeof(T) * W == kBytes;

/// Bit `lane` of the result is that lane's truth.
template <class T, int W>
TF_HD unsigned mask_bits(PackMask<T, W> mask) {
#if defined(__AVX512F__)
  if constexpr (kIsRegister<T, W, 64> && sizeof(T) == 8) return _mm512_cmplt_epi64_mask((__m512i)mask.v, __m512i{});
  if constexpr (kIsRegister<T, W, 64> && sizeof(T) == 4) return _mm512_cmplt_epi32_mask((__m512i)mask.v, __m512i{});
#endif
  if constexpr (kIsRegister<T, W, 32> && sizeof(T) == 8)
    return static_cast<unsigned>(_mm256_movemask_pd((__m256d)mask.v));
  if constexpr (kIsRegister<T, W, 32> && sizeof(T) == 4)
    return static_cast<unsigned>(_mm256_movemask_ps((__m256)mask.v));
  unsigned bits = 0;
  for (int lane = 0; lane < W; ++lane) bits |= (mask.v[lane] != 0 ? 1u : 0u) << lane;
  return bits;
}
template <class T, int W>
TF_HD bool any(PackMask<T, W> mask) {
  return mask_bits(mask) != 0;
}
template <class T, int W>
TF_HD bool all(PackMask<T, W> mask) {
  return mask_bits(mask) == (W == 32 ? ~0u : (1u << W) - 1);
}

template <class T, int W>
TF_HD Pack<T, W> select(PackMask<T, W> mask, Pack<T, W> a, Pack<T, W> b) {
  return Pack<T, W>(mask.v ? a.v : b.v);
}

template <class T, int W, class F>
TF_HD Pack<T, W> each(Pack<T, W> a, F f) {
  for (int lane = 0; lane < W; ++lane) a.v[lane] = f(a.v[lane]);
  return a;
}

// Full masks: the plain 512-bit forms of g++ 12 warn about their own undefined operand, and compile to the same
// instruction.
#if defined(__AVX512F__)
#define TF_PACK_512(double_form, float_form)                                                                          \
  if constexpr (kIsRegister<T, W, 64> && sizeof(T) == 8) return Pack<T, W>((typename Pack<T, W>::Vector)double_form); \
  if constexpr (kIsRegister<T, W, 64> && sizeof(T) == 4) return Pack<T, W>((typename Pack<T, W>::Vector)float_form);
#else
#define TF_PACK_512(double_form, float_form)
#endif
#define TF_PACK_256(double_form, float_form)                                                                          \
  if constexpr (kIsRegister<T, W, 32> && sizeof(T) == 8) return Pack<T, W>((typename Pack<T, W>::Vector)double_form); \
  if constexpr (kIsRegister<T, W, 32> && sizeof(T) == 4) return Pack<T, W>((typename Pack<T, W>::Vector)float_form);

// The instruction takes its second operand on ties and NaN: the scalar words' a > b ? a : b.
template <class T, int W>
TF_HD Pack<T, W> max_(Pack<T, W> a, Pack<T, W> b) {
  TF_PACK_512(_mm512_mask_max_pd((__m512d)a.v, 0xff, (__m512d)a.v, (__m512d)b.v),
              _mm512_mask_max_ps((__m512)a.v, 0xffff, (__m512)a.v, (__m512)b.v))
  TF_PACK_256(_mm256_max_pd((__m256d)a.v, (__m256d)b.v), _mm256_max_ps((__m256)a.v, (__m256)b.v))
  return select(a > b, a, b);
}
template <class T, int W>
TF_HD Pack<T, W> min_(Pack<T, W> a, Pack<T, W> b) {
  TF_PACK_512(_mm512_mask_min_pd((__m512d)a.v, 0xff, (__m512d)a.v, (__m512d)b.v),
              _mm512_mask_min_ps((__m512)a.v, 0xffff, (__m512)a.v, (__m512)b.v))
  TF_PACK_256(_mm256_min_pd((__m256d)a.v, (__m256d)b.v), _mm256_min_ps((__m256)a.v, (__m256)b.v))
  return select(a < b, a, b);
}
template <class T, int W>
TF_HD Pack<T, W> fma_(Pack<T, W> a, Pack<T, W> b, Pack<T, W> c) {
  TF_PACK_512(_mm512_fmadd_pd((__m512d)a.v, (__m512d)b.v, (__m512d)c.v),
              _mm512_fmadd_ps((__m512)a.v, (__m512)b.v, (__m512)c.v))
  TF_PACK_256(_mm256_fmadd_pd((__m256d)a.v, (__m256d)b.v, (__m256d)c.v),
              _mm256_fmadd_ps((__m256)a.v, (__m256)b.v, (__m256)c.v))
  for (int lane = 0; lane < W; ++lane) a.v[lane] = fma_(a.v[lane], b.v[lane], c.v[lane]);
  return a;
}
template <class T, int W>
TF_HD Pack<T, W> sqrt_(Pack<T, W> a) {
  TF_PACK_512(_mm512_mask_sqrt_pd((__m512d)a.v, 0xff, (__m512d)a.v),
              _mm512_mask_sqrt_ps((__m512)a.v, 0xffff, (__m512)a.v))
  TF_PACK_256(_mm256_sqrt_pd((__m256d)a.v), _mm256_sqrt_ps((__m256)a.v))
  return each(a, [](T x) { return sqrt_(x); });
}
template <class T, int W>
TF_HD Pack<T, W> floor_(Pack<T, W> a) {
  TF_PACK_512(_mm512_mask_roundscale_pd((__m512d)a.v, 0xff, (__m512d)a.v, _MM_FROUND_TO_NEG_INF | _MM_FROUND_NO_EXC),
              _mm512_mask_roundscale_ps((__m512)a.v, 0xffff, (__m512)a.v, _MM_FROUND_TO_NEG_INF | _MM_FROUND_NO_EXC))
  TF_PACK_256(_mm256_floor_pd((__m256d)a.v), _mm256_floor_ps((__m256)a.v))
  return each(a, [](T x) { return floor_(x); });
}
#undef TF_PACK_512
#undef TF_PACK_256
/// Clears the sign bit, of NaN too.
template <class T, int W>
TF_HD Pack<T, W> abs_(Pack<T, W> a) {
  using Bits = typename PackMask<T, W>::Vector;
  const Bits sign = (Bits)(-Pack<T, W>(T(0)).v);
  return Pack<T, W>((typename Pack<T, W>::Vector)((Bits)a.v & ~sign));
}
#endif  // TF_HAS_PACK

}  // namespace TF_LEVEL
}  // namespace tf
