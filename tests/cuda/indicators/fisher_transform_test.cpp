#include <doctest/doctest.h>

#include "tests/cuda/series/sample_rows.hpp"

using namespace tf;

TEST_CASE("the smoothed place goes through atanh and adds half the bar before") {
  // row 1: place 1/2 of the range above its middle, 0.66 / 2; row 2: flat, 0.67 of that
  const sample::Rows rows = sample::rows_of_closes({1, 3, 3});
  const std::vector<double> got = sample::values_of({}, sample::instance({}, "fisher_transform", {2}), rows);
  CHECK(std::isnan(got[1]));
  CHECK(got[2] == doctest::Approx(std::atanh(0.33)).epsilon(1e-12));
  CHECK(got[3] == doctest::Approx(0).epsilon(1e-12));
  CHECK(got[4] == doctest::Approx(std::atanh(0.67 * 0.33) + std::atanh(0.33) / 2).epsilon(1e-12));
  CHECK(got[5] == doctest::Approx(std::atanh(0.33)).epsilon(1e-12));
}

TEST_CASE("the place is held at 0.999") {
  // new highs all along: 0.33 (1 + 0.67 + ...) reaches 0.99; twice atanh(0.999) is the limit
  std::vector<double> closes;
  while (closes.size() < 80) closes.push_back(static_cast<double>(closes.size()));
  const sample::Rows rows = sample::rows_of_closes(closes);
  const std::vector<double> got = sample::values_of({}, sample::instance({}, "fisher_transform", {2}), rows);
  CHECK(got[158] == doctest::Approx(2 * std::atanh(0.999)).epsilon(1e-12));
}
