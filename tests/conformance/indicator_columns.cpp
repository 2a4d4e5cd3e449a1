// Writes what the indicators make of a seeded market, as raw little-endian doubles, and prints a hash of all their
// bits and of the elementary functions of them:
//   indicator_columns FOLDER     FOLDER/{open,high,low,close}.f64 and FOLDER/LANE.f64 for a list of instances
//   indicator_columns            the hash alone
// Built by talib_test.py and compilers_test.py from the sources, not by CMake: the second must choose the compiler.
#include <cstdio>
#include <fstream>

#include "cuda/series/frame_bodies.hpp"
#include "cuda/series/math.hpp"
#include "tests/cuda/series/sample_rows.hpp"

using namespace tf;

static void write_column(const std::string& folder, const std::string& name, const std::vector<double>& values) {
  std::ofstream file(folder + "/" + name + ".f64", std::ios::binary);
  file.write(reinterpret_cast<const char*>(values.data()),
             static_cast<std::streamsize>(values.size() * sizeof(double)));
}

int main(int count, char** words) {
  const int64_t rows = 20000;
  const sample::Rows market = sample::make_rows(rows, 42);
  Exec exec;
  std::vector<series::Instance> instances;
  for (const int period : {2, 3, 5, 14, 20, 64, 100, 333})
    for (const char* name : {"ema", "sma", "rsi", "atr", "roc", "realised_volatility"})
      instances.push_back(sample::instance(exec, name, {double(period)}));
  for (const std::vector<double>& periods : {std::vector<double>{12, 26, 9}, {3, 10, 4}, {26, 12, 9}, {5, 150, 40}})
    instances.push_back(sample::instance(exec, "macd", periods));
  for (const std::vector<double>& params : {std::vector<double>{20, 2}, {5, 1.5}, {250, 3}})
    instances.push_back(sample::instance(exec, "bollinger", params));
  instances.push_back({"quote_imbalance", nullptr});
  instances.push_back({"trade_flow_imbalance", nullptr});

  series::FeatureSet set(exec, instances);
  const int64_t lanes = set.outputs();
  const std::vector<double> values = sample::append_all(set, market, 0, rows, 777);
  uint64_t hash = 0xcbf29ce484222325ull;
  const auto eat = [&](double value) {
    const uint64_t bits = std::isnan(value) ? 0x7ff8000000000000ull : std::bit_cast<uint64_t>(value);
    hash = (hash ^ bits) * 0x100000001b3ull;
    hash ^= hash >> 29;
  };
  for (const double value : values) eat(value);
  using series::Lanes;
  for (std::size_t at = 0; at + series::kLanes <= values.size(); at += series::kLanes) {
    const Lanes x = series::load<Lanes>(values.data() + at);
    const Lanes size = abs_(x) + Lanes(1e-3);
    for (const Lanes result : {log_(size), exp_(-size), exp_(Lanes(1.0) / size), sin_(x), cos_(x), atan_(x), tanh_(x),
                               pow_(size, Lanes(0.3)), atan2_(x, Lanes(-3.0))}) {
      double lanes[series::kLanes];
      series::store(result, lanes);
      for (const double lane : lanes) eat(lane);
    }
  }
  std::printf("%016llx\n", static_cast<unsigned long long>(hash));

  if (count < 2) return 0;
  for (const auto column :
       {series::BarColumn::open, series::BarColumn::high, series::BarColumn::low, series::BarColumn::close})
    write_column(words[1], series::column_name(column), market.bar[static_cast<int>(column)]);
  for (int64_t lane = 0; lane < lanes; ++lane) {
    std::vector<double> column;
    for (int64_t row = 0; row < rows; ++row) column.push_back(values[row * lanes + lane]);
    write_column(words[1], set.output_name(lane), column);
  }
  return 0;
}
