// Elementary functions for an author's step, over R = double or Pack<double>: from + - * / sqrt fma and bit moves
// alone, so the same bits from every compiler, SIMD width and device, which no libm promises. All are straight-line
// code: a scalar and a lane do the same work. NaN gives NaN unless said otherwise.
//
// Largest error measured against 64-bit-mantissa libm (tests/cuda/series/math_test.cpp), in ulp:
//   log_ 0.62   exp_ 0.60 (0.76 where the result is subnormal)   sin_ 0.71   cos_ 0.71   atan_ 0.62   atan2_ 1.4
//   tanh_ 0.8   pow_ 1.1 while |y ln x| <= 5, then 0.2 more for each unit of |y ln x|
#pragma once
#include <cstdint>
#include <cstring>

#include "cuda/base/host_device.hpp"
#include "cuda/base/pack.hpp"

namespace tf::series {
inline namespace TF_LEVEL {

// ---- bits ----------------------------------------------------------------------------------------------------------
TF_HD uint64_t bits_of(double value) {
  uint64_t bits;
  std::memcpy(&bits, &value, 8);
  return bits;
}
template <class R>
struct FromBits;
template <>
struct FromBits<double> {
  TF_HD static double make(uint64_t bits) {
    double value;
    std::memcpy(&value, &bits, 8);
    return value;
  }
};
#if defined(TF_HAS_PACK)
template <int W>
TF_HD typename VectorOf<uint64_t, W>::type bits_of(Pack<double, W> value) {
  return (typename VectorOf<uint64_t, W>::type)value.v;
}
template <int W>
struct FromBits<Pack<double, W>> {
  TF_HD static Pack<double, W> make(typename VectorOf<uint64_t, W>::type bits) {
    return Pack<double, W>((typename Pack<double, W>::Vector)bits);
  }
};
#endif

inline constexpr uint64_t kSignBit = 0x8000000000000000ull, kMantissaBits = 0x000fffffffffffffull;

template <class R>
TF_HD R infinity_of() {
  return FromBits<R>::make(bits_of(R(0.0)) + 0x7ff0000000000000ull);
}
template <class R>
TF_HD R not_a_number() {
  return FromBits<R>::make(bits_of(R(0.0)) + 0x7ff8000000000000ull);
}
/// `magnitude`, whose sign is +, with the sign of `sign`.
template <class R>
TF_HD R with_sign(R magnitude, R sign) {
  return FromBits<R>::make(bits_of(magnitude) | (bits_of(sign) & kSignBit));
}
/// Adding it to |x| < 2^51 rounds x to the nearest whole number (ties to even), which is then in the low bits.
inline constexpr double kRoundToWhole = 0x1.8p52;
/// 2^n for whole n in [-1022, 1023].
template <class R>
TF_HD R power_of_two(R n) {
  return FromBits<R>::make((bits_of(n + R(kRoundToWhole)) + 1023ull) << 52);
}

// ---- small words ---------------------------------------------------------------------------------------------------
using tf::abs_;
using tf::floor_;

/// -1, 0 or 1.
template <class R>
TF_HD R sign_(R x) {
  return select(x > R(0.0), R(1.0), select(x < R(0.0), R(-1.0), x));
}
template <class R>
TF_HD Mask<R> is_nan_(R x) {
  return x != x;
}
/// 0 for NaN, else x.
template <class R>
TF_HD R or_zero_(R x) {
  return select(x != x, R(0.0), x);
}

/// c0 + x (c1 + x (c2 + ...)).
template <class R>
TF_HD R polynomial(R, double c0) {
  return R(c0);
}
template <class R, class... More>
TF_HD R polynomial(R x, double c0, More... more) {
  return fma_(polynomial(x, more...), x, R(c0));
}

/// An unevaluated sum, |low| far below |high|.
template <class R>
struct TwoParts {
  R high, low;
};

// ---- logarithm and exponential -------------------------------------------------------------------------------------
/// ln x = high + low for positive finite x. x = 2^k (1 + f), 1 + f in [sqrt(1/2), sqrt(2)); with s = f / (2 + f),
/// z = s^2 and T = 2 (z/3 + z^2/5 + ...): ln(1 + f) = 2 atanh(s) = f - f^2/2 + s (f^2/2 + T). z <= 0.0295, so the first
/// term left out, 2 z^11 / 23, is below 2^-59. f is exact, and f^2/2 and the sums are carried in two parts.
template <class R>
TF_HD TwoParts<R> log_parts(R x) {
  const Mask<R> subnormal = x < R(0x1p-1022);
  x = select(subnormal, x * R(0x1p54), x);
  // Mantissa into [sqrt(1/2), sqrt(2)): add what carries into the exponent from sqrt(2)'s mantissa on.
  const auto moved = bits_of(x) + (0x3ff0000000000000ull - 0x3fe6a09e667f3bcdull);
  // The biased exponent k + 1023 beside the exponent of 2^52 is the double 2^52 + k + 1023.
  R k = FromBits<R>::make((moved >> 52) | 0x4330000000000000ull) - R(0x1p52 + 1023);
  k = select(subnormal, k - R(54.0), k);
  const R f = FromBits<R>::make((moved & kMantissaBits) + 0x3fe6a09e667f3bcdull) - R(1.0);

  const R s = f / (R(2.0) + f), z = s * s;
  const R series =
      polynomial(z, 2.0 / 3, 2.0 / 5, 2.0 / 7, 2.0 / 9, 2.0 / 11, 2.0 / 13, 2.0 / 15, 2.0 / 17, 2.0 / 19, 2.0 / 21);
  const R half = R(0.5) * f, half_square = half * f, square_low = fma_(half, f, -half_square);
  // ln 2 in two parts, the first with 32 trailing zero bits: k * first is exact.
  const R k_high = k * R(0x1.62e42feep-1), k_low = k * R(0x1.a39ef35793c76p-33);
  const R sum = k_high + f, sum_low = (k_high - sum) + f;
  const R high = sum - half_square, high_low = (sum - high) - half_square;
  return {high, (sum_low + high_low) + (fma_(s, fma_(series, z, half_square), k_low) - square_low)};
}

/// Natural logarithm. NaN below 0, -infinity at 0, infinity at infinity; subnormal x count in full.
template <class R>
TF_HD R log_(R x) {
  const TwoParts<R> parts = log_parts(x);
  R result = parts.high + parts.low;
  result = select(x == infinity_of<R>(), x, result);
  result = select(x == R(0.0), -infinity_of<R>(), result);
  result = select(x < R(0.0), not_a_number<R>(), result);
  return select(x != x, x, result);
}

/// What exp and tanh share: x + low = n ln 2 + r, n whole, |r| <= 0.35; e^r = 1 + r + tail.
template <class R>
struct ExpParts {
  R n, r, tail;
};
template <class R>
TF_HD ExpParts<R> exp_parts(R x, R low) {
  const R n = (x * R(0x1.71547652b82fep+0) + R(kRoundToWhole)) - R(kRoundToWhole);
  const R near = fma_(-n, R(0x1.62e42fefa39efp-1), x);  // exact
  const R rest = fma_(-n, R(0x1.abc9e3b39803fp-56), low);
  const R r = near + rest, r_low = (near - r) + rest;
  // sum of r^i / i! from i = 2; the first term left out, r^14 / 14!, is below 2^-57
  const R series = polynomial(r, 1.0 / 2, 1.0 / 6, 1.0 / 24, 1.0 / 120, 1.0 / 720, 1.0 / 5040, 1.0 / 40320,
                              1.0 / 362880, 1.0 / 3628800, 1.0 / 39916800, 1.0 / 479001600, 1.0 / 6227020800.0);
  return {n, r, fma_(r * r, series, fma_(r_low, r, r_low))};
}

/// e^(x + low), |low| at most a few ulp of x.
template <class R>
TF_HD R exp_sum(R x, R low) {
  // Beyond these e^x is 0 and infinity. max_ and min_ give their second operand for NaN.
  x = min_(R(710.0), max_(R(-746.0), x));
  const ExpParts<R> parts = exp_parts(x, low);
  const R sum = R(1.0) + parts.r;
  const R value = sum + (((R(1.0) - sum) + parts.r) + parts.tail);
  // 2^n in two halves: 2^1024 is no double, and a subnormal result is rounded once.
  const R half = (R(0.5) * parts.n + R(kRoundToWhole)) - R(kRoundToWhole);
  return value * power_of_two(half) * power_of_two(parts.n - half);
}

/// e^x: 0 below -745.14, infinity above 709.78.
template <class R>
TF_HD R exp_(R x) {
  return exp_sum(x, R(0.0));
}

/// x^y = e^(y ln x) for x >= 0; 1 for y = 0; NaN for x < 0, and for 1^infinity.
template <class R>
TF_HD R pow_(R x, R y) {
  const TwoParts<R> log = log_parts(x);
  const R high = log.high + log.low, low = (log.high - high) + log.low;
  const R product = y * high, product_low = fma_(y, low, fma_(y, high, -product));
  const Mask<R> ordinary = and_(and_(x > R(0.0), x < infinity_of<R>()), abs_(product) < R(1000.0));
  const R exponent = select(ordinary, product, y * log_(x));
  const R result = exp_sum(exponent, select(ordinary, product_low, R(0.0)));
  return select(y == R(0.0), R(1.0), result);
}

/// Hyperbolic tangent = E / (E + 2) = 1 - 2 / (E + 2) with E = e^(2|x|) - 1; +-1 from |x| = 20 on.
template <class R>
TF_HD R tanh_(R x) {
  const R a = min_(R(20.0), abs_(x));
  const ExpParts<R> parts = exp_parts(a + a, R(0.0));
  const R scale = power_of_two(parts.n);
  const R less = scale - R(1.0), moved = scale * parts.r, sum = less + moved;
  const R beside = fma_(scale, parts.tail, (less - sum) + moved);
  const R grown = sum + beside, grown_low = (sum - grown) + beside;
  const R two = R(2.0), under = two + grown, under_low = (grown - (under - two)) + grown_low;
  const Mask<R> large = a > R(0.55);
  const R over = select(large, two, grown), over_low = select(large, R(0.0), grown_low);
  const R inverse = R(1.0) / under, share = over * inverse;
  const R share_low = (fma_(-share, under, over) + fma_(-share, under_low, over_low)) * inverse;
  const R rest = R(1.0) - share, rest_low = ((R(1.0) - rest) - share) - share_low;
  return with_sign(select(large, rest + rest_low, share + share_low), x);
}

// ---- trigonometry --------------------------------------------------------------------------------------------------
/// sin(x + quarters pi/2), x in radians. x = n pi/2 + h + l with pi/2 in three parts (161 bits): accurate for |x| up to
/// 2^48, also next to the zeros; NaN beyond.
template <class R>
TF_HD R sine_of(R x, uint64_t quarters) {
  const R shifted = x * R(0x1.45f306dc9c883p-1) + R(kRoundToWhole), n = shifted - R(kRoundToWhole);
  const R near = fma_(-n, R(0x1.921fb54442d18p+0), x);  // exact
  const R step = n * R(0x1.1a62633145c07p-54);
  const R step_low = fma_(n, R(0x1.1a62633145c07p-54), -step) + n * R(-0x1.f1976b7ed8fbcp-110);
  const R h = near - step, back = near - h;
  const R l = ((near - (h + back)) + (back - step)) - step_low;

  const R z = h * h;
  // sin: h + h^3 (-1/3! + ...) + l (1 - z/2); cos: 1 - z/2 + z^2 (1/4! - ...) - h l. Terms left out: below 2^-62.
  const R sine_series = polynomial(z, -1.0 / 6, 1.0 / 120, -1.0 / 5040, 1.0 / 362880, -1.0 / 39916800,
                                   1.0 / 6227020800.0, -1.0 / 1307674368000.0, 1.0 / 355687428096000.0);
  const R sine = h + fma_(z * h, sine_series, fma_(R(-0.5) * z, l, l));
  const R cosine_series = polynomial(z, 1.0 / 24, -1.0 / 720, 1.0 / 40320, -1.0 / 3628800, 1.0 / 479001600,
                                     -1.0 / 87178291200.0, 1.0 / 20922789888000.0, -1.0 / 6402373705728000.0);
  const R half = R(0.5) * z, first = R(1.0) - half;
  const R beside = fma_(h, l, R(0.5) * fma_(h, h, -z));  // h l and what z lost in rounding
  const R cosine = first + (((R(1.0) - first) - half) + fma_(z * z, cosine_series, -beside));

  const auto quarter = bits_of(shifted) + quarters;
  const R odd = FromBits<R>::make((quarter & 1ull) << 62);  // 0 or 2
  R result = select(odd > R(0.0), cosine, sine);
  result = FromBits<R>::make(bits_of(result) ^ ((quarter & 2ull) << 62));
  return select(abs_(x) <= R(0x1p48), result, not_a_number<R>());
}
template <class R>
TF_HD R sin_(R x) {
  return sine_of(x, 0);
}
template <class R>
TF_HD R cos_(R x) {
  return sine_of(x, 1);
}

/// Arc tangent of t >= 0 in two parts. Around 0, 1 and infinity: t, (t - 1) / (t + 1) and -1 / t = u, |u| <= tan(pi/8),
/// with the rounding of u carried along; atan u = u - u^3/3 + ...: the first term left out, u^44/45, is below 2^-61.
template <class R>
TF_HD TwoParts<R> atan_parts(R t) {
  t = min_(R(0x1p60), t);
  const R zero = R(0.0), one = R(1.0);
  const Mask<R> middle = t > R(0x1.a827999fcef32p-2), upper = t > R(0x1.3504f333f9de6p+1);
  const R less = t - one, less_back = less - t, less_low = (t - (less - less_back)) + (-one - less_back);
  const R more = t + one, more_back = more - t, more_low = (t - (more - more_back)) + (one - more_back);
  const R over = select(upper, -one, select(middle, less, t)), over_low = select(middle, less_low, zero);
  const R under = select(upper, t, select(middle, more, one)), under_low = select(middle, more_low, zero);
  const R inverse = one / under, u = over * inverse;
  const R parts_low = select(upper, zero, fma_(-u, under_low, over_low));
  const R u_low = (fma_(-u, under, over) + parts_low) * inverse;

  const R z = u * u;
  const R series = polynomial(z, -1.0 / 3, 1.0 / 5, -1.0 / 7, 1.0 / 9, -1.0 / 11, 1.0 / 13, -1.0 / 15, 1.0 / 17,
                              -1.0 / 19, 1.0 / 21, -1.0 / 23, 1.0 / 25, -1.0 / 27, 1.0 / 29, -1.0 / 31, 1.0 / 33,
                              -1.0 / 35, 1.0 / 37, -1.0 / 39, 1.0 / 41, -1.0 / 43);
  const R base = select(upper, R(0x1.921fb54442d18p+0), select(middle, R(0x1.921fb54442d18p-1), zero));
  const R base_low = select(upper, R(0x1.1a62633145c07p-54), select(middle, R(0x1.1a62633145c07p-55), zero));
  const R sum = base + u, sum_low = (base - sum) + u;
  return {sum, sum_low + fma_(z * u, series, fma_(-z, u_low, u_low) + base_low)};
}

/// Arc tangent, in (-pi/2, pi/2); +-pi/2 at infinity.
template <class R>
TF_HD R atan_(R x) {
  const TwoParts<R> parts = atan_parts(abs_(x));
  return with_sign(parts.high + parts.low, x);
}

/// Angle of the point (x, y), in [-pi, pi], with the C library's signs of zero: atan2_(0, 0) = 0, atan2_(0, -1) = pi.
template <class R>
TF_HD R atan2_(R y, R x) {
  const R across = abs_(x), up = abs_(y);
  const R ratio = select(up == across, select(up == R(0.0), R(0.0), R(1.0)), up / across);
  const TwoParts<R> angle = atan_parts(ratio);
  const R pi = R(0x1.921fb54442d18p+1), pi_low = R(0x1.1a62633145c07p-53), turned = pi - angle.high;
  const R left = turned + (((pi - turned) - angle.high) + (pi_low - angle.low)), right = angle.high + angle.low;
  return with_sign(select(with_sign(R(1.0), x) < R(0.0), left, right), y);
}

}  // namespace TF_LEVEL
}  // namespace tf::series

// Found from an author's namespace as fma_ and max_ are.
namespace tf {
using series::atan2_;
using series::atan_;
using series::cos_;
using series::exp_;
using series::is_nan_;
using series::log_;
using series::or_zero_;
using series::pow_;
using series::sign_;
using series::sin_;
using series::tanh_;
}  // namespace tf
