// How far apart two samples are.
#include <algorithm>
#include <cmath>
#include <limits>

#include "engine/score/statistics.hpp"

namespace tf::score {
namespace {

std::vector<double> sorted_without_nan(std::span<const double> x) {
  std::vector<double> kept;
  kept.reserve(x.size());
  for (const double value : x)
    if (!std::isnan(value)) kept.push_back(value);
  std::sort(kept.begin(), kept.end());
  return kept;
}

}  // namespace

double ks_distance(std::span<const double> reference, std::span<const double> current) {
  const std::vector<double> r = sorted_without_nan(reference), c = sorted_without_nan(current);
  if (r.empty() || c.empty()) return std::numeric_limits<double>::quiet_NaN();
  double distance = 0;
  std::size_t r_at = 0, c_at = 0;
  // Both step functions are read after all copies of a value: ties are one jump.
  while (r_at < r.size() && c_at < c.size()) {
    const double value = std::min(r[r_at], c[c_at]);
    while (r_at < r.size() && r[r_at] == value) ++r_at;
    while (c_at < c.size() && c[c_at] == value) ++c_at;
    const double r_share = static_cast<double>(r_at) / static_cast<double>(r.size());
    const double c_share = static_cast<double>(c_at) / static_cast<double>(c.size());
    distance = std::max(distance, std::abs(r_share - c_share));
  }
  return distance;
}

}  // namespace tf::score
