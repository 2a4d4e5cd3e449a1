#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <thread>

#include "cuda/base/error.hpp"
#include "cuda/base/philox.hpp"
#include "engine/score/statistics.hpp"
#include "series.hpp"

using namespace tf::score;

namespace {

bool near(double got, double wanted, double off) { return std::abs(got - wanted) <= off; }

/// Standard normal draws of one simulated history.
std::vector<double> noise(int count, uint32_t history, double mean = 0, double carry = 0) {
  const tf::RandomStream stream{2024, tf::Purpose::test, history};
  std::vector<double> x;
  double last = 0;
  for (int t = 0; t < count; ++t) {
    last = carry * last + normal_quantile(stream.uniform(static_cast<uint64_t>(t)));
    x.push_back(mean + last);
  }
  return x;
}

double rejection_share(int histories, int count, double mean, double carry, double size) {
  const std::vector<double> zeros(count, 0.0);
  int rejected = 0;
  for (int history = 0; history < histories; ++history)
    rejected += paired_bootstrap(noise(count, history, mean, carry), zeros, 5, 199).p_value <= size;
  return static_cast<double>(rejected) / histories;
}

}  // namespace

TEST_CASE("the automatic block length meets the known answers of series A and P") {
  const BlockLength a = block_length(series_a());
  CHECK(near(a.stationary, 6.0634785, 5e-8));
  CHECK(near(a.circular, 6.94095019, 5e-9));
  const auto [first, second] = series_p();
  std::vector<double> d;
  for (std::size_t t = 0; t < first.size(); ++t) d.push_back(first[t] - second[t]);
  CHECK(near(raw_block_length(d).stationary, 0.86996902, 5e-9));
  CHECK(near(raw_block_length(d).circular, 0.99586593, 5e-9));
  CHECK(block_length(d).stationary == 1);
  CHECK(block_length(d).circular == 1);
}

TEST_CASE("the block length stays within its bounds for short, equal and strongly dependent series") {
  CHECK(block_length(std::vector<double>{}).stationary == 1);
  CHECK(block_length(std::vector<double>{3}).stationary == 1);
  CHECK(block_length(std::vector<double>(50, 2.0)).stationary == 1);
  for (int count = 2; count < 40; ++count) {
    const double block = block_length(noise(count, 1, 0, 0.99)).stationary;
    CHECK(block >= 1);
    CHECK(block <= std::max(1.0, std::ceil(std::min(3 * std::sqrt(count), count / 3.0))));
  }
  CHECK(block_length(noise(2000, 3, 0, 0.9)).stationary > 3 * block_length(noise(2000, 3, 0, 0.3)).stationary);
}

TEST_CASE("stationary indices are runs that wrap and whose mean length is the block") {
  const int32_t n = 500;
  const double block = 7;
  double jumps = 0;
  std::vector<int> seen(n);
  for (uint32_t replicate = 0; replicate < 200; ++replicate) {
    const std::vector<int32_t> indices = stationary_indices(n, block, 1, replicate);
    REQUIRE(indices.size() == static_cast<std::size_t>(n));
    for (int32_t position = 0; position < n; ++position) {
      REQUIRE(indices[position] >= 0);
      REQUIRE(indices[position] < n);
      ++seen[indices[position]];
      if (position) jumps += indices[position] != (indices[position - 1] + 1) % n;
    }
  }
  CHECK(near(200.0 * n / jumps, block, 0.15));
  CHECK(*std::min_element(seen.begin(), seen.end()) > 100);
  CHECK(*std::max_element(seen.begin(), seen.end()) < 320);
}

TEST_CASE("a replicate depends on its seed and number alone, so threads and their order change nothing") {
  const std::vector<double> x = series_a(300), zeros(300, 0.0);
  const PairedInterval whole = paired_bootstrap(x, zeros, 11, 400);
  std::vector<double> means(400);
  std::vector<std::thread> threads;
  for (int worker = 0; worker < 3; ++worker)
    threads.emplace_back([&, worker] {
      for (int replicate = 399 - worker; replicate >= 0; replicate -= 3) {
        double sum = 0;
        for (const int32_t index : stationary_indices(300, whole.block, 11, replicate)) sum += x[index];
        means[replicate] = sum / 300;
      }
    });
  for (std::thread& thread : threads) thread.join();
  const auto beyond = std::count_if(means.begin(), means.end(), [&](double m) { return m - whole.mean >= whole.mean; });
  CHECK(whole.p_value == static_cast<double>(beyond + 1) / 401);
  std::sort(means.begin(), means.end());
  CHECK(whole.low >= means[18]);
  CHECK(whole.low <= means[21]);
  CHECK(stationary_indices(300, 5, 11, 0) != stationary_indices(300, 5, 12, 0));
  CHECK(stationary_indices(300, 5, 11, 0) != stationary_indices(300, 5, 11, 1));
}

TEST_CASE("the paired test rejects a true null about as often as its size says") {
  const double independent = rejection_share(1200, 100, 0, 0, 0.10);
  MESSAGE("independent: " << independent);
  CHECK(independent > 0.075);
  CHECK(independent < 0.13);
  const double dependent = rejection_share(600, 250, 0, 0.3, 0.10);
  MESSAGE("AR(1) 0.3: " << dependent);
  CHECK(dependent > 0.06);
  CHECK(dependent < 0.17);
}

TEST_CASE("the paired test finds a real difference and is not fooled by a negative one") {
  CHECK(rejection_share(200, 100, 0.3, 0, 0.10) > 0.90);
  CHECK(rejection_share(200, 100, -0.3, 0, 0.10) < 0.01);
}

TEST_CASE("the interval covers the true mean about as often as its level says") {
  int covered = 0;
  const std::vector<double> zeros(100, 0.0);
  for (int history = 0; history < 600; ++history) {
    const PairedInterval interval = paired_bootstrap(noise(100, history, 0.5), zeros, 3, 199, 0.90);
    covered += interval.low <= 0.5 && 0.5 <= interval.high;
  }
  MESSAGE("covered " << covered << " of 600 at 0.90");
  CHECK(covered > 600 * 0.84);
  CHECK(covered < 600 * 0.94);
}

TEST_CASE("equal sides give p = 1, and missing values give no number at all") {
  const std::vector<double> x = series_a(50);
  CHECK(paired_bootstrap(x, x, 1).p_value == 1);
  CHECK(paired_bootstrap(x, x, 1).mean == 0);
  std::vector<double> holed = x;
  holed[20] = std::numeric_limits<double>::quiet_NaN();
  CHECK(std::isnan(paired_bootstrap(holed, x, 1).p_value));
  CHECK(std::isnan(paired_bootstrap(std::vector<double>{1}, std::vector<double>{0}, 1).p_value));
  CHECK_THROWS_AS(paired_bootstrap(x, series_a(49), 1), tf::Error);
}
