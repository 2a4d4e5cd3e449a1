#include "engine/learn/samples.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "cuda/base/error.hpp"

namespace tf::learn {

std::vector<double> targets(const market::LabelTable& labels, network::Task task) {
  std::vector<double> target = labels.value;
  if (task == network::Task::classification)
    for (double& value : target)
      if (!std::isnan(value)) value = value > 0 ? 1 : 0;
  return target;
}

std::vector<double> uniqueness(std::span<const int64_t> t0, std::span<const int64_t> t1,
                               std::span<const double> value) {
  expect(t0.size() == t1.size() && t0.size() == value.size(), "labels have as many starts, ends and values");
  std::vector<int64_t> grid(t0.begin(), t0.end());
  std::sort(grid.begin(), grid.end());
  grid.erase(std::unique(grid.begin(), grid.end()), grid.end());
  const auto first_at = [&](int64_t ts) { return std::lower_bound(grid.begin(), grid.end(), ts) - grid.begin(); };
  const auto after = [&](int64_t ts) { return std::upper_bound(grid.begin(), grid.end(), ts) - grid.begin(); };

  std::vector<int32_t> change(grid.size() + 1, 0);
  for (std::size_t label = 0; label < value.size(); ++label) {
    if (std::isnan(value[label])) continue;
    expect(t0[label] <= t1[label], "a label is not resolved before it starts");
    ++change[static_cast<std::size_t>(first_at(t0[label]))];
    --change[static_cast<std::size_t>(after(t1[label]))];
  }
  std::vector<double> share(grid.size());  // 1 / concurrency; unread where no label is open
  int32_t open = 0;
  for (std::size_t at = 0; at < grid.size(); ++at) {
    open += change[at];
    share[at] = 1.0 / open;
  }
  // Summed per label, not by differences of a running sum: a label that overlaps no other gets exactly 1.
  std::vector<double> result(value.size(), 0.0);
  for (std::size_t label = 0; label < value.size(); ++label) {
    if (std::isnan(value[label])) continue;
    const auto first = first_at(t0[label]), last = after(t1[label]);
    double sum = 0;
    for (auto at = first; at < last; ++at) sum += share[static_cast<std::size_t>(at)];
    result[label] = sum / static_cast<double>(last - first);
  }
  return result;
}

std::vector<int32_t> ready_rows(Panel<const double> features, std::span<const double> target) {
  expect(features.rows == static_cast<int64_t>(target.size()), "one target a row of features");
  expect(features.rows <= std::numeric_limits<int32_t>::max(), "rows are counted in 32 bits");
  std::vector<int32_t> ready;
  for (int64_t row = 0; row < features.rows; ++row) {
    bool finite = std::isfinite(target[static_cast<std::size_t>(row)]);
    for (int64_t lane = 0; lane < features.lanes && finite; ++lane) finite = std::isfinite(features(row, lane));
    if (finite) ready.push_back(static_cast<int32_t>(row));
  }
  return ready;
}

}  // namespace tf::learn
