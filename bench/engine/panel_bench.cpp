// A panel of 120 features over ticks that lie in memory: bars, features and what is odd about them, one thread.
//   bench_engine_panel [TICKS] [BAR]     100000000 ticks in bars of "tick:100" unless told
// Verifies that other pieces of ticks give the same bits, then times with the CPU's clock, in turn with a plain sum
// over the same columns: the limit is reading them once.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <vector>

#include "bench/engine/panel.hpp"
#include "cuda/base/philox.hpp"
#include "engine/features/feature_list.hpp"
#include "engine/features/table.hpp"

using namespace tf;

namespace {

constexpr int kRounds = 3;
constexpr std::size_t kPiece = 65'536, kChecked = 2'000'000;

double seconds_of(const auto& work) {
  const std::clock_t begin = std::clock();
  work();
  return static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

/// Quotes of a touch that wanders by ticks and a trade every fourth event, about 230 events a second, run as one day.
TickColumns make_ticks(std::size_t count) {
  const RandomStream random{14, Purpose::test, 0};
  TickColumns ticks;
  for (auto* column : {&ticks.exch_ts, &ticks.local_ts, &ticks.px, &ticks.qty}) column->reserve(count + 1);
  ticks.flags.reserve(count + 1);
  int64_t time = 1'700'006'400'000'000'000, bid = 100'000, spread = 1;
  const auto add = [&](int64_t px, int64_t qty, uint32_t flags) {
    ticks.exch_ts.push_back(time);
    ticks.local_ts.push_back(time + 50'000);
    ticks.px.push_back(px);
    ticks.qty.push_back(qty);
    ticks.flags.push_back(flags);
  };
  for (uint64_t event = 0; ticks.size() < count; ++event) {
    const Words4 words = random.words(event);
    time += 1 + static_cast<int64_t>(words.w[0]) % 8'600'000;
    const auto lots = [&](int shift) { return 1 + static_cast<int64_t>(words.w[2] >> shift) % 50; };
    if (words.w[1] % 4 == 0) {
      const bool bought = words.w[3] % 2 == 0;
      add(bought ? bid + spread : bid, lots(0),
          static_cast<uint32_t>(TickKind::trade) | kFlagLast | (bought ? kFlagBuy : kFlagSell));
      continue;
    }
    bid += words.w[3] % 8 == 0 ? 1 : words.w[3] % 8 == 1 ? -1 : 0;
    spread = 1 + static_cast<int64_t>(words.w[3] / 8 % 16 == 0);
    add(bid, lots(0), static_cast<uint32_t>(TickKind::best_bid));
    add(bid + spread, lots(8), static_cast<uint32_t>(TickKind::best_ask) | kFlagLast);
  }
  return ticks;
}

struct Panel120 {
  int64_t bars = 0;
  uint64_t bits = 0;  ///< of every value, in order
  double sum = 0;     ///< of the last lane's finite values: what a consumer at least does
};

Panel120 run(const Exec& exec, const features::Spec& spec, const Instrument& instrument, const TickSpan& ticks,
             std::size_t piece, bool keep_bits) {
  features::Stream stream(exec, spec, instrument);
  Panel120 panel;
  const auto take = [&](int64_t, std::span<const double> values) {
    ++panel.bars;
    if (std::isfinite(values.back())) panel.sum += values.back();
    for (const double value : keep_bits ? values : values.first(0)) {
      uint64_t bits;
      std::memcpy(&bits, &value, sizeof bits);
      panel.bits = panel.bits * 0x9e3779b97f4a7c15 + (std::isnan(value) ? 1 : bits);
    }
  };
  for (std::size_t at = 0; at < ticks.size(); at += piece)
    stream.push(ticks.part(at, std::min(piece, ticks.size() - at)), take);
  stream.end_day(take);
  return panel;
}

int64_t sum_of(const TickSpan& ticks) {
  int64_t sum = 0;
  for (std::size_t row = 0; row < ticks.size(); ++row)
    sum += ticks.exch_ts[row] ^ ticks.local_ts[row] ^ ticks.px[row] ^ ticks.qty[row] ^ ticks.flags[row];
  return sum;
}

}  // namespace

int main(int argc, char** argv) {
  const auto count = static_cast<std::size_t>(argc > 1 ? std::atoll(argv[1]) : 100'000'000);
  const std::string bar = argc > 2 ? argv[2] : "tick:100";
  Exec exec = pick_exec();
  exec.threads = 1;
  const Instrument instrument{"bench", "P", 0.01, 1, 1, "USD", "UTC", 0, true};
  features::Spec spec;
  spec.bars = features::read_bar(bar);
  spec.instances = features::read_feature_list(bench::kPanel, exec);
  const std::size_t lanes = series::FeatureSet(exec, spec.instances).outputs();
  const TickColumns ticks = make_ticks(count);

  const TickSpan some = ticks.span().part(0, std::min(kChecked, ticks.size()));
  if (run(exec, spec, instrument, some, kPiece, true).bits != run(exec, spec, instrument, some, 777, true).bits) {
    std::puts("{\"bench\":\"panel\",\"error\":\"pieces differ\"}");
    return 70;
  }
  std::vector<double> panel, reading;
  Panel120 made;
  int64_t sink = 0;
  for (int round = 0; round < kRounds; ++round) {
    panel.push_back(seconds_of([&] { made = run(exec, spec, instrument, ticks.span(), kPiece, false); }));
    reading.push_back(seconds_of([&] { sink += sum_of(ticks.span()); }));
  }
  const auto total = static_cast<double>(ticks.size());
  std::printf(
      "{\"bench\":\"panel\",\"bar\":\"%s\",\"lanes\":%zu,\"ticks\":%zu,\"bars\":%lld,\"ticks_per_s\":%.4g,"
      "\"ns_per_tick\":%.3g,\"ns_per_bar_and_lane\":%.3g,\"read_ticks_per_s\":%.4g,\"share_of_read\":%.3g,"
      "\"sum\":%.12g}\n",
      bar.c_str(), lanes, ticks.size(), static_cast<long long>(made.bars), total / median(panel),
      1e9 * median(panel) / total, 1e9 * median(panel) / static_cast<double>(made.bars) / static_cast<double>(lanes),
      total / median(reading), median(reading) / median(panel), made.sum);
  if (sink == 42) std::puts("");
  return 0;
}
