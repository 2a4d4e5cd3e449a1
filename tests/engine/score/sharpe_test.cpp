#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include "engine/score/statistics.hpp"
#include "series.hpp"

using namespace tf::score;

namespace {
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
bool near(double got, double wanted, double off) { return std::abs(got - wanted) <= off; }
}  // namespace

TEST_CASE("the generator of the reference series gives its published first numbers") {
  SeriesGenerator uniforms;
  CHECK(near(uniforms.uniform(), 0.655154048698023, 1e-15));
  CHECK(near(uniforms.uniform(), 0.3048143235500902, 1e-15));
  CHECK(near(uniforms.uniform(), 0.6749606339726597, 1e-15));
  SeriesGenerator normals;
  CHECK(near(normals.normal(), -0.650480605661869, 1e-14));
  CHECK(near(normals.normal(), 1.7978093922138214, 1e-14));
  CHECK(near(normals.normal(), -0.850146971642971, 1e-14));
  CHECK(near(series_p().first[0], 0.010879591503739358, 1e-16));
  CHECK(near(series_p().second[0], -0.010504059407114982, 1e-16));
}

TEST_CASE("the moments of series A and P meet the reference values") {
  const std::vector<double> a = series_a();
  CHECK(near(moments(a).mean, 0.04252737093125085, 1e-14));
  CHECK(near(moments(a).deviation, 1.0567696160075566, 1e-13));
  const auto [first, second] = series_p();
  CHECK(near(sharpe(first), 0.029383384978173575, 1e-14));
  CHECK(near(sharpe(second), 0.003692609952289225, 1e-14));
  CHECK(near(moments(first).skew, -0.2003433254, 5e-11));
  CHECK(near(moments(first).kurtosis, 2.9390954274, 5e-11));
  CHECK(near(moments(second).skew, 0.0201081708, 5e-11));
  CHECK(near(moments(second).kurtosis, 2.7347688484, 5e-11));
}

TEST_CASE("the probabilistic Sharpe ratio meets its published and recomputed values") {
  CHECK(near(psr(0.458, 0, 24, 0, 3), 0.982, 5e-4));
  CHECK(near(psr(0.458, 0, 24, 0, 3), 0.981675, 5e-7));
  CHECK(near(psr(0.458, 0, 24, -2.448, 10.164), 0.913, 5e-4));
  CHECK(near(psr(0.458, 0, 24, -2.448, 10.164), 0.913361, 5e-7));
  const auto [first, second] = series_p();
  const Moments one = moments(first), two = moments(second);
  CHECK(near(psr(sharpe(first), 0, 750, one.skew, one.kurtosis), 0.7886185680495859, 1e-9));
  CHECK(near(psr(sharpe(second), 0, 750, two.skew, two.kurtosis), 0.5402494981249102, 1e-9));
}

TEST_CASE("the expected maximum of normals meets the published values and is 0 for one trial") {
  CHECK(expected_max(1) == 0);
  CHECK(near(expected_max(2), 0.5197553, 5e-8));
  CHECK(near(expected_max(5), 1.1925940, 5e-8));
  CHECK(near(expected_max(10), 1.5745983, 5e-8));
  CHECK(near(expected_max(45), 2.2356402, 5e-8));
  CHECK(near(expected_max(100), 2.5306029, 5e-8));
  CHECK(near(expected_max(1000), 3.2551215, 5e-8));
  CHECK(std::isnan(expected_max(0)));
  for (double trials = 1; trials < 1e6; trials *= 1.1) CHECK(expected_max(trials * 1.1) >= expected_max(trials));
}

TEST_CASE("the deflated Sharpe ratio meets the published example") {
  const double sharpe = 2.5 / std::sqrt(250), variance = 0.5 / 250;
  CHECK(near(std::sqrt(variance) * expected_max(100), 0.1132, 5e-5));
  CHECK(near(std::sqrt(variance) * expected_max(100), 0.113172, 5e-7));
  CHECK(near(dsr(sharpe, 1250, -3, 10, 100, variance), 0.9004, 5e-5));
  CHECK(near(dsr(sharpe, 1250, -3, 10, 100, variance), 0.900397, 5e-7));
  CHECK(near(dsr(sharpe, 1250, -3, 10, 46, variance), 0.9505, 5e-5));
  CHECK(near(dsr(sharpe, 1250, -3, 10, 46, variance), 0.950502, 5e-7));
  CHECK(near(dsr(sharpe, 1250, 0, 3, 88, variance), 0.9505, 5e-5));
  CHECK(near(dsr(sharpe, 1250, 0, 3, 88, variance), 0.950491, 5e-7));
  CHECK(dsr(sharpe, 1250, -3, 10, 1, variance) == psr(sharpe, 0, 1250, -3, 10));
}

TEST_CASE("the minimum track record length meets the published table and uses the kurtosis") {
  const auto years = [](double per_year, double skew, double kurtosis) {
    return min_trl(2 / std::sqrt(per_year), 1 / std::sqrt(per_year), skew, kurtosis) / per_year;
  };
  CHECK(near(years(252, 0, 3), 2.73, 5e-3));
  CHECK(near(years(252, 0, 3), 2.7310, 5e-5));
  CHECK(near(years(52, 0, 3), 2.8288, 5e-5));
  CHECK(near(years(12, 0, 3), 3.2398, 5e-5));
  CHECK(near(years(12, -0.72, 5.78), 4.99, 5e-3));
  CHECK(near(years(12, -0.72, 5.78), 4.9913, 5e-5));
  CHECK(years(12, -0.72, 5.78) > years(12, -0.72, 3));
  CHECK(min_trl(0.1, 0.1, 0, 3) == std::numeric_limits<double>::infinity());
}

TEST_CASE("five years carry at most 45 trials for an expected maximum of 1") {
  CHECK(near(min_btl_years(45, 1), 4.9981, 5e-5));
  CHECK(min_btl_years(46, 1) > 5);
  for (const double trials : {2., 10., 1e4}) CHECK(min_btl_years(trials, 1) < 2 * std::log(trials));
}

TEST_CASE("what is undefined is NaN, never a number that could pass") {
  CHECK(std::isnan(sharpe(std::vector<double>{})));
  CHECK(std::isnan(sharpe(std::vector<double>{1})));
  CHECK(std::isnan(sharpe(std::vector<double>{0.1, 0.1, 0.1})));
  CHECK(std::isnan(sharpe(std::vector<double>{1, kNan, 2})));
  CHECK(moments(std::vector<double>{0.1, 0.1, 0.1}).deviation == 0);
  CHECK(std::isnan(psr(kNan, 0, 100, 0, 3)));
  CHECK(std::isnan(psr(1, 0, 1, 0, 3)));
  CHECK(std::isnan(psr(1, 0, 100, 5, 3)));
  CHECK(std::isnan(dsr(1, 100, 0, 3, 0, 0.1)));
  CHECK(std::isnan(dsr(1, 100, 0, 3, 10, kNan)));
  CHECK(std::isnan(min_trl(kNan, 0, 0, 3)));
  CHECK(std::isnan(normal_quantile(kNan)));
}

TEST_CASE("the normal quantile inverts the normal probability") {
  CHECK(near(normal_quantile(0.95), 1.6448536269514722, 1e-14));
  CHECK(near(normal_cdf(1.959963984540054), 0.975, 1e-15));
  for (double z = -8; z <= 5; z += 0.25) CHECK(near(normal_quantile(normal_cdf(z)), z, 1e-9));
  CHECK(normal_quantile(0) == -std::numeric_limits<double>::infinity());
}
