#include <doctest/doctest.h>

#include <cmath>

#include "cuda/base/philox.hpp"
#include "cuda/series/log_ratio.hpp"

using namespace tf;
using tf::series::log_ratio;

static double ulps(double got, long double truth) {
  const double rounded = static_cast<double>(truth);
  const double ulp = std::nextafter(std::abs(rounded), HUGE_VAL) - std::abs(rounded);
  return static_cast<double>(std::abs(got - truth) / ulp);
}

TEST_CASE("log_ratio is within 2 ulp of the logarithm for neighbouring prices in half ticks") {
  const RandomStream random{5, Purpose::test, 0};
  double worst = 0;
  for (uint64_t draw = 0; draw < 400000; ++draw) {
    const double before = 0.5 * (1 + random.below(2 * draw, draw % 2 ? 1000000 : 300));
    const double now = before + 0.5 * (double(random.below(2 * draw + 1, 101)) - 50);
    if (now <= 0 || now == before) continue;
    const double ratio = now / before;
    if (ratio < 0.72 || ratio > 1.40) continue;
    worst = std::max(worst, ulps(log_ratio(now, before), log1pl((static_cast<long double>(now) - before) / before)));
  }
  MESSAGE("largest error ", worst, " ulp");
  CHECK(worst <= 2);
  CHECK(worst > 0.4);
}

TEST_CASE("log_ratio is within 2 ulp of the logarithm of the rounded ratio everywhere else") {
  const RandomStream random{6, Purpose::test, 0};
  double worst = 0;
  for (uint64_t draw = 0; draw < 200000; ++draw) {
    const double before = std::exp(1400 * (random.uniform(2 * draw) - 0.5)) * 1e-3;
    const double now = before * std::exp(8 * (random.uniform(2 * draw + 1) - 0.5));
    const double ratio = now / before;
    if ((ratio > 0.70 && ratio < 1.42) || !std::isfinite(ratio) || before == 0) continue;
    worst = std::max(worst, ulps(log_ratio(now, before), logl(static_cast<long double>(ratio))));
  }
  MESSAGE("largest error ", worst, " ulp");
  CHECK(worst <= 2);
}

TEST_CASE("log_ratio names its corners") {
  CHECK(log_ratio(5, 5) == 0);
  CHECK(log_ratio(5, 0) == 0);
  CHECK(log_ratio(0, 5) == -HUGE_VAL);
  CHECK(std::isnan(log_ratio(-1, 5)));
  CHECK(std::isnan(log_ratio(std::nan(""), 5)));
  CHECK(std::isnan(log_ratio(5, std::nan(""))));
  CHECK(std::isnan(log_ratio(HUGE_VAL, 5)));
  CHECK(std::isfinite(log_ratio(5e-324, 1)));
  CHECK(log_ratio(5e-324, 1) == doctest::Approx(std::log(5e-324)));
}
