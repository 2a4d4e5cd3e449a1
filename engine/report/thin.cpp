#include "engine/report/thin.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "cuda/base/error.hpp"
#include "cuda/base/time.hpp"

namespace tf::report {
namespace {

constexpr std::size_t kNone = std::numeric_limits<std::size_t>::max();

}  // namespace

Curve thin(std::span<const int64_t> t_ns, std::span<const double> y, std::size_t limit) {
  expect(t_ns.size() == y.size() && limit >= 8, "a curve has a value for every time, and room for some points");
  Curve out;
  const auto keep = [&](std::size_t at) {
    out.t_ns.push_back(t_ns[at]);
    out.y.push_back(y[at]);
  };
  const std::size_t count = y.size();
  if (count <= limit) {
    for (std::size_t at = 0; at < count; ++at) keep(at);
    return out;
  }
  const std::size_t slices = (limit - 2) / 2, inner = count - 2;
  keep(0);
  for (std::size_t slice = 0; slice < slices; ++slice) {
    const std::size_t begin = 1 + inner * slice / slices, end = 1 + inner * (slice + 1) / slices;
    std::size_t low = kNone, high = kNone;
    for (std::size_t at = begin; at < end; ++at) {
      if (std::isnan(y[at])) continue;
      if (low == kNone || y[at] < y[low]) low = at;
      if (high == kNone || y[at] > y[high]) high = at;
    }
    if (low == kNone) {
      keep(begin);
      continue;
    }
    keep(std::min(low, high));
    if (low != high) keep(std::max(low, high));
  }
  keep(count - 1);
  return out;
}

Curve open_at_pauses(const Curve& curve, std::span<const int64_t> t_ns) {
  if (t_ns.size() < 3) return curve;
  std::vector<int64_t> steps(t_ns.size() - 1);
  for (std::size_t at = 0; at < steps.size(); ++at) steps[at] = t_ns[at + 1] - t_ns[at];
  const auto middle = steps.begin() + static_cast<std::ptrdiff_t>(steps.size() / 2);
  std::nth_element(steps.begin(), middle, steps.end());
  const int64_t pause_ns = std::max(kHour, std::min(*middle, 1000 * kDay) * 50);

  Curve out;
  std::size_t next = 0;  // the first of the series' points not before the curve's
  for (std::size_t at = 0; at < curve.t_ns.size(); ++at) {
    int64_t pause_starts_ns = 0;
    bool paused = false;
    for (; next < t_ns.size() && t_ns[next] < curve.t_ns[at]; ++next) {
      if (t_ns[next + 1] - t_ns[next] <= pause_ns) continue;
      pause_starts_ns = t_ns[next];
      paused = true;
    }
    if (paused && at > 0) {
      out.t_ns.push_back(pause_starts_ns + 1);
      out.y.push_back(std::numeric_limits<double>::quiet_NaN());
    }
    out.t_ns.push_back(curve.t_ns[at]);
    out.y.push_back(curve.y[at]);
  }
  return out;
}

std::vector<Fill> thin(const std::vector<Fill>& fills, std::size_t limit) {
  if (fills.size() <= limit) return fills;
  const auto earlier = [](const Fill& a, const Fill& b) { return a.t_ns < b.t_ns; };
  const auto [first, last] = std::minmax_element(fills.begin(), fills.end(), earlier);
  const double begin = static_cast<double>(first->t_ns), span = static_cast<double>(last->t_ns) - begin;
  const std::size_t slices = std::max<std::size_t>(limit / 2, 1);
  std::vector<std::size_t> largest(slices * 2, kNone);
  for (std::size_t at = 0; at < fills.size(); ++at) {
    const double share = span > 0 ? (static_cast<double>(fills[at].t_ns) - begin) / span : 0;
    const std::size_t slice = std::min(static_cast<std::size_t>(share * static_cast<double>(slices)), slices - 1);
    std::size_t& held = largest[slice * 2 + (fills[at].qty < 0 ? 1 : 0)];
    if (held == kNone || std::abs(fills[at].qty) > std::abs(fills[held].qty)) held = at;
  }
  std::erase(largest, kNone);
  std::sort(largest.begin(), largest.end());
  std::vector<Fill> out;
  for (const std::size_t at : largest) out.push_back(fills[at]);
  return out;
}

std::vector<double> drawdown(std::span<const double> equity) {
  std::vector<double> out;
  out.reserve(equity.size());
  double peak = 0;
  for (const double value : equity) {
    if (value > peak) peak = value;
    out.push_back(peak - value);
  }
  return out;
}

Histogram histogram(std::span<const double> values) {
  std::vector<double> finite;
  std::copy_if(values.begin(), values.end(), std::back_inserter(finite),
               [](double value) { return std::isfinite(value); });
  if (finite.empty()) return {};
  const auto [low, high] = std::minmax_element(finite.begin(), finite.end());
  const double size = static_cast<double>(finite.size());
  const double bins = *high > *low ? std::clamp(std::ceil(2 * std::cbrt(size)), 8.0, 60.0) : 1;
  Histogram out;
  // A lone value gets a bin as wide as a tenth of itself, so that the axis has a scale to show.
  out.width = bins > 1 ? (*high - *low) / bins : std::max(std::abs(*low) * 0.1, 1e-3);
  out.first = bins > 1 ? *low : *low - out.width / 2;
  out.counts.assign(static_cast<std::size_t>(bins), 0);
  for (const double value : finite) {
    const double bin = std::clamp(std::floor((value - out.first) / out.width), 0.0, bins - 1);
    ++out.counts[static_cast<std::size_t>(bin)];
  }
  return out;
}

}  // namespace tf::report
