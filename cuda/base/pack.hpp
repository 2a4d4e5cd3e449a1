// Pack<T, W>: W lanes of T in one native vector register, and the same words for scalars. An author's step is written once
// over R and runs with R = double, float (GPU thread, scalar loop) or Pack (SIMD lanes), to the same bits.
// SIMD never meets nvcc: under it only the scalar words exist.
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
// select on bits, not a branch: g++ turns `m ? a : b` into a jump, which costs 3x on random data (FRAMES.md, section 10).
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

/// Lanes that are true have all bits set.
template <class T, int W>
struct PackMask {
  typedef typename IntOf<T>::type Vector __attribute__((vector_size(sizeof(T) * W), may_alias));
  Vector v;
};

template <class T, int W = kWidth<T>>
struct Pack {
  typedef T Vector __attribute__((vector_size(sizeof(T) * W), may_alias));
  static constexpr int kLanes = W;
  Vector v;

  Pack() = default;
  TF_HD Pack(T all_lanes) : v(all_lanes - Vector{}) {}
  TF_HD explicit Pack(int all_lanes) : Pack(static_cast<T>(all_lanes)) {}
  TF_HD explicit Pack(Vector vector) : v(vector) {}
  TF_HD static Pack load(const T* from) {
    Pack pack;
    std::memcpy(&pack.v, from, sizeof(Vector));
    return pack;
  }
  TF_HD void store(T* to) const { std::memcpy(to, &v, sizeof(Vector)); }
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
TF_HD PackMask<T, W> and_(PackMask<T, W> a, PackMask<T, W> b) { return {a.v & b.v}; }
template <class T, int W>
TF_HD PackMask<T, W> or_(PackMask<T, W> a, PackMask<T, W> b) { return {a.v | b.v}; }
template <class T, int W>
TF_HD PackMask<T, W> not_(PackMask<T, W> a) { return {~a.v}; }
template <class T, int W>
TF_HD bool any(PackMask<T, W> mask) {
  typename IntOf<T>::type bits = 0;
  for (int lane = 0; lane < W; ++lane) bits |= mask.v[lane];
  return bits != 0;
}
template <class T, int W>
TF_HD bool all(PackMask<T, W> mask) { return !any(not_(mask)); }

template <class T, int W>
TF_HD Pack<T, W> select(PackMask<T, W> mask, Pack<T, W> a, Pack<T, W> b) { return Pack<T, W>(mask.v ? a.v : b.v); }
template <class T, int W>
TF_HD Pack<T, W> max_(Pack<T, W> a, Pack<T, W> b) { return Pack<T, W>(a.v > b.v ? a.v : b.v); }
template <class T, int W>
TF_HD Pack<T, W> min_(Pack<T, W> a, Pack<T, W> b) { return Pack<T, W>(a.v < b.v ? a.v : b.v); }

// fma, sqrt, abs, floor: one instruction where there is one, else lane by lane (same bits either way).
template <class T, int W, class F>
TF_HD Pack<T, W> each(Pack<T, W> a, F f) {
  for (int lane = 0; lane < W; ++lane) a.v[lane] = f(a.v[lane]);
  return a;
}
template <class T, int W>
TF_HD Pack<T, W> fma_(Pack<T, W> a, Pack<T, W> b, Pack<T, W> c) {
#if defined(__AVX512F__)
  if constexpr (sizeof(a.v) == 64 && sizeof(T) == 8)
    return Pack<T, W>((typename Pack<T, W>::Vector)_mm512_fmadd_pd((__m512d)a.v, (__m512d)b.v, (__m512d)c.v));
  if constexpr (sizeof(a.v) == 64 && sizeof(T) == 4)
    return Pack<T, W>((typename Pack<T, W>::Vector)_mm512_fmadd_ps((__m512)a.v, (__m512)b.v, (__m512)c.v));
#endif
  if constexpr (sizeof(a.v) == 32 && sizeof(T) == 8)
    return Pack<T, W>((typename Pack<T, W>::Vector)_mm256_fmadd_pd((__m256d)a.v, (__m256d)b.v, (__m256d)c.v));
  if constexpr (sizeof(a.v) == 32 && sizeof(T) == 4)
    return Pack<T, W>((typename Pack<T, W>::Vector)_mm256_fmadd_ps((__m256)a.v, (__m256)b.v, (__m256)c.v));
  for (int lane = 0; lane < W; ++lane) a.v[lane] = fma_(a.v[lane], b.v[lane], c.v[lane]);
  return a;
}
template <class T, int W>
TF_HD Pack<T, W> sqrt_(Pack<T, W> a) {
#if defined(__AVX512F__)
  if constexpr (sizeof(a.v) == 64 && sizeof(T) == 8)
    return Pack<T, W>((typename Pack<T, W>::Vector)_mm512_sqrt_pd((__m512d)a.v));
#endif
  if constexpr (sizeof(a.v) == 32 && sizeof(T) == 8)
    return Pack<T, W>((typename Pack<T, W>::Vector)_mm256_sqrt_pd((__m256d)a.v));
  return each(a, [](T x) { return sqrt_(x); });
}
template <class T, int W>
TF_HD Pack<T, W> abs_(Pack<T, W> a) { return each(a, [](T x) { return abs_(x); }); }
template <class T, int W>
TF_HD Pack<T, W> floor_(Pack<T, W> a) { return each(a, [](T x) { return floor_(x); }); }
#endif  // TF_HAS_PACK

}  // namespace TF_LEVEL
}  // namespace tf
