// How far recurrences in floats are from those in doubles (features_memory.precision): every indicator that has float
// frames, at its defaults, over bars that walk around 100,000 ticks. One JSON line an output: the largest and the mean
// absolute error, in the output's own unit and in standard deviations of the output.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <vector>

#include "cuda/base/buffer.hpp"
#include "cuda/base/philox.hpp"
#include "cuda/series/feature_set.hpp"
#include "cuda/series/frames.hpp"

using namespace tf;
using namespace tf::series;

int main() {
  constexpr int64_t kRows = 500'000;
  std::vector<Buffer<double>> columns;
  for (int column = 0; column < kBarColumns; ++column) columns.emplace_back(kRows);
  const auto column = [&columns](BarColumn of) { return columns[static_cast<int>(of)].data(); };
  const RandomStream random{32, Purpose::test, 0};
  double price = 100'000;
  for (int64_t row = 0; row < kRows; ++row) {
    const Words4 words = random.words(static_cast<uint64_t>(row));
    const double open = price;
    price += 0.5 * (static_cast<double>(words.w[0] % 41) - 20) - 1e-4 * (price - 100'000);
    price = std::round(2 * price) / 2;
    column(BarColumn::open)[row] = open;
    column(BarColumn::close)[row] = price;
    column(BarColumn::high)[row] = std::max(open, price) + words.w[1] % 8;
    column(BarColumn::low)[row] = std::min(open, price) - words.w[2] % 8;
    column(BarColumn::volume)[row] = 1 + words.w[3] % 500;
    column(BarColumn::buy_volume)[row] = words.w[3] % 200;
    column(BarColumn::sell_volume)[row] = words.w[3] % 200;
    column(BarColumn::vwap)[row] = 0.5 * (open + price);
  }
  BarRows bars;
  bars.rows = kRows;
  for (int at = 0; at < kBarColumns; ++at) bars.column[at] = columns[at].data();
  const Exec exec = pick_exec();
  for (const indicator_catalogue::Row& row : indicator_catalogue::rows()) {
    const IndicatorEntry& entry = find_indicator(exec, row.name);
    if (!entry.frames->pack_float) continue;
    FeatureSet doubles(exec, {{entry.name, nullptr}}), floats(exec, {{entry.name, nullptr}}, Precision::float32);
    Buffer<double> exact(kRows * entry.outputs), rough(kRows * entry.outputs);
    doubles.append(bars, {}, nullptr, exact.panel(kRows, entry.outputs));
    floats.append(bars, {}, nullptr, rough.panel(kRows, entry.outputs));
    for (int output = 0; output < entry.outputs; ++output) {
      double largest = 0, total = 0, sum = 0, squares = 0, count = 0;
      for (int64_t at = doubles.lookback(); at < kRows; ++at) {
        const double value = exact[at * entry.outputs + output];
        const double error = std::abs(rough[at * entry.outputs + output] - value);
        largest = std::max(largest, error);
        total += error;
        sum += value;
        squares += value * value;
        ++count;
      }
      const double mean = sum / count, deviation = std::sqrt(std::max(squares / count - mean * mean, 0.0));
      std::printf(
          "{\"bench\":\"float32\",\"name\":\"%s.%s\",\"unit\":\"%s\",\"largest\":%.2g,\"mean\":%.2g,"
          "\"largest_in_deviations\":%.2g,\"mean_in_deviations\":%.2g}\n",
          entry.name, entry.outputs_of[output].name, entry.outputs_of[output].unit, largest, total / count,
          largest / deviation, total / count / deviation);
    }
  }
  return 0;
}
