#include "cuda/market/weights.hpp"

#include <algorithm>
#include <cmath>

#include "cuda/base/error.hpp"

namespace tf::market {

std::span<const Field> WeightSpec::fields() {
  using P = WeightSpec;
  static const Field table[] = {
      TF_FIELD(P, uniqueness, 0, 1, "", "weigh by the label's average uniqueness"),
      TF_FIELD(P, attribution, 0, 1, "", "weigh by the absolute return attributed to the label"),
      TF_FIELD(P, decay, -1, 1, "",
               "weight of the oldest training row, linear in cumulated uniqueness; below 0: that share has none"),
      TF_FIELD(P, balance, 0, 1, "", "targets below, at and above 0 weigh the same in total")};
  return table;
}

Overlap overlap_of(std::span<const int64_t> t0, std::span<const int64_t> t1, std::span<const double> value) {
  expect(t0.size() == t1.size() && t0.size() == value.size(), "labels have as many starts, ends and values");
  Overlap overlap;
  std::vector<int64_t>& times = overlap.times;
  times.assign(t0.begin(), t0.end());
  std::sort(times.begin(), times.end());
  times.erase(std::unique(times.begin(), times.end()), times.end());

  std::vector<int32_t> change(times.size() + 1, 0);
  for (std::size_t label = 0; label < value.size(); ++label) {
    const int64_t first = std::lower_bound(times.begin(), times.end(), t0[label]) - times.begin();
    overlap.first.push_back(first);
    overlap.end.push_back(first);
    if (std::isnan(value[label])) continue;
    expect(t0[label] <= t1[label], "a label is not resolved before it starts");
    const int64_t end = std::upper_bound(times.begin(), times.end(), t1[label]) - times.begin();
    overlap.end.back() = end;
    ++change[static_cast<std::size_t>(first)];
    --change[static_cast<std::size_t>(end)];
  }
  int32_t open = 0;
  for (std::size_t bar = 0; bar < times.size(); ++bar) overlap.open.push_back(open += change[bar]);
  return overlap;
}

namespace {

/// Sum over the bars of each label of share[bar]; per label, not by differences of a running sum, so that a sum knows
/// nothing of the bars outside.
std::vector<double> sums_over(const Overlap& overlap, std::span<const double> share) {
  std::vector<double> sums(overlap.first.size(), 0.0);
  for (std::size_t label = 0; label < sums.size(); ++label) {
    double sum = 0;
    for (int64_t bar = overlap.first[label]; bar < overlap.end[label]; ++bar)
      sum += share[static_cast<std::size_t>(bar)];
    sums[label] = sum;
  }
  return sums;
}

}  // namespace

std::vector<double> average_uniqueness(const Overlap& overlap) {
  std::vector<double> share;  // unread where no label is open
  for (const int32_t open : overlap.open) share.push_back(1.0 / open);
  std::vector<double> result = sums_over(overlap, share);
  for (std::size_t label = 0; label < result.size(); ++label)
    if (const int64_t bars = overlap.end[label] - overlap.first[label]) result[label] /= static_cast<double>(bars);
  return result;
}

std::vector<double> return_attribution(const Overlap& overlap, std::span<const double> change) {
  expect(change.size() == overlap.open.size(), "one change a bar");
  std::vector<double> share;
  for (std::size_t bar = 0; bar < change.size(); ++bar) share.push_back(change[bar] / overlap.open[bar]);
  std::vector<double> result = sums_over(overlap, share);
  for (double& sum : result) sum = std::fabs(sum);
  return result;
}

std::vector<double> changes_of(const Overlap& overlap, const BarTable& bars) {
  const std::vector<double>&bid = bars.column[static_cast<int>(series::BarColumn::bid)],
        &ask = bars.column[static_cast<int>(series::BarColumn::ask)];
  std::vector<double> change(overlap.times.size(), 0.0);
  for (std::size_t row = 1; row < bid.size(); ++row) {
    const double moved = 0.5 * (bid[row] + ask[row]) - 0.5 * (bid[row - 1] + ask[row - 1]);
    if (bars.day[row] != bars.day[row - 1] || std::isnan(moved)) continue;
    // Bars known at one time are one point of time: their changes add up.
    const auto at = std::lower_bound(overlap.times.begin(), overlap.times.end(), bars.known_ts[row]);
    expect(at != overlap.times.end() && *at == bars.known_ts[row], "labels start where bars are known");
    change[static_cast<std::size_t>(at - overlap.times.begin())] += moved;
  }
  return change;
}

std::vector<double> time_decay(std::span<const double> uniqueness, double decay) {
  expect(decay >= -1 && decay <= 1, "decay lies in [-1, 1]");
  double total = 0;
  for (const double unique : uniqueness) total += unique;
  const double slope = decay >= 0 ? (1 - decay) / total : 1 / ((1 + decay) * total);
  // Cumulated from the newest, so that its weight is exactly 1.
  std::vector<double> factor(uniqueness.size(), 1.0);
  double newer = 0;
  for (std::size_t row = uniqueness.size(); row-- > 0; newer += uniqueness[row])
    if (newer > 0) factor[row] = std::max(0.0, 1 - slope * newer);
  return factor;
}

ClassBalance class_balance(std::span<const double> weights, std::span<const double> targets) {
  expect(weights.size() == targets.size(), "one weight a target");
  double below = 0, zero = 0, above = 0;
  for (std::size_t row = 0; row < weights.size(); ++row)
    (targets[row] > 0 ? above : targets[row] < 0 ? below : zero) += weights[row];
  const int classes = (below > 0) + (zero > 0) + (above > 0);
  const double total = below + zero + above;
  const auto factor = [&](double mass) { return mass > 0 ? total / (classes * mass) : 1; };
  return {factor(below), factor(zero), factor(above)};
}

WeightParts weight_parts(const WeightSpec& spec, const BarTable& bars, std::span<const int64_t> t0,
                         std::span<const int64_t> t1, std::span<const double> value) {
  const Overlap overlap = overlap_of(t0, t1, value);
  WeightParts parts;
  parts.uniqueness = average_uniqueness(overlap);
  if (spec.attribution) parts.attribution = return_attribution(overlap, changes_of(overlap, bars));
  return parts;
}

std::vector<double> fold_weights(const WeightSpec& spec, const WeightParts& parts, std::span<const double> target,
                                 std::span<const int32_t> train_rows, std::span<const int32_t> valid_rows) {
  const auto product = [&](int32_t row) {
    const auto at = static_cast<std::size_t>(row);
    return (spec.uniqueness ? parts.uniqueness[at] : 1) * (spec.attribution ? parts.attribution[at] : 1);
  };
  std::vector<double> unique, train, classes;
  for (const int32_t row : train_rows) {
    unique.push_back(parts.uniqueness[static_cast<std::size_t>(row)]);
    train.push_back(product(row));
    classes.push_back(target[static_cast<std::size_t>(row)]);
  }
  if (spec.decay != 1) {
    const std::vector<double> factor = time_decay(unique, spec.decay);
    for (std::size_t at = 0; at < train.size(); ++at) train[at] *= factor[at];
  }
  const ClassBalance balance = spec.balance ? class_balance(train, classes) : ClassBalance{};
  double total = 0;
  for (std::size_t at = 0; at < train.size(); ++at) total += train[at] *= balance.of(classes[at]);

  std::vector<double> weights(target.size(), 0.0);
  if (!(total > 0)) return weights;
  const double scale = static_cast<double>(train.size()) / total;
  for (std::size_t at = 0; at < train.size(); ++at)
    weights[static_cast<std::size_t>(train_rows[at])] = train[at] * scale;
  for (const int32_t row : valid_rows)
    weights[static_cast<std::size_t>(row)] = product(row) * balance.of(target[static_cast<std::size_t>(row)]) * scale;
  return weights;
}

}  // namespace tf::market
