#include "engine/walk/folds.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "cuda/base/error.hpp"

namespace tf::walk {

std::vector<Interval> sample_intervals(const features::Table& table, const market::LabelTable& labels,
                                       int64_t lookback_bars, features::Carry carry) {
  std::vector<Interval> intervals(static_cast<std::size_t>(table.rows()));
  for (const features::DayRows& day : table.days)
    for (int64_t row = day.first; row < day.first + day.count; ++row) {
      const int64_t oldest = std::max(carry == features::Carry::day ? day.first : 0, row - lookback_bars);
      intervals[row] = {table.bars.open_ts[oldest], std::max(labels.t1[row], table.bars.known_ts[row])};
    }
  return intervals;
}

std::vector<int32_t> purge(std::span<const int32_t> train_rows, std::span<const int32_t> test_rows,
                           std::span<const Interval> intervals, std::span<const int64_t> t0, int64_t embargo_ns,
                           bool gap_before) {
  int64_t begin = std::numeric_limits<int64_t>::max(), end = std::numeric_limits<int64_t>::min();
  for (const int32_t row : test_rows) {
    begin = std::min(begin, intervals[row].begin);
    end = std::max(end, intervals[row].end);
  }
  std::vector<int32_t> kept;
  if (test_rows.empty()) {
    kept.assign(train_rows.begin(), train_rows.end());
    return kept;
  }
  for (const int32_t row : train_rows) {
    const bool meets = intervals[row].begin <= end && intervals[row].end >= begin;
    const bool embargoed = t0[row] > end && t0[row] <= end + embargo_ns;
    const bool too_near = gap_before && intervals[row].end < begin && intervals[row].end >= begin - embargo_ns;
    if (!meets && !embargoed && !too_near) kept.push_back(row);
  }
  return kept;
}

namespace {

struct Planner {
  const features::Table& table;
  const market::LabelTable& labels;
  std::span<const int32_t> ready;
  std::vector<Interval> intervals;
  const FoldSpec& spec;
  int64_t embargo_ns;

  /// Ready rows of the days [from, to).
  std::vector<int32_t> ready_in(int from, int to) const {
    const int64_t first = table.days[from].first, end = table.days[to - 1].first + table.days[to - 1].count;
    const auto low = std::lower_bound(ready.begin(), ready.end(), first),
               high = std::lower_bound(ready.begin(), ready.end(), end);
    return {low, high};
  }
  std::vector<int32_t> all_in(int from, int to) const {
    std::vector<int32_t> rows;
    for (int day = from; day < to; ++day)
      for (int64_t row = table.days[day].first; row < table.days[day].first + table.days[day].count; ++row)
        rows.push_back(static_cast<int32_t>(row));
    return rows;
  }
  Interval span_of(const std::vector<int32_t>& rows) const {
    if (rows.empty()) return {};
    Interval span{labels.t0[rows.front()], labels.t1[rows.front()]};
    for (const int32_t row : rows) span.end = std::max(span.end, labels.t1[row]);
    return span;
  }

  /// Trains on days [from, to); the test is [to, test_end), empty for the final fit.
  Fold make(int index, int from, int to, int test_end) const {
    Fold fold;
    fold.index = index;
    fold.embargo_ns = embargo_ns;
    const std::vector<int32_t> test = test_end > to ? all_in(to, test_end) : std::vector<int32_t>{};
    const std::vector<int32_t> candidates = ready_in(from, to);
    std::vector<int32_t> rows = purge(candidates, test, intervals, labels.t0, embargo_ns, true);
    fold.purged = static_cast<int64_t>(candidates.size() - rows.size());
    // The tail for early stopping is a small test of its own: training rows that touch it go too.
    const auto tail = static_cast<std::size_t>(std::floor(spec.validation_share * static_cast<double>(rows.size())));
    fold.valid.assign(rows.end() - static_cast<std::ptrdiff_t>(tail), rows.end());
    rows.resize(rows.size() - tail);
    fold.train = purge(rows, fold.valid, intervals, labels.t0, embargo_ns, true);
    fold.purged += static_cast<int64_t>(rows.size() - fold.train.size());
    for (int day = to; day < test_end; ++day) fold.test_days.push_back(day);
    fold.train_span = span_of(fold.train);
    fold.valid_span = span_of(fold.valid);
    fold.test_span = span_of(test);
    return fold;
  }
};

}  // namespace

Plan plan_folds(const features::Table& table, const market::LabelTable& labels, std::span<const int32_t> ready,
                int64_t lookback_bars, features::Carry carry, const FoldSpec& spec) {
  const int days = static_cast<int>(table.days.size());
  if (days < spec.train_days + 1)
    throw Error(ErrorKind::bad_data, "folds: " + std::to_string(days) +
                                         " days are there, but train_days = " + std::to_string(spec.train_days) +
                                         " needs at least " + std::to_string(spec.train_days + 1));
  const Planner planner{table, labels,
                        ready, sample_intervals(table, labels, lookback_bars, carry),
                        spec,  std::llround(spec.embargo_minutes * static_cast<double>(kMinute))};
  Plan plan;
  for (int test = spec.train_days; test < days; test += spec.test_days) {
    const int from = spec.scheme == "expanding" ? 0 : test - spec.train_days;
    plan.folds.push_back(
        planner.make(static_cast<int>(plan.folds.size()), from, test, std::min(days, test + spec.test_days)));
  }
  plan.final_fit = planner.make(-1, spec.scheme == "expanding" ? 0 : days - spec.train_days, days, days);
  return plan;
}

}  // namespace tf::walk
