#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "engine/score/statistics.hpp"
#include "series.hpp"

using namespace tf::score;

namespace {
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
}

TEST_CASE("the Kolmogorov-Smirnov distance of the drift pair meets the reference value") {
  const std::vector<double> a = series_a();
  std::vector<double> reference(a.begin(), a.begin() + 500), current(a.begin() + 500, a.end());
  for (double& value : current) value += 0.25;
  CHECK(std::abs(ks_distance(reference, current) - 0.156) < 1e-15);
  CHECK(ks_distance(current, reference) == ks_distance(reference, current));
  CHECK(ks_distance(reference, reference) == 0);
}

TEST_CASE("the distance equals the supremum taken point by point, with ties and NaN") {
  SeriesGenerator generator;
  for (int round = 0; round < 200; ++round) {
    std::vector<double> r, c;
    for (int t = 0; t < 30; ++t) r.push_back(std::floor(generator.uniform() * 8));
    for (int t = 0; t < 17; ++t) c.push_back(std::floor(generator.uniform() * 9));
    double wanted = 0;
    for (double at = 0; at < 10; ++at) {
      const auto share = [&](const std::vector<double>& x) {
        return static_cast<double>(std::count_if(x.begin(), x.end(), [&](double v) { return v <= at; })) /
               static_cast<double>(x.size());
      };
      wanted = std::max(wanted, std::abs(share(r) - share(c)));
    }
    r.insert(r.begin() + 3, kNan);
    c.push_back(kNan);
    CHECK(ks_distance(r, c) == doctest::Approx(wanted).epsilon(1e-15));
  }
  CHECK(std::isnan(ks_distance(std::vector<double>{kNan}, std::vector<double>{1})));
  CHECK(ks_distance(std::vector<double>{0, 1}, std::vector<double>{2, 3}) == 1);
}
