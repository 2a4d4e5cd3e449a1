#include "engine/learn/samples.hpp"

#include <cmath>
#include <limits>

#include "cuda/base/error.hpp"
#include "cuda/market/weights.hpp"

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
  return market::average_uniqueness(market::overlap_of(t0, t1, value));
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
