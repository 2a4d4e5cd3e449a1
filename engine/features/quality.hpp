// What is odd about each feature of a panel: counted, never repaired.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "cuda/series/odd_values.hpp"
#include "engine/features/table.hpp"

namespace tf::features {

struct QualitySpec {
  int64_t stale_bars = 60;  ///< a value that stays the same for more bars than this is stale
};

/// Rows of one feature by what is odd about them; a row may count in several. `rows` is all of them.
struct FeatureQuality {
  std::string name;
  int64_t rows = 0;
  int64_t not_ready = 0;  ///< NaN within the lookback (and Spec::warmup) at the start of a series: as it should be
  int64_t missing = 0;    ///< NaN after that
  int64_t infinite = 0;
  int64_t stale = 0;         ///< rows beyond the stale_bars-th of a run of one value
  int64_t longest_run = 0;   ///< rows of one value
  int64_t out_of_range = 0;  ///< outside [low, high] of the catalogue, by more than rounding
  double low = 0, high = 0;  ///< that range
  int64_t odd() const { return missing + infinite + stale + out_of_range; }
};

/// Counts rows as they are computed, while they are in the cache.
class QualityCounter {
 public:
  QualityCounter(const Exec& exec, const Spec& spec, const QualitySpec& quality = {});
  /// A day begins: where memory is by day, runs of one value end and lanes are cold again.
  void begin_day();
  void take(Panel<const double> rows);
  /// The same questions with nothing counted yet, for days that run beside each other.
  QualityCounter fresh() const;
  /// Adds the counts of other days.
  void add(const QualityCounter& other) { odd_.add(other.odd_); }
  /// One entry a lane of the panel.
  std::vector<FeatureQuality> counted(const Schema& schema) const;

 private:
  CpuLevel level_;
  bool by_day_;
  std::vector<double> low_, high_;  // of the catalogue
  std::vector<int64_t> cold_;       // rows that need not be ready
  series::OddValues odd_;
};

/// The same for a table that is there. A run of one value ends where a series does (at the day's end with a memory by
/// day).
std::vector<FeatureQuality> measure_quality(const Exec& exec, const Spec& spec, const Table& table,
                                            const QualitySpec& quality = {});

}  // namespace tf::features
