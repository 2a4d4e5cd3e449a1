// The reference series of the statistics page: a linear congruential generator that any language repeats.
#pragma once
#include <cstdint>
#include <vector>

struct SeriesGenerator {
  uint64_t state = 12345;

  double uniform() {
    state = (1103515245 * state + 12345) % (uint64_t{1} << 31);
    return (static_cast<double>(state) + 0.5) / 2147483648.0;
  }
  double normal() {
    double sum = uniform();
    for (int more = 1; more < 12; ++more) sum += uniform();
    return sum - 6;
  }
};

/// Series A: AR(1) with 0.3.
inline std::vector<double> series_a(int count = 1000) {
  SeriesGenerator generator;
  std::vector<double> x;
  double last = 0;
  for (int t = 0; t < count; ++t) x.push_back(last = 0.3 * last + generator.normal());
  return x;
}

/// Series P: two correlated return series.
struct PairOfReturns {
  std::vector<double> first, second;
};
inline PairOfReturns series_p(int count = 750) {
  SeriesGenerator generator;
  PairOfReturns pair;
  for (int t = 0; t < count; ++t) {
    const double a = generator.normal(), b = generator.normal(), c = generator.normal();
    pair.first.push_back(0.0004 + 0.01 * (0.6 * a + 0.8 * b));
    pair.second.push_back(0.0002 + 0.01 * (0.6 * a + 0.8 * c));
  }
  return pair;
}
