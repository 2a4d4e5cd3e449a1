#include "cuda/market/trend_scan.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "cuda/base/error.hpp"
#include "tests/cuda/market/label_market.hpp"

using namespace tf;
using namespace tf::market;

namespace {

/// t-value of the slope from centred sums, the textbook's way.
long double textbook_t(const std::vector<int64_t>& prices, int points) {
  long double mean_x = (points - 1) / 2.0L, mean_y = 0, xx = 0, xy = 0, rest = 0;
  for (int at = 0; at < points; ++at) mean_y += static_cast<long double>(prices[at] - prices[0]) / points;
  for (int at = 0; at < points; ++at) {
    xx += (at - mean_x) * (at - mean_x);
    xy += (at - mean_x) * (static_cast<long double>(prices[at] - prices[0]) - mean_y);
  }
  const long double slope = xy / xx;
  for (int at = 0; at < points; ++at) {
    const long double residual = static_cast<long double>(prices[at] - prices[0]) - mean_y - slope * (at - mean_x);
    rest += residual * residual;
  }
  return slope / std::sqrt(rest / (points - 2) / xx);
}

}  // namespace

TEST_CASE("the strongest window and its t-value are those of plain regressions, at any size of prices") {
  for (const int64_t scale : {1, 1000, 400'000}) {
    const RandomStream random{4, Purpose::test, static_cast<uint32_t>(scale)};
    std::vector<int64_t> prices{30'000'000};
    for (uint64_t at = 1; at < 200; ++at)
      prices.push_back(prices.back() + (static_cast<int64_t>(random.below(at, 9)) - 4) * scale +
                       static_cast<int64_t>(random.below(1000 + at, 3)));
    for (const int shortest : {3, 5, 20})
      for (const int longest : {20, 60, 200}) {
        const Trend trend = strongest_trend(prices, shortest, longest);
        int want = 0;
        long double most = -1;
        for (int points = shortest; points <= longest; ++points) {
          const long double t = textbook_t(prices, points);
          if (std::fabs(t) > most * (1 + 1e-12L)) most = std::fabs(t), want = points;
        }
        CHECK(trend.window == want);
        CHECK(trend.t == doctest::Approx(static_cast<double>(textbook_t(prices, want))).epsilon(1e-10));
      }
  }
}

TEST_CASE("of equal windows the shortest is kept: flat, perfect and mirrored lines") {
  CHECK(strongest_trend(std::vector<int64_t>(9, 5), 4, 9).window == 4);
  CHECK(strongest_trend(std::vector<int64_t>(9, 5), 4, 9).t == 0);
  const Trend up = strongest_trend(std::vector<int64_t>{1, 3, 5, 7, 9, 11}, 3, 6);
  CHECK(up.window == 3);
  CHECK(up.t == std::numeric_limits<double>::infinity());
  CHECK(strongest_trend(std::vector<int64_t>{9, 8, 7, 6, 5}, 4, 5).t == -std::numeric_limits<double>::infinity());
  // 0 1 0: no slope; 0 1 0 1: some.
  const Trend late = strongest_trend(std::vector<int64_t>{0, 1, 0, 1}, 3, 4);
  CHECK(late.window == 4);
  CHECK(late.t == doctest::Approx(std::sqrt(0.5)).epsilon(1e-15));  // slope 0.2, residuals 0.8: 0.2 / sqrt(0.4 / 5)
}

TEST_CASE("a trend does not know the level of its prices") {
  const RandomStream random{9, Purpose::test, 1};
  std::vector<int64_t> low, high;
  for (uint64_t at = 0; at < 50; ++at) {
    low.push_back(static_cast<int64_t>(random.below(at, 40)) - 20);
    high.push_back(low.back() + 2'000'000'000);
  }
  const Trend a = strongest_trend(low, 5, 50), b = strongest_trend(high, 5, 50);
  CHECK(a.t == b.t);
  CHECK(a.window == b.window);
}

TEST_CASE("prices too far apart for exact sums give NaN, wrong windows are refused") {
  std::vector<int64_t> prices(100, 0);
  prices[80] = int64_t{1} << 25;
  CHECK(std::isnan(strongest_trend(prices, 3, 100).t));
  CHECK(!std::isnan(strongest_trend(prices, 3, 80).t));
  --prices[80];
  CHECK(!std::isnan(strongest_trend(prices, 3, 100).t));
  CHECK_THROWS_AS(strongest_trend(prices, 2, 5), Error);
  CHECK_THROWS_AS(strongest_trend(prices, 5, 101), Error);
}

TEST_CASE("a trend label is resolved when its longest window is known, whichever window won") {
  const LabelMarket market = label_market(21, 2, 60);
  LabelSpec spec;
  spec.kind = "trend_scan";
  spec.window_min = 4;
  spec.window_max = 12;
  const LabelTable labels = make_labels(spec, market.bars);
  const std::size_t rows = labels.value.size();
  int shorter = 0, labelled = 0;
  for (std::size_t bar = 0; bar < rows; ++bar) {
    const bool whole = bar + 11 < rows && market.bars.day[bar + 11] == market.bars.day[bar];
    REQUIRE(std::isnan(labels.value[bar]) == !whole);
    if (!whole) continue;
    ++labelled;
    CHECK(labels.t1[bar] == market.bars.known_ts[bar + 11]);
    CHECK(labels.trend_end[bar] <= labels.t1[bar]);
    CHECK(labels.trend_end[bar] >= market.bars.known_ts[bar + 3]);
    CHECK(labels.value[bar] == (labels.trend_t[bar] > 0) - (labels.trend_t[bar] < 0));
    shorter += labels.trend_end[bar] < labels.t1[bar];
  }
  CHECK(labelled > 40);
  CHECK(shorter > 10);
}
