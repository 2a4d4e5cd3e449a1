// The frames beside FeatureSet's: one series in stretches, series side by side, parameter sets reduced, floats. Each is
// checked for every indicator of the catalogue that has it.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "cuda/base/error.hpp"
#include "cuda/series/series_run.hpp"
#include "tests/cuda/series/sample_rows.hpp"

using namespace tf;
using namespace tf::series;
using sample::first_difference;
using sample::Rows;

namespace {

constexpr int64_t kRows = 6000;
const Rows& market() {
  static const Rows rows = sample::make_rows(kRows);
  return rows;
}

Exec v3() {
  Exec exec;
  exec.level = CpuLevel::v3;
  return exec;
}
const Exec kExec = v3();

/// Defaults with the first integer field changed, where the bounds allow.
std::shared_ptr<void> with_first(const IndicatorEntry& entry, int value) {
  const std::shared_ptr<void> params = entry.params.make();
  for (const Field& field : entry.params.fields)
    if (field.type == FieldType::integer && value >= field.low && value <= field.high) {
      *reinterpret_cast<int*>(static_cast<char*>(params.get()) + field.offset) = value;
      break;
    }
  return params;
}

struct Columns {
  std::vector<std::vector<double>> values;
  std::vector<double*> pointers;
  Columns(int count, int64_t rows) : values(static_cast<std::size_t>(count)) {
    for (std::vector<double>& column : values) {
      column.assign(static_cast<std::size_t>(rows), -7.0);
      pointers.push_back(column.data());
    }
  }
};

/// Output `output` of a row-major result.
std::vector<double> output_of(const std::vector<double>& values, int outputs, int output) {
  std::vector<double> column;
  for (std::size_t at = output; at < values.size(); at += outputs) column.push_back(values[at]);
  return column;
}

}  // namespace

TEST_CASE("one series as columns has a set's bits, all outputs and each alone") {
  for (const indicator_catalogue::Row& row : indicator_catalogue::rows()) {
    const IndicatorEntry& entry = row.v3();
    const Instance instance{entry.name, nullptr};
    INFO(entry.name);
    const std::vector<double> truth = sample::values_of(kExec, instance, market());
    for (int alone = -1; alone < entry.outputs; ++alone) {
      Columns columns(entry.outputs, kRows);
      for (int output = 0; output < entry.outputs; ++output)
        if (alone >= 0 && output != alone) columns.pointers[output] = nullptr;
      run_series(kExec, instance, market().bars(0, kRows), market().ticks(0, kRows), market().ends.data(),
                 columns.pointers.data());
      for (int output = 0; output < entry.outputs; ++output)
        if (columns.pointers[output])
          CHECK(sample::same_bits(columns.values[output], output_of(truth, entry.outputs, output)));
    }
  }
}

TEST_CASE("stretches give the bits of one row after another, however short their warm-up") {
  int64_t redone = 0, kinds = 0;
  for (const indicator_catalogue::Row& row : indicator_catalogue::rows()) {
    const IndicatorEntry& entry = row.v3();
    if (entry.frames->segments.empty()) continue;
    ++kinds;
    INFO(entry.name);
    for (const int period : {2, 5, 40}) {
      const ResolvedInstance instance{&entry, with_first(entry, period)};
      const std::vector<double> truth = sample::values_of(kExec, {entry.name, instance.params}, market());
      for (const int64_t length : {64, 192, 448})
        for (const int64_t warm_up : {64, 512}) {
          Columns columns(entry.outputs, kRows);
          SegmentPlan plan{length, warm_up, 0};
          REQUIRE(run_directly(instance, market().bars(0, kRows), columns.pointers.data(), plan));
          redone += plan.redone;
          for (int output = 0; output < entry.outputs; ++output)
            CHECK(sample::same_bits(columns.values[output], output_of(truth, entry.outputs, output)));
        }
    }
  }
  CHECK(kinds >= 10);
  CHECK(redone > 1000);  // the repairs were there to be tested
}

