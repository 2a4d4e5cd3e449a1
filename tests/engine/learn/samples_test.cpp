#include "engine/learn/samples.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include "cuda/base/buffer.hpp"

using namespace tf;
using namespace tf::learn;

namespace {
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
}

TEST_CASE("uniqueness meets the book's known answer") {
  // Labels over six bars, {0-2}, {2-3}, {4-5}; the other bars start no label.
  const std::vector<int64_t> t0 = {0, 1, 2, 3, 4, 5}, t1 = {2, 9, 3, 9, 5, 9};
  const std::vector<double> value = {1, kNan, -1, kNan, 0, kNan};
  const std::vector<double> u = uniqueness(t0, t1, value);
  CHECK(u[0] == doctest::Approx(5.0 / 6).epsilon(1e-15));
  CHECK(u[2] == 0.75);
  CHECK(u[4] == 1);
  CHECK(u[1] == 0);
  CHECK(u[3] == 0);
  CHECK((3 * u[0] + 2 * u[2] + 2 * u[4]) / 7 ==
        doctest::Approx(0.857142857142857).epsilon(1e-14));  // over all label-bars
}

TEST_CASE("uniqueness counts time by the bars, whatever their distance in ns") {
  const std::vector<int64_t> near = {0, 1, 2, 3}, far = {0, 1000, 1001, 7'000'000};
  const auto ends = [](const std::vector<int64_t>& t0) { return std::vector<int64_t>{t0[1], t0[2], t0[3], t0[3]}; };
  const std::vector<double> value = {1, 1, 1, 1};
  const auto u = uniqueness(near, ends(near), value);
  CHECK(u == uniqueness(far, ends(far), value));
  CHECK(u[0] == 0.75);
  CHECK(u[1] == 0.5);
}

TEST_CASE("labels that overlap no other are exactly unique, equal ones share") {
  std::vector<int64_t> t0, t1;
  std::vector<double> value;
  for (int64_t bar = 0; bar < 70; ++bar) {
    t0.push_back(bar * 10);
    t1.push_back(bar * 10 + 69);
    value.push_back(bar % 7 == 0 ? 1 : kNan);
  }
  const auto alone = uniqueness(t0, t1, value);
  for (std::size_t bar = 0; bar < 70; ++bar) CHECK(alone[bar] == (bar % 7 == 0 ? 1 : 0));
  const std::vector<int64_t> start = {5, 5, 5, 5}, end = {8, 8, 8, 8};
  for (const double u : uniqueness(start, end, std::vector<double>(4, 1.0))) CHECK(u == 0.25);
  CHECK(uniqueness({}, {}, {}).empty());
}

TEST_CASE("targets are the value, or whether it is above zero; NaN stays") {
  market::LabelTable labels;
  labels.value = {2.5, -1, 0, kNan};
  const auto value = targets(labels, network::Task::regression), sign = targets(labels, network::Task::classification);
  CHECK(value[0] == 2.5);
  CHECK(value[1] == -1);
  CHECK(std::isnan(value[3]));
  CHECK(sign[0] == 1);
  CHECK(sign[1] == 0);
  CHECK(sign[2] == 0);
  CHECK(std::isnan(sign[3]));
}

TEST_CASE("rows are ready where features and target are finite") {
  Buffer<double> features(10);
  features[2] = kNan;                                     // row 1
  features[5] = std::numeric_limits<double>::infinity();  // row 2
  const std::vector<double> target = {1, 1, 1, kNan, 0};
  CHECK(ready_rows(features.panel(5, 2), target) == std::vector<int32_t>{0, 4});
}
