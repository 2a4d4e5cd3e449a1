// Ten indicators on one long series, one parameter each (B6), or 256 parameters each into a reducer (B7), one thread,
// against TA-Lib in the same run.
//
//   bench_cuda_frames one|many FOLDER ROUNDS wall|cpu PEER...
//
// PEER... is the peer's command: shared/peers/b6_talib.py (one) or b7_talib_bulk.py (many) with --reps 3 and without
// --export, through bench/peers/in_ticks.py; with `cpu` through bench/peers/cpu_clock.py before that. It is run once
// with
// --export FOLDER for the input, then once a round, in turn with ours. Verifies first: ours through the fast frames
// equals a FeatureSet's bits (one), and the peer's checksums to 1e-6. `many` tells float32 too, and how far it is off.
// One JSON line an indicator: values a second of both, the median of the rounds' ratios and their spread.
#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <numeric>

#include "bench/peer.hpp"
#include "cuda/base/buffer.hpp"
#include "cuda/series/feature_set.hpp"

using namespace tf;
using namespace tf::series;

namespace {

/// An indicator as the peer's list names it: ours, its parameters, and the outputs that the peer has.
struct Line {
  const char *peer, *indicator;
  std::vector<int> params;  ///< the integer fields; 0 = the swept period, -2 = twice the period
  std::vector<int> outputs;
};
const std::vector<Line> kOne = {{"EMA20", "ema", {20}, {0}},
                                {"SMA20", "sma", {20}, {0}},
                                {"RSI14", "rsi", {14}, {0}},
                                {"ATR14", "atr", {14}, {0}},
                                {"BBANDS20", "bollinger", {20}, {0, 1, 2}},
                                {"ADX14", "adx", {14}, {3}},
                                {"MACD", "macd", {12, 26, 9}, {0, 1, 2}},
                                {"WMA20", "wma", {20}, {0}},
                                {"STOCH", "stochastic", {14, 3, 3}, {1, 2}},
                                {"CCI20", "cci", {20}, {0}}};
const std::vector<Line> kMany = {{"EMA", "ema", {0}, {0}},
                                 {"SMA", "sma", {0}, {0}},
                                 {"RSI", "rsi", {0}, {0}},
                                 {"ATR", "atr", {0}, {0}},
                                 {"BBANDS", "bollinger", {0}, {0, 1, 2}},
                                 {"ADX", "adx", {0}, {3}},
                                 {"MACD", "macd", {0, -2, 9}, {0, 1, 2}},
                                 {"WMA", "wma", {0}, {0}},
                                 {"STOCH", "stochastic", {0, 3, 3}, {1, 2}},
                                 {"CCI", "cci", {0}, {0}}};

std::shared_ptr<const void> params_of(const Exec& exec, const Line& line, int period) {
  const IndicatorEntry& entry = find_indicator(exec, line.indicator);
  const std::shared_ptr<void> params = entry.params.make();
  std::size_t next = 0;
  for (const Field& field : entry.params.fields) {
    if (field.type != FieldType::integer || next >= line.params.size()) continue;
    const int wanted = line.params[next++];
    *reinterpret_cast<int*>(static_cast<char*>(params.get()) + field.offset) = wanted == 0    ? period
                                                                               : wanted == -2 ? 2 * period
                                                                                              : wanted;
  }
  return params;
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

struct Market {
  Buffer<double> high, low, close;
  BarRows bars() const {
    BarRows rows;
    rows.column[static_cast<int>(BarColumn::high)] = high.data();
    rows.column[static_cast<int>(BarColumn::low)] = low.data();
    rows.column[static_cast<int>(BarColumn::close)] = close.data();
    rows.rows = static_cast<int64_t>(close.size());
    return rows;
  }
};

Buffer<double> read(const std::string& path) {
  const std::vector<double> values = bench::read_doubles(path);
  Buffer<double> buffer(values.size());
  std::copy(values.begin(), values.end(), buffer.data());
  return buffer;
}

bool near(double ours, double peers) { return std::abs(ours - peers) <= 1e-6 * std::max(1.0, std::abs(peers)); }

struct Ratios {
  std::vector<double> ours, peer, ratio;
};

void print(const char* bench, const std::string& name, const Ratios& figures, double differ) {
  const auto [least, most] = std::minmax_element(figures.ratio.begin(), figures.ratio.end());
  std::printf(
      "{\"bench\":\"%s\",\"name\":\"%s\",\"mvalues_per_s\":%.1f,\"peer_mvalues_per_s\":%.1f,\"ratio\":%.2f,"
      "\"ratio_min\":%.2f,\"ratio_max\":%.2f,\"differs_by\":%.2g}\n",
      bench, name.c_str(), median(figures.ours), median(figures.peer), median(figures.ratio), *least, *most, differ);
  std::fflush(stdout);
}

double geomean(const std::vector<Ratios>& all) {
  double sum = 0;
  for (const Ratios& figures : all) sum += std::log(median(figures.ratio));
  return std::exp(sum / static_cast<double>(all.size()));
}

int run_one(const Exec& exec, const Market& market, const std::string& peer, int rounds, bool cpu) {
  const BarRows bars = market.bars();
  std::vector<Ratios> all(kOne.size());
  std::vector<double> differs(kOne.size());
  Buffer<double> memory(static_cast<std::size_t>(3 * ((bars.rows + 7) / 8 * 8)));
  for (int round = 0; round <= rounds; ++round) {  // the first only warms and verifies
    const std::string said = bench::run_peer(peer);
    auto rates = bench::numbers(said, "Mvalues_s"), sums = bench::numbers(said, "checksum");
    for (std::size_t at = 0; at < kOne.size(); ++at) {
      const Line& line = kOne[at];
      const Instance instance{line.indicator, params_of(exec, line, 0)};
      double* out[16] = {};
      for (std::size_t kept = 0; kept < line.outputs.size(); ++kept)
        out[line.outputs[kept]] = memory.data() + kept * ((bars.rows + 7) / 8 * 8);
      double seconds = HUGE_VAL;  // the best of three, as the peer's
      for (int call = 0; call < 3; ++call) {
        const double start = bench::seconds_now(cpu);
        run_series(exec, instance, bars, {}, nullptr, out);
        seconds = std::min(seconds, bench::seconds_now(cpu) - start);
      }
      if (round > 0) {
        all[at].ours.push_back(static_cast<double>(bars.rows) / seconds / 1e6);
        all[at].peer.push_back(rates[line.peer].at(0));
        all[at].ratio.push_back(all[at].ours.back() / all[at].peer.back());
        continue;
      }
      for (std::size_t kept = 0; kept < line.outputs.size(); ++kept) {
        double sum = 0;
        for (int64_t row = bars.rows - 1000; row < bars.rows; ++row) sum += out[line.outputs[kept]][row];
        const double ours = sum / 1000, peers = sums[line.peer].at(kept);
        differs[at] = std::max(differs[at], std::abs(ours - peers));
        if (near(ours, peers)) continue;
        std::fprintf(stderr, "%s: ours %.12g, the peer's %.12g\n", line.peer, ours, peers);
        return 1;
      }
      FeatureSet set(exec, {instance});
      const int64_t lanes = set.outputs(), chunk = 1 << 16;
      Buffer<double> panel(static_cast<std::size_t>(chunk * lanes));
      for (int64_t first = 0; first < bars.rows; first += chunk) {
        BarRows part = bars;
        part.rows = std::min(chunk, bars.rows - first);
        for (const double*& column : part.column)
          if (column) column += first;
        set.append(part, {}, nullptr, panel.panel(part.rows, lanes));
        for (int64_t row = 0; row < part.rows; ++row)
          for (const int output : line.outputs)
            if (std::bit_cast<uint64_t>(panel[row * lanes + output]) !=
                    std::bit_cast<uint64_t>(out[output][first + row]) &&
                !(std::isnan(panel[row * lanes + output]) && std::isnan(out[output][first + row]))) {
              std::fprintf(stderr, "%s: row %lld differs from a FeatureSet's\n", line.peer,
                           static_cast<long long>(first + row));
              return 1;
            }
      }
    }
  }
  for (std::size_t at = 0; at < kOne.size(); ++at) print("B6", kOne[at].peer, all[at], differs[at]);
  std::printf("{\"bench\":\"B6\",\"geomean_ratio\":%.2f}\n", geomean(all));
  return 0;
}

int run_many(const Exec& exec, const Market& market, const std::vector<int>& periods, const std::string& peer,
             int rounds, bool cpu) {
  const BarRows bars = market.bars();
  constexpr int64_t kFrom = 2000;
  std::vector<Ratios> all(kMany.size()), floats(kMany.size());
  std::vector<double> differs(kMany.size()), float_differs(kMany.size());
  for (int round = 0; round <= rounds; ++round) {
    const std::string said = bench::run_peer(peer);
    auto rates = bench::numbers(said, "Mvalues_s"), sums = bench::numbers(said, "checksum");
    for (std::size_t at = 0; at < kMany.size(); ++at) {
      const Line& line = kMany[at];
      std::vector<std::shared_ptr<const void>> sets;
      for (const int period : periods) sets.push_back(params_of(exec, line, period));
      const std::size_t outputs = find_indicator(exec, line.indicator).outputs;
      const bool one = line.outputs.size() == 1;
      const std::size_t kept = one ? 1 : outputs;
      std::vector<Totals> totals(sets.size() * kept), rough(totals.size());
      const auto timed = [&](std::vector<Totals>& to, Precision precision) {
        const double start = bench::seconds_now(cpu);
        reduce_parameters(exec, line.indicator, sets, bars, one ? line.outputs[0] : -1, kFrom, to, precision);
        return static_cast<double>(bars.rows) * static_cast<double>(sets.size()) / (bench::seconds_now(cpu) - start) /
               1e6;
      };
      const double doubles = timed(totals, Precision::float64), singles = timed(rough, Precision::float32);
      if (round > 0) {
        const double rate = rates[line.peer].at(0);
        all[at].ours.push_back(doubles);
        floats[at].ours.push_back(singles);
        for (Ratios* figures : {&all[at], &floats[at]}) {
          figures->peer.push_back(rate);
          figures->ratio.push_back(figures->ours.back() / rate);
        }
        continue;
      }
      double last = 0, sum = 0;
      for (std::size_t set = 0; set < sets.size(); ++set)
        for (const int output : line.outputs) {
          const std::size_t place = set * kept + (one ? 0 : output);
          last += totals[place].last;
          sum += totals[place].sum;
          float_differs[at] = std::max(float_differs[at], std::abs(rough[place].last / totals[place].last - 1));
        }
      differs[at] = std::abs(sum / sums[line.peer].at(1) - 1);
      if (near(last, sums[line.peer].at(0)) && near(sum / sums[line.peer].at(1), 1)) continue;
      std::fprintf(stderr, "%s: ours %.12g %.12g, the peer's %.12g %.12g\n", line.peer, last, sum,
                   sums[line.peer].at(0), sums[line.peer].at(1));
      return 1;
    }
  }
  for (std::size_t at = 0; at < kMany.size(); ++at) print("B7", kMany[at].peer, all[at], differs[at]);
  for (std::size_t at = 0; at < kMany.size(); ++at) print("B7 float32", kMany[at].peer, floats[at], float_differs[at]);
  std::printf("{\"bench\":\"B7\",\"geomean_ratio\":%.2f,\"geomean_ratio_float32\":%.2f}\n", geomean(all),
              geomean(floats));
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 6) {
    std::fprintf(stderr, "bench_cuda_frames one|many FOLDER ROUNDS wall|cpu PEER...\n");
    return 64;
  }
  const bool many = std::string(argv[1]) == "many", cpu = std::string(argv[4]) == "cpu";
  const std::string folder = argv[2], name = folder + (many ? "/b7." : "/b6.");
  std::string peer;
  for (int at = 5; at < argc; ++at) peer += std::string(argv[at]) + " ";
  if (bench::run_peer(peer + "--export " + folder).empty()) {
    std::fprintf(stderr, "the peer failed: %s\n", peer.c_str());
    return 1;
  }
  Market market;
  market.high = read(name + "high.bin");
  market.low = read(name + "low.bin");
  market.close = read(name + "close.bin");
  if (market.close.size() == 0) {
    std::fprintf(stderr, "no input in %s\n", name.c_str());
    return 1;
  }
  const Exec exec = pick_exec();
  if (!many) return run_one(exec, market, peer, std::atoi(argv[3]), cpu);
  std::vector<int> periods;
  std::FILE* file = std::fopen((name + "params.bin").c_str(), "rb");
  for (int32_t period; file && std::fread(&period, sizeof period, 1, file) == 1;) periods.push_back(period);
  if (file) std::fclose(file);
  return run_many(exec, market, periods, peer, std::atoi(argv[3]), cpu);
}
