// Sample weights from the overlap of labels: uniqueness, return attribution, time decay, balance of the classes.
// Lopez de Prado, Advances in Financial ML, chapter 4.
#pragma once
#include <cstdint>
#include <span>
#include <vector>

#include "cuda/base/fields.hpp"
#include "cuda/market/bars.hpp"

namespace tf::market {

/// The weight of a training row is the product of what is switched on.
struct WeightSpec {
  bool uniqueness = true;    ///< average uniqueness of the label
  bool attribution = false;  ///< return attributed to the label
  double decay = 1;          ///< of the oldest training row, see time_decay
  bool balance = false;      ///< the signs of the target weigh the same in total
  static std::span<const Field> fields();
};

/// Which bars each label covers, and how many labels cover each bar. Time is measured at the start times of all labels
/// (one a bar, so also the bars whose label is NaN), intervals are closed: labels {0-2} and {2-3} share bar 2.
struct Overlap {
  std::vector<int64_t> times;       ///< start times, ascending, each once; a bar below is an index into them
  std::vector<int64_t> first, end;  ///< bars [first, end) of each label; empty where its value is NaN
  std::vector<int32_t> open;        ///< labels that cover each bar (concurrency)
};
Overlap overlap_of(std::span<const int64_t> t0, std::span<const int64_t> t1, std::span<const double> value);

/// Mean of 1/concurrency over the bars of each label; exactly 1 for labels that overlap no other, 0 for NaN labels.
std::vector<double> average_uniqueness(const Overlap& overlap);

/// |sum over the bars of each label of change / concurrency|, with `change` the one that ends at the bar (so the first
/// bar of a label counts the change into it, as in the book). 0 for NaN labels.
std::vector<double> return_attribution(const Overlap& overlap, std::span<const double> change);

/// For return_attribution: change of the closing mid in ticks into each bar of overlap.times; 0 into the first bar of a
/// day and where a side of the touch is missing. Ticks, not logarithms: prices may be 0 or below.
std::vector<double> changes_of(const Overlap& overlap, const BarTable& bars);

/// Weight by age, measured in cumulated uniqueness, oldest first: 1 for the newest, linear down to `decay` at age
/// total (decay in [0, 1]); decay in [-1, 0): linear down to 0 at the share 1 + decay of the total, 0 before.
/// decay = 1: all 1; decay = -1: only the newest is left.
std::vector<double> time_decay(std::span<const double> uniqueness, double decay);

/// Factor of each class (below 0, 0, above 0) that gives the classes that are there the same total, the grand total
/// kept; 1 for a class without weight.
struct ClassBalance {
  double below = 1, zero = 1, above = 1;
  double of(double target) const { return target > 0 ? above : target < 0 ? below : zero; }
};
ClassBalance class_balance(std::span<const double> weights, std::span<const double> targets);

/// What of the weights does not depend on the fold: one a label. attribution is empty unless asked for.
struct WeightParts {
  std::vector<double> uniqueness, attribution;
};
WeightParts weight_parts(const WeightSpec& spec, const BarTable& bars, std::span<const int64_t> t0,
                         std::span<const int64_t> t1, std::span<const double> value);

/// The weights of one fold, one a bar, 0 outside its rows (both ascending). Decay, class totals and the scale (mean 1
/// over the training rows) are taken from the training rows alone; validation rows are newer than all of them: decay 1.
/// All 0 where the product leaves nothing of the training rows.
std::vector<double> fold_weights(const WeightSpec& spec, const WeightParts& parts, std::span<const double> target,
                                 std::span<const int32_t> train_rows, std::span<const int32_t> valid_rows);

}  // namespace tf::market
