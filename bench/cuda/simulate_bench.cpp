// Lane simulation: verifies that packs, threads and single lanes agree, then times the shared replay and the lanes.
// One JSON object a line. Work: a synthetic day of 5 M rows (a quote is two), a decision every 26 rows (100 ms).
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "cuda/base/philox.hpp"
#include "cuda/base/time.hpp"
#include "cuda/market/day_replay.hpp"
#include "cuda/market/simulate.hpp"

using namespace tf;
using namespace tf::market;

namespace {

struct Work {
  TickColumns ticks;
  std::vector<int64_t> decisions;
  std::vector<double> signals;
  int64_t columns;
};

Work make_work(int64_t quotes, int64_t columns) {
  Work work;
  work.columns = columns;
  const RandomStream random{1, Purpose::test, 0}, drift{2, Purpose::test, 0};
  int64_t time = int64_t{16191} * kDay + kHour, bid = 1'000'000;
  for (int64_t quote = 0; quote < quotes; ++quote) {
    const Words4 words = random.words(static_cast<uint64_t>(quote));
    time += 1 + words.w[0] % 15'000'000;
    bid += static_cast<int64_t>(words.w[1] % 5) - 2;
    const int64_t ask = bid + 1 + words.w[2] % 3;
    work.ticks.push({time, time + 500'000, bid, 1, 0, static_cast<uint32_t>(TickKind::best_bid)});
    work.ticks.push({time, time + 500'000, ask, 1, 0, static_cast<uint32_t>(TickKind::best_ask) | kFlagLast});
    if (quote % 13 == 12) work.decisions.push_back(time + 600'000);
  }
  for (std::size_t at = 0; at < work.decisions.size() * static_cast<std::size_t>(columns); ++at)
    work.signals.push_back(2 * drift.uniform(at) - 1);
  return work;
}

std::vector<LaneSpec> make_lanes(const Exec& exec, const std::string& strategy, int64_t count, bool bracket,
                                 int64_t columns) {
  const StrategyEntry& entry = find_strategy(exec, strategy);
  std::vector<LaneSpec> lanes;
  for (int64_t lane = 0; lane < count; ++lane) {
    const std::shared_ptr<void> params = entry.params.make();
    for (const Field& field : entry.params.fields) {
      char* at = static_cast<char*>(params.get()) + field.offset;
      const std::string name = field.name;
      if (name == "fast") *reinterpret_cast<int*>(at) = static_cast<int>(5 + lane % 61);
      if (name == "slow") *reinterpret_cast<int*>(at) = static_cast<int>(70 + lane / 61 * 3);
      if (name == "enter") *reinterpret_cast<double*>(at) = 0.5 + 0.0001 * static_cast<double>(lane % 4000);
      if (bracket && name == "stop_ticks") *reinterpret_cast<double*>(at) = static_cast<double>(10 + lane % 20);
      if (bracket && name == "take_ticks") *reinterpret_cast<double*>(at) = static_cast<double>(20 + lane % 30);
    }
    lanes.push_back({strategy, params, entry.uses_signal ? lane % columns : -1});
  }
  return lanes;
}

double seconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

std::vector<LaneDay> run(const Exec& exec, const Work& work, const std::vector<LaneSpec>& lanes) {
  Instrument instrument;
  instrument.tick_size = instrument.lot_size = 1;
  SimulationSpec spec;
  spec.fee_bps = 0.05;
  Simulator simulator(exec, instrument, spec, lanes);
  const int64_t rows = static_cast<int64_t>(work.decisions.size());
  return simulator.run_day(work.ticks.span(), work.decisions, {work.signals.data(), rows, work.columns, work.columns});
}

/// A lane among others must earn what it earns alone.
bool verify(const Exec& exec, const Work& work, const std::vector<LaneSpec>& lanes) {
  const std::vector<LaneDay> all = run(exec, work, lanes);
  for (const std::size_t lane : {std::size_t{0}, lanes.size() / 2, lanes.size() - 1}) {
    const LaneDay alone = run(exec, work, {lanes[lane]})[0];
    if (alone.net != all[lane].net || alone.fills != all[lane].fills || alone.fills == 0) return false;
  }
  return true;
}

}  // namespace

int main(int count, char** words) {
  const int64_t quotes = count > 1 ? std::atoll(words[1]) : 2'500'000;
  Exec exec = pick_exec();
  exec.threads = count > 2 ? std::atoi(words[2]) : 1;
  const Work work = make_work(quotes, 64);
  const double ticks = static_cast<double>(work.ticks.size()), decisions = static_cast<double>(work.decisions.size());

  DayReplay replay;
  double best = 1e9;
  for (int round = 0; round < 4; ++round) {
    const auto start = std::chrono::steady_clock::now();
    replay.read(work.ticks.span(), work.decisions, 5'000'000, 0);
    best = std::min(best, seconds_since(start));
  }
  std::printf("{\"bench\":\"simulate\",\"case\":\"replay\",\"level\":\"%s\",\"ticks\":%.0f,\"ticks_per_s\":%.4g}\n",
              level_text(exec.level), ticks, ticks / best);

  struct Case {
    const char* strategy;
    bool bracket;
  };
  for (const Case& one : {Case{"ema_cross", false}, Case{"ema_cross", true}, Case{"model_signal", true}})
    for (const int64_t lanes : {1, 16, 256, 4096}) {
      const std::vector<LaneSpec> specs = make_lanes(exec, one.strategy, lanes, one.bracket, work.columns);
      if (lanes <= 256 && !verify(exec, work, specs)) {
        std::fprintf(stderr, "lanes differ from the same lanes alone\n");
        return 70;
      }
      double time = 1e9;
      int64_t fills = 0;
      for (int round = 0; round < (lanes > 256 ? 1 : 3); ++round) {
        const auto start = std::chrono::steady_clock::now();
        const std::vector<LaneDay> days = run(exec, work, specs);
        time = std::min(time, seconds_since(start));
        fills = 0;
        for (const LaneDay& day : days) fills += day.fills;
      }
      std::printf(
          "{\"bench\":\"simulate\",\"case\":\"%s%s\",\"level\":\"%s\",\"threads\":%d,\"lanes\":%lld,\"seconds\":%.4g,"
          "\"ticks_per_s\":%.4g,\"lane_decisions_per_s\":%.4g,\"lane_ticks_per_s\":%.4g,\"fills_per_decision\":%.3g}\n",
          one.strategy, one.bracket ? "+bracket" : "", level_text(exec.level), exec.threads,
          static_cast<long long>(lanes), time, ticks / time, decisions * static_cast<double>(lanes) / time,
          ticks * static_cast<double>(lanes) / time,
          static_cast<double>(fills) / (decisions * static_cast<double>(lanes)));
    }
  return 0;
}
