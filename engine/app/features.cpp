// tickfold features: feature panel and its schema; of a config, of a store's
// ticks, or of a user's own bars.
#include <chrono>
#include <cmath>
#include <future>

#include "cuda/base/error.hpp"
#include "data/store/panel_file.hpp"
#include "engine/app/bar_file.hpp"
#include "engine/app/evidence.hpp"
#include "engine/app/feature_output.hpp"
#include "engine/features/feature_list.hpp"
#include "engine/features/quality.hpp"
#include "engine/features/table.hpp"
#include "engine/walk/runner.hpp"

namespace tf::app {
namespace {

constexpr const char* kHelp = R"(Forms:
  of a config:       tickfold features CONFIG.toml [--set a.b=c] [--out FILE]
  of your own bars:  tickfold features --bars FILE.csv --set LIST --out OUT.csv
  of a store:        tickfold features --store DIR --instrument VENUE/SYMBOL --bar time:60 --set LIST [--out FILE]

LIST names indicators (see tickfold catalog indicator) with their parameters, e.g.
  --set 'ema:period=10|20|50,rsi,macd:fast=12;slow=26;signal=9'
Further parameters of an indicator stand after ';' or ','; values apart by '|' span a grid; `all` is every indicator
whose inputs are there, with its defaults.

Bars: a header names the columns in any order and case: close (required), open, high, low (the close where missing),
volume, buy_volume, sell_volume, ticks, bid, ask, vwap, reference, and time (ISO 8601 or s, ms, us, ns since 1970;
without it the rows are numbered). Prices are taken as they are, so features in ticks are in the file's own units.
The clock columns follow the UTC day of the time. CSV out: time, then one column a feature; an empty cell = not ready.)";

struct Flags {
  std::string out, bars, store, instrument, from, to, bar = "time:60", carry = "day", precision = "float64", reference;
};

series::Precision precision_of(const Flags& flags) {
  return flags.precision == "float32" ? series::Precision::float32 : series::Precision::float64;
}

bool is_hdf5(const std::string& path) { return path.ends_with(".h5") || path.ends_with(".hdf5"); }

std::string joined(const std::vector<std::string>& lists) {
  std::string text;
  for (const std::string& list : lists) text += (text.empty() ? "" : ",") + list;
  if (text.empty())
    throw Error(ErrorKind::usage,
                "features: --set LIST is missing: "
                "'ema:period=20,rsi', or all; see --help");
  return text;
}

// ---- ticks of a store
// ----------------------------------------------------------------------------------------------

void write_csv(const Exec& exec, const features::Table& table, const std::string& out) {
  FeatureCsv csv(out, "known_time,close,bid,ask", table.schema.names);
  const auto column = [&](series::BarColumn which) -> const std::vector<double>& {
    return table.bars.column[static_cast<int>(which)];
  };
  const auto lead = [&](std::string& text, int64_t row) {
    text += time_text(table.bars.known_ts[static_cast<std::size_t>(row)]);
    for (const auto which : {series::BarColumn::close, series::BarColumn::bid, series::BarColumn::ask}) {
      text += ',';
      append_number(text, column(which)[static_cast<std::size_t>(row)]);
    }
  };
  csv.append(exec.threads, table.panel(), lead);
  csv.finish();
}

/// What is odd about the features, one line each that is; all of them as JSON.
std::string quality_text(const std::vector<features::FeatureQuality>& quality, Json& json) {
  std::vector<std::vector<std::string>> rows{{"odd values of", "missing", "infinite", "stale", "out of range"}};
  json = Json::array();
  for (const features::FeatureQuality& one : quality) {
    json.push_back({{"name", one.name},
                    {"rows", one.rows},
                    {"not_ready", one.not_ready},
                    {"missing", one.missing},
                    {"infinite", one.infinite},
                    {"stale", one.stale},
                    {"longest_run", one.longest_run},
                    {"out_of_range", one.out_of_range}});
    if (one.odd() > 0)
      rows.push_back({one.name, std::to_string(one.missing), std::to_string(one.infinite), std::to_string(one.stale),
                      std::to_string(one.out_of_range)});
  }
  return rows.size() > 1 ? table_text(rows) : "";
}

void show(const Shell& shell, const Exec& exec, const features::QualityCounter& counter, const features::Table& table,
          const std::string& instrument, const std::string& out) {
  if (is_hdf5(out))
    data::write_panel_file(out, {table.schema.names, table.schema.digest, table.schema.canonical, instrument},
                           table.bars.known_ts, table.panel());
  else
    write_csv(exec, table, out);
  PanelSummary summary(table.schema.names);
  summary.add(table.panel());
  Json quality;
  const std::string odd = quality_text(counter.counted(table.schema), quality);
  std::string text = "schema " + table.schema.digest + "\n" + std::to_string(table.rows()) + " bars of " +
                     std::to_string(table.days.size()) + " days\n" + summary.text() + odd;
  if (!out.empty()) text += "written to " + out + "\n";
  shell.result("tickfold.features/1",
               {{"digest", table.schema.digest},
                {"bars", table.rows()},
                {"days", table.days.size()},
                {"features", summary.json()},
                {"quality", quality},
                {"file", out}},
               text);
}

void run_config(const Shell& shell, const Flags& flags) {
  const Exec exec = exec_for(shell.threads);
  const config::Reader reader = shell.read_config();
  walk::Setup setup = walk::read_setup(reader, exec);
  read_watch_sections(reader);
  walk::seal(setup, reader);
  const data::TickStore store = data::TickStore::open(setup.store_root);
  features::QualityCounter counter(exec, setup.features);
  const features::Table table = features::compute(exec, setup.features, store, setup.instrument,
                                                  walk::days_of(setup, store, {}), shell.progress(), &counter);
  show(shell, exec, counter, table, setup.instrument, flags.out);
}

std::string instrument_of(const data::TickStore& store, const std::string& asked) {
  if (!asked.empty()) return asked;
  const std::vector<std::string> there = store.instruments();
  if (there.size() == 1) return there[0];
  std::string names;
  for (const std::string& id : there) names += (names.empty() ? "" : ", ") + id;
  throw Error(ErrorKind::usage, "features: --instrument VENUE/SYMBOL is missing; the store has: " + names);
}

void run_store(const Shell& shell, const Flags& flags) {
  const Exec exec = exec_for(shell.threads);
  features::Spec spec;
  spec.bars = features::read_bar(flags.bar);
  spec.carry = flags.carry == "day" ? features::Carry::day : features::Carry::history;
  spec.precision = precision_of(flags);
  spec.reference = flags.reference;
  spec.instances = features::read_feature_list(joined(shell.sets), exec, [&](const series::IndicatorEntry& entry) {
    bool reads = false;
    for (const auto column : entry.bar_inputs) reads |= column == series::BarColumn::reference;
    for (const auto column : entry.tick_inputs) reads |= column == series::TickColumn::reference_mid;
    return reads && flags.reference.empty() ? std::string("a reference: give --reference VENUE/SYMBOL") : "";
  });
  const data::TickStore store = data::TickStore::open(flags.store);
  const std::string instrument = instrument_of(store, flags.instrument);
  const auto from = day_option(flags.from), to = day_option(flags.to);
  std::vector<data::DayInfo> days;
  for (const data::DayInfo& info : store.days(instrument))
    if ((!from || info.day >= *from) && (!to || info.day <= *to)) days.push_back(info);
  if (days.empty())
    throw Error(ErrorKind::no_input, "store " + flags.store + " has no day of " + instrument +
                                         (from || to ? " within --from and --to" : ""));
  features::QualityCounter counter(exec, spec);
  const features::Table table = features::compute(exec, spec, store, instrument, days, shell.progress(), &counter);
  show(shell, exec, counter, table, instrument, flags.out);
}

// ---- a user's own bars
// ---------------------------------------------------------------------------------------------

/// What an indicator needs that the file has not.
std::string lacking_of(const BarFile& file, const std::string& path, const series::IndicatorEntry& entry) {
  if (entry.kind == series::IndicatorKind::tick || !entry.tick_inputs.empty())
    return "ticks, which a file of bars has not: give --store";
  std::string lacking, needed;
  for (const series::BarColumn column : entry.bar_inputs) {
    needed += (needed.empty() ? "" : ", ") + std::string(series::column_name(column));
    if (!file.has(column)) lacking += (lacking.empty() ? "" : ", ") + std::string(series::column_name(column));
  }
  if (lacking.empty()) return "";
  return "the column " + lacking + " in " + path + ", which has " + file.header() + "; " + entry.name + " needs " +
         needed;
}

/// The cell as it stands in the file, quoted where it must be.
void append_cell(std::string& text, std::string_view cell) {
  if (cell.find_first_of(",\"") == std::string_view::npos) {
    text += cell;
    return;
  }
  text += '"';
  for (const char c : cell) text.append(c == '"' ? 2 : 1, c);
  text += '"';
}

void run_bars(const Shell& shell, const Flags& flags) {
  if (is_hdf5(flags.out))
    throw Error(ErrorKind::usage, "features: --out " + flags.out + ": features of --bars are written as CSV alone");
  const Exec exec = exec_for(shell.threads);
  BarFile file(flags.bars);
  const std::vector<series::Instance> instances = features::read_feature_list(
      joined(shell.sets), exec,
      [&](const series::IndicatorEntry& entry) { return lacking_of(file, flags.bars, entry); });
  file.want(series::BarColumn::close);
  for (const series::Instance& instance : instances)
    for (const series::BarColumn column : series::find_indicator(exec, instance.indicator).bar_inputs)
      file.want(column);
  series::FeatureSet set(exec, instances, precision_of(flags));
  const int64_t lanes = set.outputs();
  std::vector<std::string> names;
  for (int64_t lane = 0; lane < lanes; ++lane) names.push_back(set.output_name(lane));

  // Bounded memory: rows a piece so that it holds at most 2 Mi values. The next
  // piece is read while this one is worked on.
  const int64_t most = std::clamp<int64_t>((int64_t{1} << 21) / lanes, 64, 16384);
  std::vector<double> values(static_cast<std::size_t>(most * lanes));
  FeatureCsv csv(flags.out, file.has_time() ? "time" : "row", names);
  PanelSummary summary(names);
  const auto progress = shell.progress();
  const auto begin = std::chrono::steady_clock::now();
  BarPiece piece, next;
  const auto read_next = [&] { return file.read(most, next); };
  bool more = read_next();
  while (more) {
    std::swap(piece, next);
    std::future<bool> reading = std::async(std::launch::async, read_next);
    const Panel<double> panel{values.data(), piece.rows, lanes, lanes};
    set.append(piece.view(), {}, nullptr, panel);
    const int64_t first = summary.rows() + 1;
    csv.append(exec.threads, panel, [&](std::string& text, int64_t row) {
      if (piece.time_end.empty())
        text += std::to_string(first + row);
      else
        append_cell(text, piece.time(row));
    });
    summary.add(panel);
    more = reading.get();
    if (stop_asked()) throw Error(ErrorKind::again, "features: interrupted; nothing was written");
    progress("features " + flags.bars, more ? file.share() : 1);
  }
  if (summary.rows() == 0) throw Error(ErrorKind::bad_data, flags.bars + ": has a header and no rows");
  csv.finish();
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  shell.say(std::to_string(summary.rows()) + " rows, " +
            short_number(static_cast<double>(summary.rows()) / seconds, 3) + " rows/s");
  std::string text = std::to_string(summary.rows()) + " bars of " + flags.bars + "\n" + summary.text();
  if (!flags.out.empty()) text += "written to " + flags.out + "\n";
  shell.result("tickfold.features/1",
               {{"bars", summary.rows()}, {"source", flags.bars}, {"features", summary.json()}, {"file", flags.out}},
               text);
}

void run(const Shell& shell, const Flags& flags) {
  const int sources = !shell.config.empty() + !flags.bars.empty() + !flags.store.empty();
  if (sources != 1)
    throw Error(ErrorKind::usage,
                "features: give one of CONFIG.toml, --bars FILE.csv with --set "
                "LIST, --store DIR with --set LIST");
  if (!shell.config.empty()) return run_config(shell, flags);
  return flags.bars.empty() ? run_store(shell, flags) : run_bars(shell, flags);
}

}  // namespace

