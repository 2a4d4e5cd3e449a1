// tickfold ingest: files into a store, judged. With a config, or with flags alone.
#include "data/ingest.hpp"

#include <algorithm>
#include <filesystem>
#include <regex>

#include "cuda/base/error.hpp"
#include "data/sources/parse/open.hpp"
#include "engine/app/instrument_section.hpp"
#include "engine/app/shell.hpp"

namespace tf::app {
namespace {

struct Flags {
  std::string store, source = "csv", preset;
  Instrument instrument;
  std::vector<std::string> files;
  bool dry_run = false, replace = false;
};

/// Files of a folder, or of a pattern in the last component (* and ?), sorted; a plain path as it is.
std::vector<std::string> expand(const std::string& path) {
  namespace fs = std::filesystem;
  const fs::path given(path);
  std::vector<std::string> files;
  const std::string name = given.filename().string();
  if (fs::is_directory(given)) {
    for (const auto& entry : fs::directory_iterator(given))
      if (entry.is_regular_file() && entry.path().filename().string().front() != '.')
        files.push_back(entry.path().string());
  } else if (name.find_first_of("*?") != std::string::npos) {
    std::string pattern;
    for (const char c : name)
      pattern += c == '*'                                      ? std::string(".*")
                 : c == '?'                                    ? std::string(".")
                 : std::isalnum(static_cast<unsigned char>(c)) ? std::string(1, c)
                                                               : "\\" + std::string(1, c);
    const std::regex matches(pattern);
    const fs::path parent = given.parent_path().empty() ? fs::path(".") : given.parent_path();
    if (fs::is_directory(parent))
      for (const auto& entry : fs::directory_iterator(parent))
        if (entry.is_regular_file() && std::regex_match(entry.path().filename().string(), matches))
          files.push_back(entry.path().string());
  } else {
    return {path};
  }
  std::sort(files.begin(), files.end());
  if (files.empty()) throw Error(ErrorKind::no_input, path + ": no file there");
  return files;
}

void add_files(data::IngestRequest& request, const std::string& path) {
  const std::vector<std::string> files = expand(path);
  request.input.files.insert(request.input.files.end(), files.begin(), files.end());
}

/// From a config: [paths] store, [instrument], [source] name + parameters, files = [...].
std::string from_config(const Shell& shell, data::IngestRequest& request) {
  const config::Reader reader = shell.read_config();
  const config::Section root = reader.root();
  const std::string store = root.table("paths").path("store");
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
  const std::vector<std::string> files = source.texts_or("files", {});
  for (const std::string& file : files) {
    const std::filesystem::path path(file);
    add_files(request,
              path.is_absolute() ? file : (std::filesystem::path(reader.folder()) / path).lexically_normal().string());
  }
  reader.finish();
  return store;
}

void run(const Shell& shell, const Flags& flags) {
  data::IngestRequest request;
  std::string store_root = flags.store;
  if (!shell.config.empty() && flags.files.empty() && flags.store.empty()) {
    store_root = from_config(shell, request);
  } else {
    if (store_root.empty()) throw Error(ErrorKind::usage, "ingest: --store DIR is missing (or give a config)");
    request.input.instrument = flags.instrument;
    check_instrument(flags.instrument, "ingest: --");
    request.source = flags.source;
    const auto& entry = data::find_source(flags.source);
    // Flags and --set speak the language of a config's [source] section.
    std::vector<std::string> sets;
    if (!flags.preset.empty()) sets.push_back("source.preset=\"" + flags.preset + "\"");
    for (const std::string& set : shell.sets) sets.push_back("source." + set);
    const config::Reader reader = config::Reader::from_text("", "flags", sets);
    request.source_params = entry.params.make();
    reader.root().table("source").read(entry.params, request.source_params.get());
    reader.finish();
    if (!shell.config.empty()) add_files(request, shell.config);
    for (const std::string& file : flags.files) add_files(request, file);
  }
  request.dry_run = flags.dry_run;
  request.replace = flags.replace;
  request.progress = shell.progress();
  const data::TickStore store = data::TickStore::open(store_root, true);
  const data::IngestReport report = data::ingest(request, store);
  shell.result("tickfold.ingest/1", Json::parse(report.to_json()), report.to_text());
  if (!report.damage.empty())
    throw Error(ErrorKind::bad_data, "the input is damaged: " + report.damage + " (what came before is stored)");
}

}  // namespace

void add_ingest(CLI::App& app, Shell& shell) {
  CLI::App* command = shell.add(app, "ingest", "files into a store, with a report",
                                "config with [paths], [instrument] and [source]; or the first FILE", false);
  const auto flags = std::make_shared<Flags>();
  command->add_option("FILES", flags->files, "files, folders or patterns (without a config)");
  command->add_option("--store", flags->store, "store folder (without a config)");
  command->add_option("--source", flags->source, "source: see tickfold catalog")->capture_default_str();
  command->add_option("--preset", flags->preset, "preset of that source");
  command->add_option("--venue", flags->instrument.venue, "venue of the instrument");
  command->add_option("--symbol", flags->instrument.symbol, "symbol of the instrument");
  command->add_option("--tick-size", flags->instrument.tick_size, "price of one tick");
  command->add_option("--lot-size", flags->instrument.lot_size, "size of one lot");
  command->add_option("--currency", flags->instrument.currency, "currency of prices")->capture_default_str();
  command->add_option("--zone", flags->instrument.zone, "IANA zone of the trading day")->capture_default_str();
  command->add_flag("--dry-run", flags->dry_run, "judge only, write nothing");
  command->add_flag("--replace", flags->replace, "replace days that are there with other ticks");
  command->callback([&shell, flags] { shell.action = [&shell, flags] { run(shell, *flags); }; });
}

}  // namespace tf::app
