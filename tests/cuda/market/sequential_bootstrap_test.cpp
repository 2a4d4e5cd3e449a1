#include "cuda/market/sequential_bootstrap.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "cuda/base/error.hpp"

using namespace tf;
using namespace tf::market;

namespace {

// The book's three labels over six bars: {0-2}, {2-3}, {4-5}.
const std::vector<int64_t> kFirst = {0, 2, 4}, kEnd = {3, 4, 6};

/// Mean over the drawn labels of their average uniqueness among themselves.
double mean_uniqueness(const std::vector<int64_t>& drawn) {
  int open[6] = {};
  for (const int64_t label : drawn)
    for (int64_t bar = kFirst[label]; bar < kEnd[label]; ++bar) ++open[bar];
  double total = 0;
  for (const int64_t label : drawn) {
    double sum = 0;
    for (int64_t bar = kFirst[label]; bar < kEnd[label]; ++bar) sum += 1.0 / open[bar];
    total += sum / static_cast<double>(kEnd[label] - kFirst[label]);
  }
  return total / static_cast<double>(drawn.size());
}

/// Probabilities by the definition, from scratch.
std::vector<double> plain_probabilities(const std::vector<int64_t>& first, const std::vector<int64_t>& end,
                                        const std::vector<int64_t>& drawn) {
  std::vector<double> open(static_cast<std::size_t>(*std::max_element(end.begin(), end.end())), 0), weight;
  for (const int64_t label : drawn)
    for (int64_t bar = first[label]; bar < end[label]; ++bar) open[bar] += 1;
  double total = 0;
  for (std::size_t label = 0; label < first.size(); ++label) {
    double sum = 0;
    for (int64_t bar = first[label]; bar < end[label]; ++bar) sum += 1 / (1 + open[bar]);
    weight.push_back(end[label] > first[label] ? sum / static_cast<double>(end[label] - first[label]) : 0);
    total += weight.back();
  }
  for (double& value : weight) value /= total;
  return weight;
}

}  // namespace

TEST_CASE("the book's three labels: after the second, the next draw has the odds 5, 3 and 6 of 14") {
  SequentialBootstrap bootstrap(kFirst, kEnd);
  for (const int64_t label : {0, 1, 2}) CHECK(bootstrap.probability(label) == doctest::Approx(1.0 / 3).epsilon(1e-15));
  bootstrap.draw(1);
  CHECK(bootstrap.probability(0) == doctest::Approx(5.0 / 14).epsilon(1e-12));
  CHECK(bootstrap.probability(1) == doctest::Approx(3.0 / 14).epsilon(1e-12));
  CHECK(bootstrap.probability(2) == doctest::Approx(6.0 / 14).epsilon(1e-12));
}

TEST_CASE("over all 27 draws of three labels the expected uniqueness is 0.6420, and 0.7056 when drawn in sequence") {
  double standard = 0, sequential = 0, total = 0;
  for (const int64_t one : {0, 1, 2})
    for (const int64_t two : {0, 1, 2})
      for (const int64_t three : {0, 1, 2}) {
        SequentialBootstrap bootstrap(kFirst, kEnd);
        double probability = 1;
        for (const int64_t label : {one, two, three}) {
          probability *= bootstrap.probability(label);
          bootstrap.draw(label);
        }
        const double unique = mean_uniqueness({one, two, three});
        standard += unique / 27;
        sequential += unique * probability;
        total += probability;
      }
  CHECK(total == doctest::Approx(1).epsilon(1e-13));
  CHECK(standard == doctest::Approx(0.6419753086).epsilon(1e-10));
  CHECK(sequential == doctest::Approx(0.7056398796).epsilon(1e-10));
}

TEST_CASE("probabilities stay those of the definition over many draws, whatever the lengths") {
  const RandomStream random{6, Purpose::test, 3};
  std::vector<int64_t> first, end;
  int64_t start = 0;
  for (uint64_t label = 0; label < 150; ++label) {
    start += random.below(3 * label, 3);
    first.push_back(start);
    end.push_back(start + random.below(3 * label + 1, label % 10 ? 12 : 90));  // some are empty, some long
  }
  SequentialBootstrap bootstrap(first, end);
  std::vector<int64_t> drawn;
  double worst = 0;
  for (uint64_t draw = 0; draw < 200; ++draw) {
    const int64_t label = bootstrap.at(random.uniform(10'000 + draw));
    REQUIRE(end[label] > first[label]);
    bootstrap.draw(label);
    drawn.push_back(label);
    if (draw % 20 != 19) continue;
    const std::vector<double> want = plain_probabilities(first, end, drawn);
    for (std::size_t at = 0; at < want.size(); ++at)
      worst = std::max(worst, std::fabs(bootstrap.probability(static_cast<int64_t>(at)) - want[at]));
  }
  CHECK(worst < 1e-13);
}

TEST_CASE("the order of earlier draws leaves no trace") {
  SequentialBootstrap a(kFirst, kEnd), b(kFirst, kEnd);
  for (const int64_t label : {0, 1, 1, 2, 0, 1}) a.draw(label);
  for (const int64_t label : {1, 0, 2, 1, 0, 1}) b.draw(label);
  for (const int64_t label : {0, 1, 2}) CHECK(a.probability(label) == b.probability(label));
}

TEST_CASE("a uniform number picks the label under it, an empty one never") {
  const std::vector<int64_t> first = {0, 1, 1, 3, 3}, end = {1, 1, 3, 3, 4};
  const SequentialBootstrap bootstrap(first, end);
  CHECK(bootstrap.at(0) == 0);
  CHECK(bootstrap.at(0.34) == 2);
  CHECK(bootstrap.at(0.67) == 4);
  CHECK(bootstrap.at(0.9999999999999999) == 4);
  CHECK(bootstrap.at(1) == 4);  // what rounding may make of a number just below
  const std::vector<int64_t> none = {2, 2};
  CHECK_THROWS_AS(SequentialBootstrap(none, none), Error);
}

TEST_CASE("a bootstrap is a function of seed and lane, and more unique than drawing at random") {
  std::vector<int64_t> first, end;
  for (int64_t label = 0; label < 300; ++label) first.push_back(label), end.push_back(label + 20);
  const RandomStream random{8, Purpose::sequential_bootstrap, 0};
  const std::vector<int64_t> drawn = sequential_bootstrap(first, end, 30, random);
  CHECK(drawn == sequential_bootstrap(first, end, 30, random));
  CHECK(drawn != sequential_bootstrap(first, end, 30, RandomStream{8, Purpose::sequential_bootstrap, 1}));
  const auto unique = [&](const std::vector<int64_t>& labels) {
    std::vector<int> open(400, 0);
    double total = 0;
    for (const int64_t label : labels)
      for (int64_t bar = first[label]; bar < end[label]; ++bar) ++open[bar];
    for (const int64_t label : labels)
      for (int64_t bar = first[label]; bar < end[label]; ++bar) total += 1.0 / open[bar] / 20;
    return total / static_cast<double>(labels.size());
  };
  double sequential = 0, standard = 0;
  for (uint32_t lane = 0; lane < 40; ++lane) {
    const RandomStream stream{8, Purpose::sequential_bootstrap, lane};
    sequential += unique(sequential_bootstrap(first, end, 30, stream)) / 40;
    std::vector<int64_t> plain;
    for (uint64_t draw = 0; draw < 30; ++draw) plain.push_back(stream.below(1000 + draw, 300));
    standard += unique(plain) / 40;
  }
  CHECK(sequential > standard + 0.015);
}
