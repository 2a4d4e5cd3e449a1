#include "engine/features/quality.hpp"

#include <algorithm>
#include <cmath>

namespace tf::features {
namespace {

/// Rows [first, end) of one series; `cold` rows at its start need not be ready.
void count(const Panel<const double>& panel, int64_t lane, int64_t first, int64_t end, int64_t cold, int64_t stale_bars,
           FeatureQuality& quality) {
  // Ready values lie within the range up to rounding.
  const auto slack = [](double bound) { return 1e-9 * std::max(1.0, std::abs(bound)); };
  const double low = quality.low - slack(quality.low), high = quality.high + slack(quality.high);
  int64_t run = 0;
  double before = 0;
  for (int64_t row = first; row < end; ++row) {
    const double value = panel(row, lane);
    ++quality.rows;
    if (std::isnan(value)) {
      ++(row - first < cold ? quality.not_ready : quality.missing);
      run = 0;
      continue;
    }
    quality.infinite += std::isinf(value);
    quality.out_of_range += value < low || value > high;
    run = run > 0 && value == before ? run + 1 : 1;
    before = value;
    quality.stale += run > stale_bars;
    quality.longest_run = std::max(quality.longest_run, run);
  }
}

}  // namespace

std::vector<FeatureQuality> measure_quality(const Exec& exec, const Spec& spec, const Table& table,
                                            const QualitySpec& quality) {
  std::vector<FeatureQuality> measured;
  const Panel<const double> panel = table.panel();
  for (const series::Instance& instance : spec.instances) {
    const series::IndicatorEntry& entry = series::find_indicator(exec, instance.indicator);
    const auto params = instance.params ? instance.params : std::shared_ptr<const void>(entry.params.make());
    const int64_t lookback = entry.lookback(params.get());
    for (int output = 0; output < entry.outputs; ++output) {
      const auto lane = static_cast<int64_t>(measured.size());
      FeatureQuality& of = measured.emplace_back();
      of.name = table.schema.names[static_cast<std::size_t>(lane)];
      of.low = entry.outputs_of[static_cast<std::size_t>(output)].low;
      of.high = entry.outputs_of[static_cast<std::size_t>(output)].high;
      if (spec.carry == Carry::history) {
        count(panel, lane, 0, table.rows(), std::max(lookback, spec.warmup), quality.stale_bars, of);
        continue;
      }
      for (const DayRows& day : table.days)
        count(panel, lane, day.first, day.first + day.count, lookback, quality.stale_bars, of);
    }
  }
  return measured;
}

}  // namespace tf::features
