// csv trades to ticks in memory: alone, and judged on the way; one thread and more.
//   bench_data_csv FILE [THREADS [parse|judge]]   one measurement of that file: bench/peers/csv.py runs it beside
//   others
// The file is trades with a header: ts (ns), price (2 decimals), size, side B or S. Prints one JSON line: seconds and
// the sums of what was read, so that the reader beside it can be held to the same.
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <string>
#include <vector>

#include "data/sources/parse/csv_params.hpp"
#include "data/sources/parse/open.hpp"
#include "data/validate.hpp"

int main(int argc, char** argv) {
  using namespace tf;
  if (argc < 2) {
    std::fprintf(stderr, "usage: bench_data_csv FILE [THREADS [parse|judge]] (see bench/peers/csv.py)\n");
    return 64;
  }
  const int threads = argc > 2 ? std::atoi(argv[2]) : 1;
  const bool judge = argc < 4 || std::strcmp(argv[3], "judge") == 0;
  data::CsvParams params;
  params.time_column = "ts";
  params.time_unit = "ns";
  params.price_column = "price";
  params.size_column = "size";
  params.side_column = "side";
  params.threads = threads;
  Instrument instrument;
  instrument.tick_size = 0.01;
  instrument.lot_size = 1;

  constexpr int kRounds = 7;
  std::vector<Tick> ticks;
  double best = 1e9, best_cpu = 1e9;  // the second is what the threads worked, whatever else the machine does
  int64_t judged = 0, refused = 0;
  for (int round = 0; round < kRounds; ++round) {
    const auto start = std::chrono::steady_clock::now();
    const std::clock_t cpu_start = std::clock();
    const auto source = data::find_source("csv").open({{argv[1]}, instrument}, &params);
    data::QualityMeter meter;
    std::size_t filled = 0;
    for (;;) {
      if (ticks.size() < filled + (1 << 16)) ticks.resize(filled + filled / 2 + (1 << 20));
      const std::span<Tick> room = std::span<Tick>(ticks).subspan(filled, 1 << 16);
      const std::size_t count = source->next_batch(room);
      if (count == 0) break;
      if (judge) meter.add(room.first(count));
      filled += count;
    }
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    best = seconds < best ? seconds : best;
    const double cpu = static_cast<double>(std::clock() - cpu_start) / CLOCKS_PER_SEC;
    best_cpu = cpu < best_cpu ? cpu : best_cpu;
    judged = meter.counts().trades;
    refused = source->counts().rows_read - source->counts().rows_stored;
    if (round == kRounds - 1) ticks.resize(filled);
  }
  uint64_t times = 0;
  int64_t prices = 0, sizes = 0, sells = 0;
  for (const Tick& tick : ticks) {
    times += static_cast<uint64_t>(tick.exch_ts);
    prices += tick.px;
    sizes += tick.qty;
    sells += (tick.flags & kFlagSell) != 0;
  }
  if (refused != 0 || (judge && judged != static_cast<int64_t>(ticks.size()))) {
    std::fprintf(stderr, "bench: rows are missing\n");
    return 1;
  }
  std::printf(
      "{\"bench\":\"csv\",\"case\":\"%s\",\"threads\":%d,\"rows\":%zu,\"seconds\":%.5f,\"rows_per_s\":%.0f,\"cpu_"
      "seconds\":%.5f,"
      "\"sums\":[%llu,%lld,%lld,%lld]}\n",
      judge ? "parse and judge" : "parse", threads, ticks.size(), best, static_cast<double>(ticks.size()) / best,
      best_cpu, static_cast<unsigned long long>(times % (uint64_t{1} << 63)), static_cast<long long>(prices),
      static_cast<long long>(sizes), static_cast<long long>(sells));
  return 0;
}