TEST_CASE("a long series finds its own warm-up, and agrees with a set") {
  const int64_t rows = 400'000;
  Buffer<double> high(rows), low(rows), close(rows);
  const RandomStream random{5, Purpose::test, 0};
  double price = 5000;
  for (int64_t row = 0; row < rows; ++row) {
    price += static_cast<double>(random.below(2 * row, 21)) - 10;
    close[row] =
        row > 200'000 && row < 260'000 ? close[200'000] : price;  // a flat price: two trajectories may not meet
    high[row] = close[row] + static_cast<double>(random.below(2 * row + 1, 5));
    low[row] = close[row] - 3;
  }
  BarRows bars;
  bars.rows = rows;
  bars.column[static_cast<int>(BarColumn::high)] = high.data();
  bars.column[static_cast<int>(BarColumn::low)] = low.data();
  bars.column[static_cast<int>(BarColumn::close)] = close.data();
  for (const char* name : {"ema", "rsi", "adx", "macd", "keltner"}) {
    INFO(name);
    const int outputs = find_indicator(kExec, name).outputs;
    Columns columns(outputs, rows);
    run_series(kExec, {name, nullptr}, bars, {}, nullptr, columns.pointers.data());
    FeatureSet set(kExec, {{name, nullptr}});
    Buffer<double> panel(static_cast<std::size_t>(rows * outputs));
    set.append(bars, {}, nullptr, panel.panel(rows, outputs));
    for (int output = 0; output < outputs; ++output) {
      int64_t differ = 0;
      for (int64_t row = 0; row < rows; ++row)
        differ += first_difference(&panel[row * outputs + output], &columns.values[output][row], 1) != -1;
      CHECK(differ == 0);
    }
  }
}

TEST_CASE("series side by side have the bits of each alone") {
  constexpr int64_t kSymbols = 11, kLength = 700;
  std::vector<Rows> markets;
  std::vector<Buffer<double>> memory;
  std::vector<Panel<const double>> columns;
  for (int64_t symbol = 0; symbol < kSymbols; ++symbol) markets.push_back(sample::make_rows(kLength, 10 + symbol));
  for (int column = 0; column < kBarColumns; ++column) {
    Buffer<double>& panel = memory.emplace_back(kLength * kSymbols);
    for (int64_t symbol = 0; symbol < kSymbols; ++symbol)
      for (int64_t row = 0; row < kLength; ++row) panel[row * kSymbols + symbol] = markets[symbol].bar[column][row];
    columns.push_back(std::as_const(panel).panel(kLength, kSymbols));
  }
  for (const indicator_catalogue::Row& row : indicator_catalogue::rows()) {
    const IndicatorEntry& entry = row.v3();
    if (!entry.tick_inputs.empty()) continue;
    INFO(entry.name);
    std::vector<Buffer<double>> results;
    std::vector<Panel<double>> out;
    for (int output = 0; output < entry.outputs; ++output)
      out.push_back(results.emplace_back(kLength * kSymbols).panel(kLength, kSymbols));
    run_symbols(kExec, {entry.name, nullptr}, columns, out);
    for (int64_t symbol = 0; symbol < kSymbols; ++symbol) {
      const std::vector<double> alone = sample::values_of(kExec, {entry.name, nullptr}, markets[symbol]);
      int64_t differ = 0;
      for (int64_t at = 0; at < kLength * entry.outputs; ++at)
        differ += first_difference(&alone[at], &out[at % entry.outputs](at / entry.outputs, symbol), 1) != -1;
      CHECK(differ == 0);
    }
  }
  CHECK_THROWS_AS(run_symbols(kExec, {"quoted_spread", nullptr}, columns, {}), Error);
}

TEST_CASE("totals of parameter sets are the sums and last values of their columns") {
  constexpr int64_t kFrom = 1003;
  for (const indicator_catalogue::Row& row : indicator_catalogue::rows()) {
    const IndicatorEntry& entry = row.v3();
    if (!entry.tick_inputs.empty()) continue;
    INFO(entry.name);
    std::vector<std::shared_ptr<const void>> sets;
    for (int set = 0; set < 21; ++set) {
      const std::shared_ptr<const void> params = with_first(entry, 2 + 3 * set);
      if (entry.lookback(params.get()) <= kFrom) sets.push_back(params);
    }
    const int64_t count = static_cast<int64_t>(sets.size());
    std::vector<Totals> all(sets.size() * entry.outputs), one(sets.size());
    reduce_parameters(kExec, entry.name, sets, market().bars(0, kRows), -1, kFrom, all);
    for (int output = 0; output < entry.outputs; ++output) {
      reduce_parameters(kExec, entry.name, sets, market().bars(0, kRows), output, kFrom, one);
      Buffer<double> panel(static_cast<std::size_t>(kRows * count));
      run_parameters(kExec, entry.name, sets, market().bars(0, kRows), output, panel.panel(kRows, count));
      for (int64_t set = 0; set < count; ++set) {
        long double sum = 0, size = 0;
        for (int64_t at = kFrom; at < kRows; ++at) {
          sum += panel[at * count + set];
          size += std::abs(panel[at * count + set]);
        }
        const Totals& here = all[set * entry.outputs + output];
        CHECK(first_difference(&one[set].last, &panel[(kRows - 1) * count + set], 1) == -1);
        CHECK(std::abs(static_cast<double>(one[set].sum - sum)) <= 1e-13 * static_cast<double>(size));
        CHECK(first_difference(&one[set].sum, &here.sum, 1) == -1);
        CHECK(first_difference(&one[set].last, &here.last, 1) == -1);
      }
    }
  }
  std::vector<Totals> out(1);
  const std::vector<std::shared_ptr<const void>> sets = {nullptr};
  CHECK_THROWS_WITH_AS(reduce_parameters(kExec, "sma", sets, market().bars(0, kRows), 0, 5, out),
                       doctest::Contains("ready from row 19"), Error);
}

TEST_CASE("in floats a set gives one answer in any chunks and packs, near that in doubles; windows stay doubles") {
  int64_t kinds = 0;
  for (const indicator_catalogue::Row& row : indicator_catalogue::rows()) {
    const IndicatorEntry& entry = row.v3();
    if (entry.kind != IndicatorKind::recurrence && entry.kind != IndicatorKind::window) continue;
    INFO(entry.name);
    std::vector<Instance> many;
    for (const int period : {5, 8, 14, 20, 33, 50, 70, 90, 110})
      many.push_back({entry.name, with_first(entry, period)});
    FeatureSet whole(kExec, many, Precision::float32), doubles(kExec, many);
    const std::vector<double> truth = sample::append_all(doubles, market(), 0, kRows, kRows);
    const std::vector<double> values = sample::append_all(whole, market(), 0, kRows, kRows);
    FeatureSet pieces(kExec, many, Precision::float32);
    CHECK(sample::same_bits(sample::append_all(pieces, market(), 0, kRows, 7), values));
    FeatureSet alone(kExec, {many[4]}, Precision::float32);
    const std::vector<double> sole = sample::append_all(alone, market(), 0, kRows, kRows);
    int64_t differ = 0;
    for (int64_t at = 0; at < kRows; ++at)
      differ += first_difference(&sole[at * entry.outputs], &values[at * whole.outputs() + 4 * entry.outputs],
                                 entry.outputs) != -1;
    CHECK(differ == 0);
    if (entry.frames->pack_float == nullptr) {
      CHECK(sample::same_bits(truth, values));
      continue;
    }
    ++kinds;
    CHECK_FALSE(sample::same_bits(truth, values));
    CHECK_THROWS_AS(doubles.load_state(whole.save_state()), Error);
    FeatureSet resumed(kExec, many, Precision::float32), before(kExec, many, Precision::float32);
    sample::append_all(before, market(), 0, 2000, 2000);
    resumed.load_state(before.save_state());
    const std::vector<double> rest = sample::append_all(resumed, market(), 2000, 1000, 300);
    CHECK(first_difference(rest.data(), values.data() + 2000 * whole.outputs(), 1000 * whole.outputs()) == -1);
  }
  CHECK(kinds >= 15);
}
