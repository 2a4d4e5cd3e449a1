// Sums about the mean out of plain window sums, without the digits that the plain difference of two large numbers
// loses.
#pragma once
#include "cuda/series/indicator.hpp"

namespace tf::indicators {
inline namespace TF_LEVEL {

/// count * sum(x y) - sum(x) sum(y) = count^2 * covariance, the second product in two words: nothing cancels that was
/// rounded before. Exact but for one rounding where the sums are (prices in whole or half ticks).
template <class R>
TF_HD R scatter(R count, R products, R x, R y) {
  const R high = x * y, low = fma_(x, y, -high);
  return fma_(count, products, -high) - low;
}

/// count^2 * variance of x; 0 where it is no more than what rounding makes of a flat window of any doubles.
template <class R>
TF_HD R spread(R count, R squares, R x) {
  const R value = scatter(count, squares, x, x);
  return select(value <= R(0x1p-50) * (count * squares), R(0.0), value);
}

/// The correlation coefficient of what scatter() and spread() say, in [-1, 1]; 0 where one of the two is flat.
template <class R>
TF_HD R correlation_of(R together, R x, R y) {
  const R zero = R(0.0), share = together / (sqrt_(x) * sqrt_(y));
  return select(or_(x == zero, y == zero), zero, max_(R(-1.0), min_(R(1.0), share)));
}

}  // namespace TF_LEVEL
}  // namespace tf::indicators
