// ln(now / before) by + - * / fma and bit moves alone: the same bits from every compiler and device, which no libm
// promises.
#pragma once
#include <cstdint>
#include <cstring>

#include "cuda/base/host_device.hpp"
#include "cuda/base/pack.hpp"

namespace tf::series {
inline namespace TF_LEVEL {

/// ln(1 + f) for f in [sqrt(1/2) - 1, sqrt(2) - 1]. With s = f / (2 + f), z = s^2 and R = 2 (z/3 + z^2/5 + ...):
/// ln(1 + f) = 2 atanh(s) = 2 s + s R, and 2 s = f - f^2/2 + s f^2/2 keeps f itself unrounded.
/// z <= 0.0295, so the first term left out, 2 z^11 / 23, is below 2^-59.
TF_HD double log1p_near_zero(double f) {
  const double s = f / (2.0 + f), z = s * s, half_square = 0.5 * f * f;
  double series = 1.0 / 21;
  series = fma_(series, z, 1.0 / 19);
  series = fma_(series, z, 1.0 / 17);
  series = fma_(series, z, 1.0 / 15);
  series = fma_(series, z, 1.0 / 13);
  series = fma_(series, z, 1.0 / 11);
  series = fma_(series, z, 1.0 / 9);
  series = fma_(series, z, 1.0 / 7);
  series = fma_(series, z, 1.0 / 5);
  series = fma_(series, z, 1.0 / 3);
  return f - (half_square - s * (half_square + 2.0 * z * series));
}

/// Natural logarithm of a ratio of prices, within 2 ulp of the true ln(now / before) for ratios in (0.71, 1.41), else
/// within 2 ulp of ln of the rounded ratio. 0 where `before` is 0 (no price yet); NaN where the ratio is negative, NaN
/// or infinite; -infinity at 0.
TF_HD double log_ratio(double now, double before) {
  if (before == 0) return 0;
  const double change = (now - before) / before;  // exact numerator for prices in half ticks
  if (change > -0.29 && change < 0.41) return log1p_near_zero(change);
  double ratio = now / before;
  const double infinity = 1e308 * 10;
  if (ratio == 0) return -infinity;
  if (!(ratio > 0 && ratio < infinity)) return infinity - infinity;
  int exponent = 0;
  if (ratio < 2.3e-308) {  // subnormal: make it normal
    ratio *= 18014398509481984.0;
    exponent = -54;
  }
  uint64_t bits;
  std::memcpy(&bits, &ratio, 8);
  // Mantissa into [sqrt(1/2), sqrt(2)): add what carries into the exponent from sqrt(2)'s mantissa on.
  bits += 0x3ff0000000000000ull - 0x3fe6a09e667f3bcdull;
  exponent += static_cast<int>(bits >> 52) - 1023;
  bits = (bits & 0x000fffffffffffffull) + 0x3fe6a09e667f3bcdull;
  std::memcpy(&ratio, &bits, 8);
  // ln 2 in two parts, the first with 32 trailing zero bits: exponent * high is exact.
  const double high = 0x1.62e42feep-1, low = 0x1.a39ef35793c76p-33;
  return exponent * high + (log1p_near_zero(ratio - 1.0) + exponent * low);
}

}  // namespace TF_LEVEL
}  // namespace tf::series
