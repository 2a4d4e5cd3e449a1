// tickfold ingest: files into a store, judged. With a config, or with flags alone; what the flags leave out is found
// out from the input, and said.
#include "data/ingest.hpp"

#include <algorithm>
#include <cstdio>
#include <filesystem>

#include "cuda/base/error.hpp"
#include "data/guess.hpp"
#include "data/sources/parse/open.hpp"
#include "engine/app/input_files.hpp"
#include "engine/app/instrument_section.hpp"
#include "engine/app/shell.hpp"

namespace tf::app {
namespace {

struct Flags {
  std::string store, source, preset;
  Instrument instrument;
  std::vector<std::string> files, policies;
  std::string codec;
  bool dry_run = false, replace = false;
  CLI::Option *tick_size = nullptr, *lot_size = nullptr, *currency = nullptr, *zone = nullptr, *local_clock = nullptr;
};

void add_files(data::IngestRequest& request, const std::string& path) {
  const std::vector<std::string> files = expand_path(path);
  request.input.files.insert(request.input.files.end(), files.begin(), files.end());
}

/// "name=value" as a setting of a section: texts need no quotes.
std::string setting(const std::string& section, const ParamsType& type, const std::string& given) {
  const std::size_t equals = given.find('=');
  if (equals == given.npos)
    throw Error(ErrorKind::usage, "ingest: \"" + given + "\": expected name=value (of " + section + ")");
  const std::string name = given.substr(0, equals);
  std::string value = given.substr(equals + 1);
  const bool is_text = std::any_of(type.fields.begin(), type.fields.end(), [&](const Field& field) {
    return name == field.name && field.type == FieldType::text;
  });
  if (is_text && !(value.size() >= 2 && value.front() == '"' && value.back() == '"')) {
    std::string quoted = "\"";
    for (const char c : value) quoted += (c == '"' || c == '\\') ? std::string("\\") + c : std::string(1, c);
    value = quoted + "\"";
  }
  return section + "." + name + "=" + value;
}

/// From a config: [paths] store and codec, [instrument], [source] name + parameters, files = [...], [policy].
std::string from_config(const Shell& shell, data::IngestRequest& request) {
  const config::Reader reader = shell.read_config();
  const config::Section root = reader.root();
  const std::string store = root.table("paths").path("store");
  request.codec = data::codec_named(root.table("paths").text_or("codec", "packed", "packed|packed+zstd|zstd"));
  request.input.instrument = read_instrument(root.table("instrument"));
  const config::Section source = root.table("source");
  request.source = source.text("name");
  try {
    const auto& entry = data::find_source(request.source);
    request.source_params = entry.params.make();
    source.read(entry.params, request.source_params.get());
  } catch (const Error& error) {
    if (std::string(error.what()).find(':') != std::string::npos && std::string(error.what()).find(shell.config) == 0)
      throw;
    source.fail("name", error.what());
  }
  request.policy = root.table("policy").read<data::IngestPolicy>();
  const std::vector<std::string> files = source.texts_or("files", {});
  for (const std::string& file : files) {
    const std::filesystem::path path(file);
    add_files(request,
              path.is_absolute() ? file : (std::filesystem::path(reader.folder()) / path).lexically_normal().string());
  }
  reader.finish();
  return store;
}

/// A preset names its source.
std::string source_of_preset(const std::string& preset) {
  std::string found;
  for (const auto& row : source_catalogue::rows())
    for (const Field& field : row.entry().params.fields)
      if (std::string(field.name) == "preset" && field.choices &&
          ("|" + std::string(field.choices) + "|").find("|" + preset + "|") != std::string::npos)
        found = found.empty() ? row.name : found;
  return found;
}

/// Source and parameters: as said, or as the input shows.
void choose_source(const Shell& shell, const Flags& flags, data::IngestRequest& request) {
  request.source = flags.source.empty() && !flags.preset.empty() ? source_of_preset(flags.preset) : flags.source;
  if (request.source.empty() && !flags.preset.empty())
    throw Error(ErrorKind::usage,
                "ingest: no source has the preset " + flags.preset + " (see tickfold catalog source)");
  std::optional<data::GuessedSource> guessed;
  if (request.source.empty()) {
    guessed = data::guess_source(request.input.files);
    request.source = guessed->source;
  } else if (flags.preset.empty() && shell.sets.empty()) {
    data::find_source(request.source);
    guessed = data::guess_params(request.input.files, request.source);
  }
  const auto& entry = data::find_source(request.source);
  std::vector<std::string> sets;
  if (guessed) {
    request.guessed.push_back(guessed->said);
    for (const auto& [name, value] : guessed->params)
      sets.push_back(setting("source", entry.params, name + "=" + value));
  }
  if (!flags.preset.empty()) sets.push_back(setting("source", entry.params, "preset=" + flags.preset));
  for (const std::string& set : shell.sets) sets.push_back(setting("source", entry.params, set));
  for (const std::string& set : flags.policies)
    sets.push_back(setting("policy", params_type<data::IngestPolicy>(), set));
  const config::Reader reader = config::Reader::from_text("", "flags", sets);
  request.source_params = entry.params.make();
  reader.root().table("source").read(entry.params, request.source_params.get());
  request.policy = reader.root().table("policy").read<data::IngestPolicy>();
  reader.finish();
}

/// Tick size and the rest: what is said, else what the store has, else what the input shows.
void choose_instrument(const Flags& flags, const std::optional<data::TickStore>& store, data::IngestRequest& request) {
  Instrument& instrument = request.input.instrument;
  const auto known = store ? store->instruments() : std::vector<std::string>{};
  if (std::binary_search(known.begin(), known.end(), flags.instrument.id())) {
    instrument = store->instrument(flags.instrument.id());
    if (flags.tick_size->count()) instrument.tick_size = flags.instrument.tick_size;
    if (flags.lot_size->count()) instrument.lot_size = flags.instrument.lot_size;
    if (flags.currency->count()) instrument.currency = flags.instrument.currency;
    if (flags.zone->count()) instrument.zone = flags.instrument.zone;
    if (flags.local_clock->count()) instrument.has_local_clock = flags.instrument.has_local_clock;
    // A dry run finds out as the real one would.
    store->add_instrument(instrument);
    return;
  }
  instrument = flags.instrument;
  if (flags.tick_size->count() && flags.lot_size->count() && flags.local_clock->count()) return;
  const auto grids = data::guess_grids(request.source, request.source_params.get(), request.input, [&](double share) {
    if (request.progress) request.progress("measuring prices and sizes", share);
    return !stop_asked().load();
  });
  if (!grids.why_none.empty() && !flags.dry_run)
    throw Error(ErrorKind::bad_data, grids.why_none + "; give --tick-size and --lot-size if that is meant");
  instrument.tick_size = grids.why_none.empty() ? grids.tick_size : 1;  // nothing will be judged by it
  instrument.lot_size = grids.lot_size;
  request.guessed.insert(request.guessed.end(), grids.said.begin(), grids.said.end());
  if (!flags.local_clock->count() && grids.has_local_clock) {
    instrument.has_local_clock = true;
    request.guessed.push_back("receive times are measured: they differ from the exchange's");
  }
}

void check_names(const Flags& flags, const std::vector<std::string>& files) {
  if (!flags.instrument.venue.empty() && !flags.instrument.symbol.empty()) return;
  std::string perhaps = files.empty() ? "" : data::suggest_instrument(files[0]);
  throw Error(ErrorKind::usage, std::string("ingest: ") + (flags.instrument.venue.empty() ? "--venue" : "--symbol") +
                                    " is missing: under which name the ticks are kept" +
                                    (perhaps.empty() ? "" : "; " + perhaps));
}

std::string first_reasons(const data::SourceCounts& counts) {
  std::string text;
  for (const auto& [reason, refusal] : counts.refused)
    text += (text.empty() ? "" : "; ") + reason + " (" + std::to_string(refusal.rows) + ", first " + refusal.file +
            ":" + std::to_string(refusal.line) + ")";
  return text;
}

/// What is wrong with a result that is there: damage, or not a single row. Empty if nothing is.
std::string wrong_with(const data::IngestReport& report) {
  if (!report.damage.empty())
    return "the input is damaged: " + report.damage +
           (report.counts.rows_stored > 0 ? " (what came before is kept)" : " (nothing came before it)");
  if (report.files.empty()) return {};
  const std::string where = report.files[0] + (report.files.size() > 1 ? " and the others" : "");
  if (report.counts.rows_read == 0) {
    std::error_code error;
    const bool empty = report.files.size() == 1 && std::filesystem::file_size(report.files[0], error) == 0 && !error;
    return where + (empty ? ": the file is empty" : ": there is no row in it");
  }
  if (report.counts.rows_stored == 0)
    return where + ": all " + std::to_string(report.counts.rows_read) +
           " rows are refused: " + first_reasons(report.counts);
  return {};
}

void run(Shell& shell, const Flags& flags) {
  data::IngestRequest request;
  request.dry_run = flags.dry_run;
  request.replace = flags.replace;
  if (!flags.codec.empty()) request.codec = data::codec_named(flags.codec);
  request.progress = shell.progress();
  request.stopped = [] { return stop_asked().load(); };
  std::string store_root = flags.store;
  std::optional<data::TickStore> store;
  const auto open_store = [&] {
    if (!store_root.empty() && (!flags.dry_run || std::filesystem::is_directory(store_root)))
      store = data::TickStore::open(store_root, true);
  };
  if (shell.config.ends_with(".toml") && flags.files.empty() && flags.store.empty()) {
    store_root = from_config(shell, request);
    for (const std::string& set : flags.policies)
      throw Error(ErrorKind::usage, "ingest: --policy " + set + " beside a config: write --set policy." + set);
    open_store();
  } else {
    if (shell.config.empty()) throw Error(ErrorKind::usage, "ingest: a config or at least one FILE is needed");
    if (store_root.empty() && !flags.dry_run)
      throw Error(ErrorKind::usage, "ingest: --store DIR is missing (or give a config, NAME.toml)");
    add_files(request, shell.config);
    for (const std::string& file : flags.files) add_files(request, file);
    check_names(flags, request.input.files);
    request.input.instrument = flags.instrument;
    choose_source(shell, flags, request);
    for (const std::string& line : request.guessed) shell.say("guessed: " + line);
    const std::size_t said = request.guessed.size();
    open_store();
    choose_instrument(flags, store, request);
    for (std::size_t line = said; line < request.guessed.size(); ++line) shell.say("guessed: " + request.guessed[line]);
    check_instrument(request.input.instrument, "ingest: --");
  }
  const data::IngestReport report = store ? data::ingest(request, *store) : data::dry_run(request);
  Json document = Json::parse(report.to_json());
  const std::string wrong = wrong_with(report);
  if (!wrong.empty()) document["error"] = wrong;
  shell.result("tickfold.ingest/1", document, report.to_text());
  if (wrong.empty()) return;
  // Not thrown: under --json stdout holds one document, and it is there already.
  std::fprintf(stderr, "tickfold: %s\n", wrong.c_str());
  shell.exit_code = static_cast<int>(ErrorKind::bad_data);
}

std::string policy_help() {
  std::string text = "Policies (--policy name=value, or [policy] of a config; the first value is the default):\n";
  for (const Field& field : data::IngestPolicy::fields())
    text += "  " + std::string(field.name) + (field.choices ? " = " + std::string(field.choices) : "") + "\n      " +
            field.help + "\n";
  return text;
}

}  // namespace

void add_ingest(CLI::App& app, Shell& shell) {
  CLI::App* command =
      shell.add(app, "ingest", "files into a store, with a report",
                "config (.toml) with [paths], [instrument], [source] and [policy]; or the first FILE", false);
  const auto flags = std::make_shared<Flags>();
  command->add_option("FILES", flags->files, "files, folders or patterns (without a config)");
  command->add_option("--store", flags->store, "store folder (without a config; a dry run needs none)");
  command->add_option("--source", flags->source, "source: see tickfold catalog; without it the input is looked at");
  command->add_option("--preset", flags->preset, "preset of that source");
  command->add_option("--policy", flags->policies, "what to do with odd ticks: name=value, see below")
      ->allow_extra_args(false)
      ->take_all();
  command->add_option("--venue", flags->instrument.venue, "venue of the instrument");
  command->add_option("--symbol", flags->instrument.symbol, "symbol of the instrument");
  flags->tick_size = command->add_option("--tick-size", flags->instrument.tick_size,
                                         "price of one tick; without it as the store has it, else as the input shows");
  flags->lot_size = command->add_option("--lot-size", flags->instrument.lot_size, "size of one lot; likewise");
  flags->currency =
      command->add_option("--currency", flags->instrument.currency, "currency of prices")->capture_default_str();
  flags->zone =
      command->add_option("--zone", flags->instrument.zone, "IANA zone of the trading day")->capture_default_str();
  flags->local_clock = command->add_flag("--local-clock,!--no-local-clock", flags->instrument.has_local_clock,
                                         "receive times are measured; without it as the input shows");
  command->add_flag("--dry-run", flags->dry_run, "judge only, write nothing");
  command->add_option("--codec", flags->codec,
                      "packed (default), packed+zstd (smallest) or zstd (for readers without our HDF5 filter)");
  command->add_flag("--replace", flags->replace, "replace days that are there with other ticks");
  command->footer(policy_help());
  command->callback([&shell, flags] { shell.action = [&shell, flags] { run(shell, *flags); }; });
}

}  // namespace tf::app
