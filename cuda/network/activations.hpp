// The activations and the two ends of the forward pass, the same in all its forms: rational functions of + - * / fma
// only, so that a scalar, any pack width, any compiler and a GPU thread agree to the bit. Library tanh and exp do not.
#pragma once
#include <cstdint>
#include <cstring>

#include "cuda/base/pack.hpp"
#include "cuda/network/network.hpp"

namespace tf::network {
inline namespace TF_LEVEL {

/// max(x, 0) that keeps NaN: every comparison with NaN is false, and x stays.
template <class R>
TF_HD R relu(R x) {
  return select(x < R(0.0f), R(0.0f), x);
}

/// tanh(x) = x P(x^2) / Q(x^2) with P, Q of degree 4: a minimax fit of the relative error on |x| <= 9.02 (2.1e-8 before
/// rounding), where tanh is 1 in float. With float rounding at most 6 ulp (3.2e-7). All coefficients are positive, so
/// nothing cancels. The result is cut to [-1, 1]; NaN passes every comparison.
template <class R>
TF_HD R rational_tanh(R x) {
  const R edge(9.02f), one(1.0f);
  x = select(x > edge, edge, x);
  x = select(x < -edge, -edge, x);
  const R u = x * x;
  R p = fma_(R(1.3319137792677793e-08f), u, R(2.0583533114404418e-05f));
  p = fma_(p, u, R(0.003494038013741374f));
  p = fma_(p, u, R(0.13379721343517303f));
  p = fma_(p, u, one);
  R q = fma_(R(7.762047857795551e-07f), u, R(0.0003283098340034485f));
  q = fma_(q, u, R(0.02587108686566353f));
  q = fma_(q, u, R(0.4671303629875183f));
  q = fma_(q, u, one);
  const R y = x * p / q;
  return select(y > one, one, select(y < -one, -one, y));
}

/// 1 / (1 + exp(-x)) in double, once a row: exp by x = k ln 2 + r and the Taylor sum of r to degree 13 (|r| <= 0.35:
/// the rest is 4e-18). At most 3 ulp. Beyond |x| = 700 the value at 700 (1e-304, never 0). NaN stays.
TF_HD double sigmoid(double x) {
  double t = -x;
  t = t > 700.0 ? 700.0 : t;
  t = t < -700.0 ? -700.0 : t;
  if (!(t == t)) return t;
  const double k = floor_(fma_(t, 1.4426950408889634, 0.5));
  const double r = fma_(-k, 1.9082149292705877e-10, fma_(-k, 0.693147180369123816490, t));
  double sum = 1.0 / 6227020800.0;
  sum = fma_(sum, r, 1.0 / 479001600.0);
  sum = fma_(sum, r, 1.0 / 39916800.0);
  sum = fma_(sum, r, 1.0 / 3628800.0);
  sum = fma_(sum, r, 1.0 / 362880.0);
  sum = fma_(sum, r, 1.0 / 40320.0);
  sum = fma_(sum, r, 1.0 / 5040.0);
  sum = fma_(sum, r, 1.0 / 720.0);
  sum = fma_(sum, r, 1.0 / 120.0);
  sum = fma_(sum, r, 1.0 / 24.0);
  sum = fma_(sum, r, 1.0 / 6.0);
  sum = fma_(sum, r, 0.5);
  sum = fma_(sum, r, 1.0);
  sum = fma_(sum, r, 1.0);
  const uint64_t bits = static_cast<uint64_t>(static_cast<int64_t>(k) + 1023) << 52;
  double power;
  std::memcpy(&power, &bits, sizeof power);
  return 1.0 / fma_(sum, power, 1.0);
}

template <class R>
TF_HD R activate(R value, Activation activation) {
  if (activation == Activation::relu) return relu(value);
  if (activation == Activation::tanh) return rational_tanh(value);
  return value;
}

/// What the first layer sees of a feature.
TF_HD float standardise(double value, double mean, double scale) { return static_cast<float>((value - mean) * scale); }

/// The prediction out of the last layer's value.
TF_HD double finish(Task task, double target_mean, double target_scale, float raw) {
  if (task == Task::classification) return sigmoid(static_cast<double>(raw));
  return fma_(static_cast<double>(raw), target_scale, target_mean);
}

}  // namespace TF_LEVEL
}  // namespace tf::network
