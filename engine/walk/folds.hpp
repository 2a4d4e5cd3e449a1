// Folds by trading days, purged from the label intervals and the features' lookback (Lopez de Prado, Advances in
// Financial ML, ch. 7).
#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "engine/features/table.hpp"
#include "engine/walk/setup.hpp"

namespace tf::walk {

/// The closed interval of time a sample looks at: from the oldest row of its features to the resolution of its label.
struct Interval {
  int64_t begin = 0, end = 0;
};

/// One interval a row of the table.
std::vector<Interval> sample_intervals(const features::Table& table, const market::LabelTable& labels,
                                       int64_t lookback_bars, features::Carry carry);

/// Keeps the rows whose interval does not intersect [begin of the first test sample, end of the last], and whose t0
/// does not lie within `embargo_ns` after it; with gap_before also none that ends within embargo_ns before it.
std::vector<int32_t> purge(std::span<const int32_t> train_rows, std::span<const int32_t> test_rows,
                           std::span<const Interval> intervals, std::span<const int64_t> t0, int64_t embargo_ns,
                           bool gap_before = false);

struct Fold {
  int32_t index = 0;
  std::vector<int32_t> train, valid;           ///< rows with ready features and a mature label
  std::vector<int32_t> test_days;              ///< indices into Table::days
  int64_t purged = 0;                          ///< training rows dropped
  Interval train_span, valid_span, test_span;  ///< for the timeline; purge and embargo lie between
  int64_t embargo_ns = 0;
};

struct Plan {
  std::vector<Fold> folds;
  Fold final_fit;  ///< the newest training window, no test: what is deployed
};

/// Plans the folds over all days of the table. `ready` = rows whose features and target are finite. Throws
/// Error{bad_data} when there are too few days, saying how many are needed.
Plan plan_folds(const features::Table& table, const market::LabelTable& labels, std::span<const int32_t> ready,
                int64_t lookback_bars, features::Carry carry, const FoldSpec& spec);

}  // namespace tf::walk
