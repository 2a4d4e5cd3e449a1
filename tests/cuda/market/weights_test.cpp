#include "cuda/market/weights.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include "cuda/base/error.hpp"
#include "tests/cuda/market/label_market.hpp"

using namespace tf;
using namespace tf::market;

namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

/// Labels over six bars, {0-2}, {2-3}, {4-5}; the other bars start no label.
Overlap book() {
  const std::vector<int64_t> t0 = {0, 1, 2, 3, 4, 5}, t1 = {2, 9, 3, 9, 5, 9};
  const std::vector<double> value = {1, kNan, -1, kNan, 0, kNan};
  return overlap_of(t0, t1, value);
}

}  // namespace

TEST_CASE("concurrency and uniqueness of the book's labels: 5/6, 3/4 and 1, overall 6/7") {
  const Overlap overlap = book();
  CHECK(overlap.open == std::vector<int32_t>{1, 1, 2, 1, 1, 1});
  const std::vector<double> u = average_uniqueness(overlap);
  CHECK(u[0] == doctest::Approx(5.0 / 6).epsilon(1e-15));
  CHECK(u[2] == 0.75);
  CHECK(u[4] == 1);
  CHECK(u[1] == 0);
  CHECK((3 * u[0] + 2 * u[2] + 2 * u[4]) / 7 == doctest::Approx(0.857142857).epsilon(1e-9));
}

TEST_CASE("a return is shared by the labels that are open, and its sign does not matter") {
  const std::vector<double> change = {4, -1, 6, 2, -3, -5};
  const std::vector<double> w = return_attribution(book(), change);
  CHECK(w[0] == 6);  // 4 - 1 + 6/2
  CHECK(w[2] == 5);  // 6/2 + 2
  CHECK(w[4] == 8);  // |-3 - 5|
  CHECK(w[1] == 0);
}

TEST_CASE("changes start anew each day, and bars known at one time add up") {
  BarTable bars;
  const double mids[] = {10, 12, 15, 100, 90, 95};
  const int64_t known[] = {1, 2, 2, 5, 6, 7};
  for (int bar = 0; bar < 6; ++bar) {
    for (auto& column : bars.column) column.push_back(mids[bar]);
    bars.known_ts.push_back(known[bar]);
    bars.day.push_back(bar / 3);
  }
  bars.column[static_cast<int>(series::BarColumn::ask)][5] = kNan;
  const Overlap overlap = overlap_of(bars.known_ts, bars.known_ts, std::vector<double>(6, 1.0));
  CHECK(changes_of(overlap, bars) == std::vector<double>{0, 5, 0, -10, 0});
}

TEST_CASE("age is counted in uniqueness: the decay of the book at 1, 0.5, 0, -0.5 and -1") {
  const std::vector<double> u = {1, 0.5, 0.5, 1, 1};  // newer: 3, 2.5, 2, 1, 0 of 4
  const auto same = [&](double decay, const std::vector<double>& want) {
    const std::vector<double> factor = time_decay(u, decay);
    for (std::size_t row = 0; row < u.size(); ++row) CHECK(factor[row] == doctest::Approx(want[row]).epsilon(1e-15));
  };
  same(1, {1, 1, 1, 1, 1});
  same(0.5, {0.625, 0.6875, 0.75, 0.875, 1});
  same(0, {0.25, 0.375, 0.5, 0.75, 1});
  same(-0.5, {0, 0, 0, 0.5, 1});  // half of 4 is gone at age 2
  same(-1, {0, 0, 0, 0, 1});
  CHECK(time_decay({}, 0.5).empty());
  CHECK_THROWS_AS(time_decay(u, 1.5), Error);
}

TEST_CASE("balanced classes weigh the same, and all together as before") {
  const std::vector<double> weights = {1, 1, 2, 2, 2}, targets = {-3, 0, 0, 5, 7};
  const ClassBalance balance = class_balance(weights, targets);
  CHECK(1 * balance.of(-1) == doctest::Approx(8.0 / 3).epsilon(1e-15));
  CHECK(3 * balance.of(0) == doctest::Approx(8.0 / 3).epsilon(1e-15));
  CHECK(4 * balance.of(2) == doctest::Approx(8.0 / 3).epsilon(1e-15));
  const std::vector<double> two = {0, 1, 1, 1, 1};
  CHECK(class_balance(std::vector<double>(5, 1.0), two).below == 1);
  CHECK(class_balance(std::vector<double>(5, 1.0), two).zero == 2.5);
}

TEST_CASE("weights of a fold are the product of what is on, with mean 1 over its training rows") {
  WeightParts parts;
  parts.uniqueness = {1, 0.5, 0.5, 1, 0.25, 1, 1};
  parts.attribution = {2, 4, 6, 1, 8, 3, 3};
  const std::vector<double> target = {1, 0, 1, 1, 0, 1, 0};
  const std::vector<int32_t> train = {0, 1, 2, 4}, valid = {5, 6};
  WeightSpec spec;
  const auto mean_of = [&](const std::vector<double>& w) { return (w[0] + w[1] + w[2] + w[4]) / 4; };

  std::vector<double> w = fold_weights(spec, parts, target, train, valid);
  CHECK(mean_of(w) == doctest::Approx(1).epsilon(1e-15));
  CHECK(w[0] == doctest::Approx(2 * w[1]).epsilon(1e-15));
  CHECK(w[5] == w[0]);
  CHECK(w[3] == 0);

  spec = {false, true, 0.5, true};
  w = fold_weights(spec, parts, target, train, valid);
  CHECK(mean_of(w) == doctest::Approx(1).epsilon(1e-15));
  CHECK(w[0] + w[2] == doctest::Approx(w[1] + w[4]).epsilon(1e-15));
  // Uniqueness 2.25 in all; newer than rows 0 and 2: 1.25 and 0.25.
  CHECK(w[0] / w[2] == doctest::Approx(2 * (1 - 0.5 * 1.25 / 2.25) / (6 * (1 - 0.5 * 0.25 / 2.25))).epsilon(1e-14));
  CHECK(w[5] / w[0] == doctest::Approx(3 / (2 * (1 - 0.5 * 1.25 / 2.25))).epsilon(1e-14));

  parts.attribution.assign(7, 0.0);
  for (const double weight : fold_weights(spec, parts, target, train, valid)) CHECK(weight == 0);
  for (const double weight : fold_weights(spec, parts, target, {}, {})) CHECK(weight == 0);
}

TEST_CASE("nothing outside the training rows moves their weights") {
  const LabelMarket market = label_market(3, 2, 80);
  LabelSpec label;
  const LabelTable labels = make_labels(label, market.bars);
  const WeightSpec spec{true, true, -0.4, true};
  const WeightParts parts = weight_parts(spec, market.bars, labels.t0, labels.t1, labels.value);
  std::vector<int32_t> train, valid;
  for (int32_t row = 0; row < static_cast<int32_t>(labels.value.size()); ++row)
    if (!std::isnan(labels.value[row])) (row < 40 ? train : valid).push_back(row);
  std::vector<double> other = labels.value;
  for (const int32_t row : valid) other[row] = -other[row];
  const std::vector<double> a = fold_weights(spec, parts, labels.value, train, valid),
                            b = fold_weights(spec, parts, other, train, {});
  for (const int32_t row : train) CHECK(a[row] == b[row]);
  double sum = 0;
  for (const int32_t row : train) sum += a[row];
  CHECK(sum / static_cast<double>(train.size()) == doctest::Approx(1).epsilon(1e-14));
}
