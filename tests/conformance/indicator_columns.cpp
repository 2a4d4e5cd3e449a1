// Writes what the indicators make of a seeded market, as raw little-endian doubles, and prints a hash of all their
// bits and of the elementary functions of them:
//   indicator_columns            the hash alone, of a list of instances
//   indicator_columns FOLDER     FOLDER/LANE.f64 of these instances too
//   indicator_columns FOLDER NAME NAME:param=value,param=value ...
//                                FOLDER/LANE.f64 of the instances named (values without a name are parameters in
//                                their order), and prints the names of the lanes of each on a line, between tabs
// and beside them the market: FOLDER/COLUMN.f64 of bars, FOLDER/tick_COLUMN.f64 and FOLDER/tick_ends.f64.
// Built by the Python tests of this folder from the sources, not by CMake: one must choose the compiler.
#include <cstdio>
#include <fstream>
#include <sstream>

#include "cuda/base/error.hpp"
#include "cuda/series/frame_bodies.hpp"
#include "cuda/series/math.hpp"
#include "tests/cuda/series/sample_rows.hpp"

using namespace tf;

static void write_column(const std::string& folder, const std::string& name, const std::vector<double>& values) {
  std::ofstream file(folder + "/" + name + ".f64", std::ios::binary);
  file.write(reinterpret_cast<const char*>(values.data()),
             static_cast<std::streamsize>(values.size() * sizeof(double)));
}

/// Bars and ticks.
static void write_market(const std::string& folder, const sample::Rows& market) {
  for (int column = 0; column < series::kBarColumns; ++column)
    write_column(folder, series::column_name(static_cast<series::BarColumn>(column)), market.bar[column]);
  for (int column = 0; column < series::kTickColumns; ++column)
    write_column(folder, std::string("tick_") + series::column_name(static_cast<series::TickColumn>(column)),
                 {market.tick[column].begin() + sample::kTickHistory, market.tick[column].end()});
  write_column(folder, "tick_ends", {market.ends.begin(), market.ends.end()});
}

static void write_lanes(const std::string& folder, const series::FeatureSet& set, const std::vector<double>& values,
                        int64_t rows) {
  const int64_t lanes = set.outputs();
  for (int64_t lane = 0; lane < lanes; ++lane) {
    std::vector<double> column;
    for (int64_t row = 0; row < rows; ++row) column.push_back(values[row * lanes + lane]);
    write_column(folder, set.output_name(lane), column);
  }
}

/// "name:param=value,param=value" or "name:value,value": parameters that are not told keep their defaults.
static series::Instance named_instance(const Exec& exec, const std::string& text) {
  const std::size_t colon = text.find(':');
  const std::string name = text.substr(0, colon);
  const series::IndicatorEntry& entry = series::find_indicator(exec, name);
  const std::shared_ptr<void> params = entry.params.make();
  std::istringstream pairs(colon == std::string::npos ? "" : text.substr(colon + 1));
  std::size_t place = 0;
  for (std::string pair; std::getline(pairs, pair, ','); ++place) {
    const std::size_t equals = pair.find('=');
    const bool named = equals != std::string::npos;
    bool found = false;
    for (const Field& field : entry.params.fields) {
      if (named ? pair.substr(0, equals) != field.name : &field != &entry.params.fields[0] + place) continue;
      char* member = static_cast<char*>(params.get()) + field.offset;
      const std::string value = named ? pair.substr(equals + 1) : pair;
      if (field.type == FieldType::integer) *reinterpret_cast<int*>(member) = std::stoi(value);
      if (field.type == FieldType::integer64) *reinterpret_cast<int64_t*>(member) = std::stoll(value);
      if (field.type == FieldType::real) *reinterpret_cast<double*>(member) = std::stod(value);
      if (field.type == FieldType::boolean) *reinterpret_cast<bool*>(member) = value == "true";
      if (field.type == FieldType::text) *reinterpret_cast<std::string*>(member) = value;
      found = true;
    }
    if (!found) throw Error(ErrorKind::config, name + " has no parameter " + pair);
  }
  return {name, params};
}

int main(int count, char** words) {
  const int64_t rows = 20000;
  const sample::Rows market = sample::make_rows(rows, 42);
  Exec exec;
  std::vector<series::Instance> instances;
  if (count > 2) {
    for (int word = 2; word < count; ++word) instances.push_back(named_instance(exec, words[word]));
    series::FeatureSet set(exec, instances);
    write_market(words[1], market);
    write_lanes(words[1], set, sample::append_all(set, market, 0, rows, 777), rows);
    int64_t lane = 0;
    for (const series::Instance& instance : instances) {
      const int outputs = series::find_indicator(exec, instance.indicator).outputs;
      for (int output = 0; output < outputs; ++output, ++lane)
        std::printf("%s%c", set.output_name(lane).c_str(), output + 1 < outputs ? '\t' : '\n');
    }
    return 0;
  }
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
  write_market(words[1], market);
  write_lanes(words[1], set, values, rows);
  return 0;
}
