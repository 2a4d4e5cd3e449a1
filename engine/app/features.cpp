// tickfold features: config -> feature panel and its schema.
#include "engine/features/table.hpp"

#include <charconv>
#include <cmath>

#include "cuda/base/error.hpp"
#include "data/store/panel_file.hpp"
#include "engine/app/evidence.hpp"
#include "engine/registry/durable_file.hpp"
#include "engine/walk/runner.hpp"

namespace tf::app {
namespace {

void append_number(std::string& text, double value) {
  if (std::isnan(value)) return;  // an empty cell: not ready
  char digits[40];
  text.append(digits, std::to_chars(digits, digits + sizeof digits, value).ptr);
}

std::string csv_of(const features::Table& table) {
  std::string text = "known_time,close,bid,ask";
  for (const std::string& name : table.schema.names) text += ",\"" + name + "\"";
  text += "\n";
  const auto column = [&](series::BarColumn which) -> const std::vector<double>& {
    return table.bars.column[static_cast<int>(which)];
  };
  for (int64_t row = 0; row < table.rows(); ++row) {
    text += time_text(table.bars.known_ts[row]);
    for (const auto which : {series::BarColumn::close, series::BarColumn::bid, series::BarColumn::ask}) {
      text += ',';
      append_number(text, column(which)[row]);
    }
    for (int64_t lane = 0; lane < table.panel().lanes; ++lane) {
      text += ',';
      append_number(text, table.panel()(row, lane));
    }
    text += '\n';
  }
  return text;
}

void run(const Shell& shell, const std::string& out) {
  const Exec exec = exec_for(shell.threads);
  const config::Reader reader = shell.read_config();
  walk::Setup setup = walk::read_setup(reader, exec);
  read_watch_sections(reader);
  walk::seal(setup, reader);
  const data::TickStore store = data::TickStore::open(setup.store_root);
  const features::Table table = features::compute(exec, setup.features, store, setup.instrument,
                                                  walk::days_of(setup, store, {}), shell.progress());
  if (out.ends_with(".h5") || out.ends_with(".hdf5"))
    data::write_panel_file(out, {table.schema.names, table.schema.digest, table.schema.canonical, setup.instrument},
                           table.bars.known_ts, table.panel());
  else if (!out.empty())
    registry::write_durably(out, csv_of(table));
  Json names = table.schema.names;
  std::string text = "schema " + table.schema.digest + "\n" + std::to_string(table.rows()) + " bars of " +
                     std::to_string(table.days.size()) + " days\n";
  std::vector<std::vector<std::string>> rows{{"feature", "ready", "mean", "min", "max"}};
  Json lanes = Json::array();
  for (int64_t lane = 0; lane < table.panel().lanes; ++lane) {
    int64_t ready = 0;
    double sum = 0, low = INFINITY, high = -INFINITY;
    for (int64_t row = 0; row < table.rows(); ++row)
      if (const double value = table.panel()(row, lane); std::isfinite(value)) {
        ++ready;
        sum += value;
        low = std::min(low, value);
        high = std::max(high, value);
      }
    const double mean = ready ? sum / static_cast<double>(ready) : std::nan("");
    if (!ready) low = high = std::nan("");
    rows.push_back(
        {table.schema.names[lane], std::to_string(ready), short_number(mean), short_number(low), short_number(high)});
    lanes.push_back(
        {{"name", table.schema.names[lane]}, {"ready", ready}, {"mean", mean}, {"min", low}, {"max", high}});
  }
  text += table_text(rows);
  if (!out.empty()) text += "written to " + out + "\n";
  shell.result("tickfold.features/1",
               {{"digest", table.schema.digest},
                {"bars", table.rows()},
                {"days", table.days.size()},
                {"features", lanes},
                {"file", out}},
               text);
}

}  // namespace

void add_features(CLI::App& app, Shell& shell) {
  CLI::App* command = shell.add(app, "features", "feature panel of a config, and its schema", "config as for walk");
  const auto out = std::make_shared<std::string>();
  command->add_option("--out", *out, "write the panel: .h5 = HDF5, else CSV (one row a bar, empty cell = not ready)");
  command->callback([&shell, out] { shell.action = [&shell, out] { run(shell, *out); }; });
}

}  // namespace tf::app
