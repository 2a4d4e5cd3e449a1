#include "engine/features/quality.hpp"

#include <algorithm>
#include <cmath>

namespace tf::features {
namespace {

/// Ready values lie within the range up to rounding.
std::vector<double> wider(const std::vector<double>& bounds, double sign) {
  std::vector<double> wide;
  for (const double bound : bounds) wide.push_back(bound + sign * 1e-9 * std::max(1.0, std::abs(bound)));
  return wide;
}

}  // namespace

QualityCounter::QualityCounter(const Exec& exec, const Spec& spec, const QualitySpec& quality)
    : level_(exec.level), by_day_(spec.carry == Carry::day), odd_({}, {}, quality.stale_bars) {
  for (const series::Instance& instance : spec.instances) {
    const series::IndicatorEntry& entry = series::find_indicator(exec, instance.indicator);
    const auto params = instance.params ? instance.params : std::shared_ptr<const void>(entry.params.make());
    const int64_t lookback = entry.lookback(params.get());
    for (int output = 0; output < entry.outputs; ++output) {
      low_.push_back(entry.outputs_of[static_cast<std::size_t>(output)].low);
      high_.push_back(entry.outputs_of[static_cast<std::size_t>(output)].high);
      cold_.push_back(by_day_ ? lookback : std::max(lookback, spec.warmup));
    }
  }
  odd_ = series::OddValues(wider(low_, -1), wider(high_, 1), quality.stale_bars);
}

void QualityCounter::begin_day() {
  if (by_day_) odd_.begin_series();
}

QualityCounter QualityCounter::fresh() const {
  QualityCounter counter = *this;
  counter.odd_ = series::OddValues(odd_.low, odd_.high, static_cast<int64_t>(odd_.stale_rows));
  return counter;
}

void QualityCounter::take(Panel<const double> rows) { odd_.take(level_, rows, cold_.data()); }

std::vector<FeatureQuality> QualityCounter::counted(const Schema& schema) const {
  std::vector<FeatureQuality> all(low_.size());
  const auto whole = [](double count) { return static_cast<int64_t>(count); };
  for (std::size_t lane = 0; lane < all.size(); ++lane)
    all[lane] = {schema.names[lane],
                 odd_.rows,
                 whole(odd_.not_ready[lane]),
                 whole(odd_.missing[lane]),
                 whole(odd_.infinite[lane]),
                 whole(odd_.stale[lane]),
                 whole(odd_.longest[lane]),
                 whole(odd_.outside[lane]),
                 low_[lane],
                 high_[lane]};
  return all;
}

std::vector<FeatureQuality> measure_quality(const Exec& exec, const Spec& spec, const Table& table,
                                            const QualitySpec& quality) {
  QualityCounter counter(exec, spec, quality);
  for (const DayRows& day : table.days) {
    counter.begin_day();
    counter.take(table.panel().part(day.first, day.count));
  }
  return counter.counted(table.schema);
}

}  // namespace tf::features
