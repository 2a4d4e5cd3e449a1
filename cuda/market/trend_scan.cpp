#include "cuda/market/trend_scan.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "cuda/base/error.hpp"

namespace tf::market {
namespace {

__extension__ typedef __int128 Wide;

// With x = 0 .. n-1, y = price - first price and the whole numbers
//   a = n Sxy - Sx Sy,   b = n Sxx - Sx^2 = n^2 (n^2 - 1) / 12,   c = n Syy - Sy^2
// the slope is a/b, the squared residuals are (c - a^2/b)/n, and so t = a sqrt(n-2) / sqrt(b c - a^2).
// Term holds a and c, Product b c and a^2.
template <class Term, class Product>
Trend scan(std::span<const int64_t> prices, int shortest, int longest) {
  Trend trend;
  double over = -1, under = 1;  // t^2 of the strongest so far, as a fraction: a division a window costs the most
  int64_t sy = 0, sxy = 0, syy = 0;
  for (int64_t n = 1; n <= longest; ++n) {
    const int64_t x = n - 1, y = prices[static_cast<std::size_t>(x)] - prices[0];
    sy += y;
    sxy += x * y;
    syy += y * y;
    if (n < shortest) continue;
    const Term a = Term{n} * sxy - Term{n * (n - 1) / 2} * sy, c = Term{n} * syy - Term{sy} * sy;
    const int64_t b = n * n * (n * n - 1) / 12;
    const double rest = static_cast<double>(Product{b} * c - Product{a} * a), slope = static_cast<double>(a);
    const double square = slope * slope * static_cast<double>(n - 2), spread = a == 0 ? 1 : rest;
    if (square * under <= over * spread) continue;
    over = square;
    under = spread;
    trend.window = static_cast<int>(n);
    trend.t = slope;
  }
  trend.t = std::copysign(std::sqrt(over / under), trend.t);
  return trend;
}

}  // namespace

Trend strongest_trend(std::span<const int64_t> prices, int shortest, int longest) {
  expect(shortest >= 3 && longest >= shortest && longest <= 4096, "windows of a trend have 3 to 4096 points");
  expect(prices.size() >= static_cast<std::size_t>(longest), "the longest window has its prices");
  int64_t low = prices[0], high = prices[0];
  for (int at = 1; at < longest; ++at) {
    low = std::min(low, prices[static_cast<std::size_t>(at)]);
    high = std::max(high, prices[static_cast<std::size_t>(at)]);
  }
  const int64_t range = high - low;
  // With n = longest and m = n * range: b < n^4 / 12, c <= m^2, the terms of a stay below n^2 m / 2, and a^2 <= b c.
  const double n = longest, m = n * static_cast<double>(range), b = n * n * n * n / 12;
  if (m * m * b < 0x1p62) return scan<int64_t, int64_t>(prices, shortest, longest);
  if (m < 0x1p31) return scan<int64_t, Wide>(prices, shortest, longest);
  if (range < int64_t{1} << 25) return scan<Wide, Wide>(prices, shortest, longest);
  return {std::numeric_limits<double>::quiet_NaN(), shortest};
}

}  // namespace tf::market
