#include <doctest/doctest.h>

#include "tests/cuda/series/sample_rows.hpp"

using namespace tf;
using sample::instance;
using sample::rows_of_closes;
using sample::values_of;

static const Exec kExec;

TEST_CASE("deviations of the returns together over each alone") {
  // returns 2, 0, 1 and 1, 2, 0 times ln 2, all means 1: -1 / sqrt(2 * 2)
  sample::Rows rows = rows_of_closes({1, 4, 4, 8});
  rows.bar[static_cast<int>(series::BarColumn::reference)] = {1, 2, 8, 8};
  const std::vector<double> got = values_of(kExec, instance(kExec, "return_correlation", {3}), rows);
  CHECK(std::isnan(got[2]));
  CHECK(got[3] == doctest::Approx(-0.5).epsilon(1e-12));
}

TEST_CASE("no correlation before there is a reference, nor with a standing one") {
  sample::Rows rows = rows_of_closes({1, 4, 4, 8, 16});
  rows.bar[static_cast<int>(series::BarColumn::reference)] = {std::nan(""), 2, 2, 2, 2};
  const std::vector<double> got = values_of(kExec, instance(kExec, "return_correlation", {2}), rows);
  CHECK(std::isnan(got[2]));
  CHECK(got[3] == 0);
}
