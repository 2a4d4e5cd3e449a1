// Trend scanning: of all windows that start at a bar, the one whose straight line is the most significant.
// Lopez de Prado, Machine Learning for Asset Managers (2020), section 5.4.
#pragma once
#include <cstdint>
#include <span>

namespace tf::market {

struct Trend {
  double t = 0;    ///< t-value of the least-squares slope against 0, 1, ..., window - 1; +-inf for a perfect line
  int window = 0;  ///< points of the window
};

/// The window of shortest..longest points, all starting at prices[0], with the largest |t|. Of windows of one |t| the
/// shortest: so a flat start (t = 0 in all) and a perfect line keep the shortest window. Prices are whole numbers (half
/// ticks), so that every sum is exact and no window's t depends on the order of adding. Needs 3 <= shortest <= longest
/// <= 4096 and as many prices; t = NaN where their sums might not fit (2^25 between the lowest and the highest,
/// 2^31 / longest for windows of up to 63 points).
Trend strongest_trend(std::span<const int64_t> prices, int shortest, int longest);

}  // namespace tf::market