void add_features(CLI::App& app, Shell& shell) {
  CLI::App* command = shell.add(app, "features", "feature panel of a config, of a store's ticks, or of your own bars",
                                "config as for walk", false);
  command->footer(kHelp);
  const auto flags = std::make_shared<Flags>();
  command->add_option("--out", flags->out,
                      "write the panel: .h5 = HDF5, else CSV (one row a bar, "
                      "empty cell = not ready)");
  command->add_option("--bars", flags->bars, "CSV file of bars (may be packed: gz, zst, xz, zip)");
  command->add_option("--store", flags->store, "store folder");
  command->add_option("--instrument", flags->instrument,
                      "VENUE/SYMBOL of the store; may be left out where there is one");
  command->add_option("--from", flags->from, "first trading day, YYYY-MM-DD");
  command->add_option("--to", flags->to, "last trading day, YYYY-MM-DD");
  command
      ->add_option("--bar", flags->bar,
                   "KIND:SIZE[;FIELD=VALUE], e.g. time:60, time:5m, "
                   "volume:1000;price=trade")
      ->capture_default_str();
  command
      ->add_option("--carry", flags->carry,
                   "where indicators forget: at each trading day (day) or "
                   "never (history)")
      ->check(CLI::IsMember({"day", "history"}))
      ->capture_default_str();
  command->add_option("--precision", flags->precision, "what recurrences compute in")
      ->check(CLI::IsMember({"float64", "float32"}))
      ->capture_default_str();
  command->add_option("--reference", flags->reference, "VENUE/SYMBOL of the store that reference columns show");
  command->callback([&shell, flags] { shell.action = [&shell, flags] { run(shell, *flags); }; });
}

}  // namespace tf::app
