// Values a second of every indicator: one series, 64 parameter sets in lanes, and a set of all of them, block by block
// and bar by bar. Verifies first: one by one, in packs and streamed must agree to the bit. One JSON line a figure;
// bytes are those of the columns read and written, `of_copy` their rate as a share of memcpy's, measured between the
// rounds.
#include <algorithm>
#include <bit>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <functional>
#include <string>
#include <vector>

#include "cuda/base/buffer.hpp"
#include "cuda/base/philox.hpp"
#include "cuda/series/feature_set.hpp"

using namespace tf;
using namespace tf::series;

namespace {

constexpr int kRounds = 7;
constexpr int64_t kSeriesRows = 2'000'000, kSweepRows = 100'000, kTicksPerBar = 20;
constexpr int kSets = 64;
constexpr int64_t kHistory = 64;  // ticks before the first: NaN

struct Market {
  std::vector<double> bar[kBarColumns], tick[kTickColumns];
  std::vector<int64_t> ends;
  BarRows bars(int64_t first, int64_t count) const {
    BarRows view;
    for (int column = 0; column < kBarColumns; ++column) view.column[column] = bar[column].data() + first;
    view.rows = count;
    return view;
  }
  TickRows ticks(int64_t first, int64_t count) const {
    TickRows view;
    for (int column = 0; column < kTickColumns; ++column)
      view.column[column] = tick[column].data() + kHistory + first * kTicksPerBar;
    view.rows = count * kTicksPerBar;
    view.history = kHistory;
    return view;
  }
};

Market make_market() {
  Market market;
  for (std::vector<double>& column : market.tick) column.assign(kHistory, std::nan(""));
  const RandomStream random{1, Purpose::test, 0};
  double price = 100000;
  for (int64_t at = 0; at < kSeriesRows; ++at) {
    const Words4 words = random.words(static_cast<uint64_t>(at));
    const double open = price;
    price += 0.5 * (static_cast<double>(words.w[0] % 41) - 20);
    const double high = std::max(open, price) + words.w[1] % 4, low = std::min(open, price) - words.w[2] % 4;
    const double values[kBarColumns] = {open, high, low, price, 10, 5, 5, kTicksPerBar, price - 1, price + 1};
    for (int column = 0; column < kBarColumns; ++column) market.bar[column].push_back(values[column]);
    market.ends.push_back((at + 1) * kTicksPerBar);
  }
  for (int64_t tick = 0; tick < kSweepRows * kTicksPerBar; ++tick) {
    const Words4 words = random.words(static_cast<uint64_t>(kSeriesRows + tick));
    const double values[kTickColumns] = {price - 1,
                                         price + 1,
                                         static_cast<double>(words.w[0] % 100),
                                         static_cast<double>(words.w[1] % 100),
                                         words.w[2] % 3 ? 0 : static_cast<double>(words.w[3] % 21) - 10,
                                         price};
    for (int column = 0; column < kTickColumns; ++column) market.tick[column].push_back(values[column]);
  }
  return market;
}

double seconds_of(const std::function<void()>& work) {
  const auto start = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

/// Bytes a second that memcpy moves, reads and writes counted.
double copy_rate() {
  static Buffer<double> from(4'000'000), to(4'000'000);
  const double seconds = seconds_of([] { std::memcpy(to.data(), from.data(), from.size() * sizeof(double)); });
  return 2.0 * static_cast<double>(from.size() * sizeof(double)) / seconds;
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

/// Times `work` between copies and prints the medians.
void report(const Exec& exec, const std::string& frame, const std::string& name, double values, double bytes,
            const std::function<void()>& work) {
  work();
  std::vector<double> seconds, shares;
  for (int round = 0; round < kRounds; ++round) {
    const double copy = copy_rate();
    seconds.push_back(seconds_of(work));
    shares.push_back(bytes / seconds.back() / copy);
  }
  const auto [least, most] = std::minmax_element(seconds.begin(), seconds.end());
  std::printf(
      "{\"bench\":\"indicators\",\"level\":\"%s\",\"frame\":\"%s\",\"name\":\"%s\",\"values\":%.0f,\"mvalues_per_s\":%."
      "1f,"
      "\"ns_per_value\":%.3f,\"bytes\":%.0f,\"of_copy\":%.3f,\"spread\":%.3f}\n",
      level_text(exec.level), frame.c_str(), name.c_str(), values, values / median(seconds) / 1e6,
      median(seconds) / values * 1e9, bytes, median(shares), *most / *least - 1);
  std::fflush(stdout);
}

/// Parameter sets that differ in their first integer field.
std::vector<std::shared_ptr<const void>> sweep(const IndicatorEntry& entry) {
  std::vector<std::shared_ptr<const void>> sets;
  for (int set = 0; set < kSets; ++set) {
    const std::shared_ptr<void> params = entry.params.make();
    for (const Field& field : entry.params.fields)
      if (field.type == FieldType::integer) {
        *reinterpret_cast<int*>(static_cast<char*>(params.get()) + field.offset) = 5 + 3 * set;
        break;
      }
    sets.push_back(params);
  }
  return sets;
}

bool same(const double* a, const double* b, int64_t count) {
  for (int64_t at = 0; at < count; ++at)
    if (!(std::isnan(a[at]) && std::isnan(b[at])) && std::bit_cast<uint64_t>(a[at]) != std::bit_cast<uint64_t>(b[at]))
      return false;
  return true;
}

/// Packs against one by one, and one row at a time against whole.
bool verify(const Exec& exec, const Market& market, const IndicatorEntry& entry) {
  const int64_t rows = 3000;
  FeatureSet whole(exec, {{entry.name, nullptr}}), streamed(exec, {{entry.name, nullptr}});
  const int64_t lanes = whole.outputs();
  Buffer<double> a(rows * lanes), b(rows * lanes);
  whole.append(market.bars(0, rows), market.ticks(0, rows), market.ends.data(), a.panel(rows, lanes));
  for (int64_t row = 0; row < rows; ++row)
    streamed.append(market.bars(row, 1), market.ticks(row, 1), market.ends.data(),
                    {b.data() + row * lanes, 1, lanes, lanes});
  if (!same(a.data(), b.data(), rows * lanes)) return false;
  if (!entry.tick_inputs.empty()) return true;

  const auto sets = sweep(entry);
  Buffer<double> many(rows * kSets);
  run_parameters(exec, entry.name, sets, market.bars(0, rows), 0, many.panel(rows, kSets));
  for (int set = 0; set < kSets; ++set) {
    FeatureSet one(exec, {{entry.name, sets[set]}});
    one.append(market.bars(0, rows), {}, nullptr, a.panel(rows, lanes));
    for (int64_t row = 0; row < rows; ++row)
      if (!same(&a[row * lanes], &many[row * kSets + set], 1)) return false;
  }
  return true;
}

}  // namespace

int main() {
  const Exec exec = pick_exec();
  const Market market = make_market();
  std::vector<Instance> all;
  for (const indicator_catalogue::Row& row : indicator_catalogue::rows()) {
    all.push_back({row.name, nullptr});
    if (!verify(exec, market, find_indicator(exec, row.name))) {
      std::printf("{\"bench\":\"indicators\",\"name\":\"%s\",\"error\":\"frames differ\"}\n", row.name);
      return 1;
    }
  }
  std::printf("{\"bench\":\"indicators\",\"verified\":%zu,\"memcpy_gb_per_s\":%.1f}\n", all.size(), copy_rate() / 1e9);

  for (const Instance& instance : all) {
    const IndicatorEntry& entry = find_indicator(exec, instance.indicator);
    const bool ticks = !entry.tick_inputs.empty();
    const int64_t rows = ticks ? kSweepRows : kSeriesRows;
    FeatureSet set(exec, {instance});
    Buffer<double> out(static_cast<std::size_t>(rows * entry.outputs));
    const double inputs =
        ticks ? static_cast<double>(entry.tick_inputs.size() * kTicksPerBar) : entry.bar_inputs.size();
    const double values = static_cast<double>(rows) * (ticks ? kTicksPerBar : 1);
    report(exec, ticks ? "ticks" : "series", entry.name, values, 8.0 * rows * (inputs + entry.outputs), [&] {
      set.reset();
      set.append(market.bars(0, rows), ticks ? market.ticks(0, rows) : TickRows{}, market.ends.data(),
                 out.panel(rows, entry.outputs));
    });
  }
  Buffer<double> panel(static_cast<std::size_t>(kSweepRows * kSets));
  for (const Instance& instance : all) {
    const IndicatorEntry& entry = find_indicator(exec, instance.indicator);
    if (!entry.tick_inputs.empty()) continue;
    const auto sets = sweep(entry);
    report(exec, "parameters", entry.name, static_cast<double>(kSweepRows) * kSets, 8.0 * kSweepRows * kSets, [&] {
      run_parameters(exec, entry.name, sets, market.bars(0, kSweepRows), 0, panel.panel(kSweepRows, kSets));
    });
  }
  FeatureSet set(exec, all);
  const int64_t lanes = set.outputs();
  Buffer<double> out(static_cast<std::size_t>(kSweepRows * lanes));
  report(exec, "set", "blocks", static_cast<double>(kSweepRows), 8.0 * kSweepRows * (lanes + 3 + 3 * kTicksPerBar),
         [&] {
           set.reset();
           set.append(market.bars(0, kSweepRows), market.ticks(0, kSweepRows), market.ends.data(),
                      out.panel(kSweepRows, lanes));
         });
  report(exec, "set", "bar_by_bar", static_cast<double>(kSweepRows), 8.0 * kSweepRows * (lanes + 3 + 3 * kTicksPerBar),
         [&] {
           set.reset();
           for (int64_t row = 0; row < kSweepRows; ++row)
             set.append(market.bars(row, 1), market.ticks(row, 1), market.ends.data(),
                        {out.data() + row * lanes, 1, lanes, lanes});
         });
  return 0;
}
