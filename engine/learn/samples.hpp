// From labels to what a trainer may see: targets, weights, and which rows are ready.
#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "cuda/base/view.hpp"
#include "cuda/market/labels.hpp"
#include "cuda/network/network.hpp"

namespace tf::learn {

/// Targets per bar: the label's value (regression) or value > 0 as 0/1 (classification); NaN where the label is NaN.
std::vector<double> targets(const market::LabelTable& labels, network::Task task);

/// Average uniqueness of each label (cuda/market/weights.hpp): exactly 1 for labels that overlap no other; NaN labels
/// get 0 and count for no one.
std::vector<double> uniqueness(std::span<const int64_t> t0, std::span<const int64_t> t1, std::span<const double> value);

/// Rows whose features and target are all finite, ascending.
std::vector<int32_t> ready_rows(Panel<const double> features, std::span<const double> target);

}  // namespace tf::learn
