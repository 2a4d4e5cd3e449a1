// For label_oracle_test.py: reads columns of bars and touches, writes the columns of their labels.
// label_rows FOLDER name=value...: fields of LabelSpec by name.
#include <cstdlib>
#include <fstream>
#include <string>

#include "cuda/market/labels.hpp"

using namespace tf;
using namespace tf::market;

namespace {

std::vector<double> read(const std::string& path) {
  std::ifstream file(path, std::ios::binary | std::ios::ate);
  std::vector<double> values(file ? static_cast<std::size_t>(file.tellg()) / sizeof(double) : 0);
  file.seekg(0);
  file.read(reinterpret_cast<char*>(values.data()), static_cast<std::streamsize>(values.size() * sizeof(double)));
  return values;
}

template <class T>
void write(const std::string& path, const std::vector<T>& column) {
  const std::vector<double> values(column.begin(), column.end());
  std::ofstream file(path, std::ios::binary);
  file.write(reinterpret_cast<const char*>(values.data()),
             static_cast<std::streamsize>(values.size() * sizeof(double)));
}

bool set(LabelSpec& spec, const std::string& text) {
  const std::size_t equals = text.find('=');
  const std::string name = text.substr(0, equals), value = text.substr(equals + 1);
  for (const Field& field : LabelSpec::fields()) {
    if (name != field.name) continue;
    char* at = reinterpret_cast<char*>(&spec) + field.offset;
    if (field.type == FieldType::text) *reinterpret_cast<std::string*>(at) = value;
    if (field.type == FieldType::integer) *reinterpret_cast<int*>(at) = std::atoi(value.c_str());
    if (field.type == FieldType::integer64) *reinterpret_cast<int64_t*>(at) = std::atoll(value.c_str());
    if (field.type == FieldType::real) *reinterpret_cast<double*>(at) = std::atof(value.c_str());
    return true;
  }
  return false;
}

}  // namespace

int main(int argc, char** argv) {
  const std::string folder = std::string(argv[1]) + "/";
  LabelSpec spec;
  for (int at = 2; at < argc; ++at)
    if (!set(spec, argv[at])) return 2;

  BarTable bars;
  const char* names[] = {"open", "high", "low", "close", "", "", "", "", "bid", "ask"};
  for (int column = 0; column < 10; ++column)
    if (*names[column]) bars.column[column] = read(folder + names[column]);
  for (const double ts : read(folder + "known")) bars.known_ts.push_back(static_cast<int64_t>(ts));
  for (const double day : read(folder + "day")) bars.day.push_back(static_cast<int32_t>(day));

  const std::vector<double> ts = read(folder + "touch_ts"), day = read(folder + "touch_day"),
                            bid = read(folder + "touch_bid"), ask = read(folder + "touch_ask"),
                            side = read(folder + "side");
  LabelSources sources;
  sources.side = side;
  sources.ticks = [&](int32_t wanted) {
    TouchPath path;
    for (std::size_t row = 0; row < ts.size(); ++row) {
      if (day[row] != wanted) continue;
      path.known_ts.push_back(static_cast<int64_t>(ts[row]));
      path.bid.push_back(bid[row]);
      path.ask.push_back(ask[row]);
    }
    return path;
  };
  const LabelTable labels = make_labels(spec, bars, sources);
  write(folder + "out_value", labels.value);
  write(folder + "out_long", labels.long_ticks);
  write(folder + "out_short", labels.short_ticks);
  write(folder + "out_t1", labels.t1);
  write(folder + "out_tie", labels.tie);
  write(folder + "out_trend_t", labels.trend_t);
  write(folder + "out_trend_end", labels.trend_end);
  return 0;
}
