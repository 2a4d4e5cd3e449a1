// Labels, weights and sequential draws over a random walk of bars: checks one against a plain search, then times.
// One JSON object a line; rows is the number of bars, horizon in bars.
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <string>

#include "cuda/base/philox.hpp"
#include "cuda/market/labels.hpp"
#include "cuda/market/sequential_bootstrap.hpp"
#include "cuda/market/weights.hpp"

using namespace tf;
using namespace tf::market;
using series::BarColumn;

namespace {

BarTable random_bars(int64_t rows, int64_t bars_a_day) {
  BarTable bars;
  const RandomStream random{1, Purpose::test, 0};
  for (auto& column : bars.column) column.resize(static_cast<std::size_t>(rows));
  const auto at = [&](BarColumn column, int64_t bar) -> double& {
    return bars.column[static_cast<int>(column)][static_cast<std::size_t>(bar)];
  };
  double bid = 1'000'000;
  for (int64_t bar = 0; bar < rows; ++bar) {
    const Words4 words = random.words(static_cast<uint64_t>(bar));
    bid += static_cast<double>(words.w[0] % 9) - 4;
    const double ask = bid + 1 + words.w[1] % 3;
    at(BarColumn::bid, bar) = bid;
    at(BarColumn::ask, bar) = ask;
    at(BarColumn::open, bar) = at(BarColumn::close, bar) = 0.5 * (bid + ask);
    at(BarColumn::high, bar) = 0.5 * (bid + ask) + words.w[2] % 4;
    at(BarColumn::low, bar) = 0.5 * (bid + ask) - words.w[3] % 4;
    bars.known_ts.push_back(bar * 1'000'000'000);
    bars.day.push_back(static_cast<int32_t>(bar / bars_a_day));
  }
  bars.open_ts = bars.tick_end = bars.known_ts;
  return bars;
}

/// Processor time, the least of three rounds: one thread does all of it, and a busy machine does not count.
template <class Work>
double seconds(const Work& work) {
  double best = 1e9;
  for (int round = 0; round < 3; ++round) {
    const std::clock_t start = std::clock();
    work();
    best = std::min(best, static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC);
  }
  return best;
}

void line(const std::string& name, int64_t rows, int horizon, double time) {
  std::printf("{\"bench\":\"%s\",\"rows\":%lld,\"horizon\":%d,\"seconds\":%.4f,\"rows_per_s\":%.3g}\n", name.c_str(),
              static_cast<long long>(rows), horizon, time, static_cast<double>(rows) / time);
}

}  // namespace

int main(int argc, char** argv) {
  const int64_t rows = argc > 1 ? std::atoll(argv[1]) : 1'000'000;
  const int horizon = 100;
  const BarTable bars = random_bars(rows, 20'000);
  // Barriers that few labels meet: every bar of the horizon is looked at.
  LabelSpec spec;
  spec.horizon_bars = horizon;
  spec.take_ticks = spec.stop_ticks = 200;
  spec.window_max = horizon;

  LabelTable labels;
  for (const char* kind : {"forward_return", "triple_barrier", "trend_scan"})
    for (const char* watch : {"close", "range"}) {
      if (std::string(watch) == "range" && std::string(kind) != "triple_barrier") continue;
      spec.kind = kind;
      spec.watch = watch;
      line(std::string(kind) + " " + watch, rows, horizon, seconds([&] { labels = make_labels(spec, bars); }));
    }
  spec.kind = "triple_barrier";
  spec.watch = "close";
  labels = make_labels(spec, bars);
  const std::vector<double>&bid = bars.column[static_cast<int>(BarColumn::bid)],
        &ask = bars.column[static_cast<int>(BarColumn::ask)];
  for (std::size_t bar = 0; bar < labels.value.size(); bar += 997) {
    if (std::isnan(labels.value[bar])) continue;
    double want = 0;
    for (int ahead = 1; ahead <= horizon && want == 0; ++ahead)
      want = bid[bar + ahead] - ask[bar] >= 200 ? 1 : bid[bar + ahead] - ask[bar] <= -200 ? -1 : 0;
    if (want == labels.value[bar]) continue;
    std::fprintf(stderr, "label %zu is %g, a plain search says %g\n", bar, labels.value[bar], want);
    return 1;
  }

  const WeightSpec weights{true, true, 0.5, true};
  WeightParts parts;
  line("uniqueness and attribution", rows, horizon,
       seconds([&] { parts = weight_parts(weights, bars, labels.t0, labels.t1, labels.value); }));
  const Overlap overlap = overlap_of(labels.t0, labels.t1, labels.value);
  const int64_t draws = std::min<int64_t>(rows, 100'000);
  std::vector<int64_t> drawn;
  line("sequential bootstrap, 100000 draws", rows, horizon, seconds([&] {
         drawn = sequential_bootstrap(overlap.first, overlap.end, draws, {1, Purpose::sequential_bootstrap, 0});
       }));
  return drawn.size() == static_cast<std::size_t>(draws) ? 0 : 1;
}
