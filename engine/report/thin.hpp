// What the charts draw of long series: few points, and none of the extremes lost.
#pragma once
#include <cstdint>
#include <span>
#include <vector>

#include "engine/report/document.hpp"

namespace tf::report {

struct Curve {
  std::vector<int64_t> t_ns;
  std::vector<double> y;
};

/// At most `limit` (>= 8) points: the series is cut into slices of equally many points, and of each slice the lowest
/// and the highest value are kept at their times, as are the first and the last point. NaN are left out, except that a
/// slice without any number gives one NaN (a gap). A series of at most `limit` points comes back as it is.
Curve thin(std::span<const int64_t> t_ns, std::span<const double> y, std::size_t limit);

/// Opens the curve, by a NaN, wherever the series it was thinned from pauses (a night, a weekend): for more than an
/// hour and for more than 50 times its median step.
Curve open_at_pauses(const Curve& curve, std::span<const int64_t> t_ns);

/// At most about `limit` fills: the span of time is cut into limit / 2 equal slices, of each slice and side the largest
/// fill stays (the earlier of equals).
std::vector<Fill> thin(const std::vector<Fill>& fills, std::size_t limit);

/// Highest value so far (at least 0, where cumulated money starts) minus the value, >= 0; NaN where the value is NaN.
std::vector<double> drawdown(std::span<const double> equity);

struct Histogram {
  double first = 0, width = 0;  ///< lower edge of the first bin; bin k is [first + k width, first + (k + 1) width)
  std::vector<int64_t> counts;  ///< empty if there was no number
};

/// Bins of equal width over the finite values; their number by the rule of Rice, 2 n^(1/3), within 8 and 60.
Histogram histogram(std::span<const double> values);

}  // namespace tf::report
