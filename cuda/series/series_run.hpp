// Whole runs on the CPU, once names are resolved: one instance over a series in memory, parameter sets reduced as they
// run, one instance over series side by side. (feature_set.hpp says what each gives.)
#pragma once
#include <span>
#include <vector>

#include "cuda/series/feature_set.hpp"
#include "cuda/series/instance_set.hpp"

namespace tf::series {

void series_columns(const Exec& exec, const ResolvedInstance& instance, const BarRows& bars, const TickRows& ticks,
                    const int64_t* tick_ends, double* const* out);
void reduce_sets(const Exec& exec, const std::vector<ResolvedInstance>& sets, const BarRows& bars, int output,
                 int64_t counted_from, std::span<Totals> out, Precision precision);
void symbol_panels(const Exec& exec, const ResolvedInstance& instance, std::span<const Panel<const double>> columns,
                   std::span<const Panel<double>> out);

/// How run_directly divides a series, for tests: rows of a stretch and rows to warm up on, multiples of
/// kCheckpointRows. Counts the rows that were done anew.
struct SegmentPlan {
  int64_t length = 0, warm_up = 0;  ///< 0 = found by the run itself
  int64_t redone = 0;
};
/// A converging recurrence of raw columns, read and written where they lie: in stretches where that pays, else row by
/// row. False for all else; nothing is written then.
bool run_directly(const ResolvedInstance& instance, const BarRows& bars, double* const* out, SegmentPlan& plan);

}  // namespace tf::series
