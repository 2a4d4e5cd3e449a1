#include "cuda/series/odd_values.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace tf::series {

OddValues::OddValues(std::vector<double> lows, std::vector<double> highs, int64_t most_rows)
    : low(std::move(lows)), high(std::move(highs)), stale_rows(static_cast<double>(most_rows)) {
  for (auto* counts : {&not_ready, &missing, &infinite, &outside, &stale, &longest, &before, &run, &not_plain})
    counts->assign(low.size(), 0.0);
  begin_series();
}

void OddValues::begin_series() {
  std::fill(before.begin(), before.end(), std::numeric_limits<double>::quiet_NaN());
  std::fill(run.begin(), run.end(), 0.0);
  in_series = 0;
}

void OddValues::take(CpuLevel level, Panel<const double> panel, const int64_t* cold) {
  // A block's rows stay in the first-level cache while its lanes are gone through.
  constexpr int64_t kBlockBytes = 16'384;
  const CountOdd count = level == CpuLevel::v4 ? count_odd_v4() : count_odd_v3();
  const int64_t block = std::max<int64_t>(1, kBlockBytes / (8 * std::max<int64_t>(1, panel.lanes)));
  for (int64_t row = 0; row < panel.rows; row += block) {
    const int64_t part = std::min(block, panel.rows - row);
    count(panel.row(row), part, panel.stride, cold, *this);
    rows += part;
    in_series += part;
  }
}

void OddValues::add(const OddValues& other) {
  for (const auto counts :
       {&OddValues::not_ready, &OddValues::missing, &OddValues::infinite, &OddValues::outside, &OddValues::stale})
    for (std::size_t lane = 0; lane < low.size(); ++lane) (this->*counts)[lane] += (other.*counts)[lane];
  for (std::size_t lane = 0; lane < low.size(); ++lane) longest[lane] = std::max(longest[lane], other.longest[lane]);
  rows += other.rows;
}

}  // namespace tf::series
