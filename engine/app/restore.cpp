// tickfold restore: the versions of a day; an old one made current again.
#include "data/store/restore.hpp"

#include <algorithm>
#include <thread>

#include "cuda/base/error.hpp"
#include "data/store/repair.hpp"
#include "engine/app/shell.hpp"

namespace tf::app {
namespace {

struct Flags {
  std::string instrument, day;
  int64_t version = 0;  ///< 0: only list
};

void run(const Shell& shell, const Flags& flags) {
  if (flags.instrument.empty() || flags.day.empty())
    throw Error(ErrorKind::usage, "restore: --instrument VENUE/SYMBOL and --day YYYY-MM-DD are needed");
  if (flags.version < 0)
    throw Error(ErrorKind::usage, "restore: --version " + std::to_string(flags.version) + ": expected 1 or more");
  const data::TickStore store = data::TickStore::open(shell.config);
  const std::string id = store.instrument(flags.instrument).id();
  const Day day = *day_option(flags.day);
  std::string restored;
  if (flags.version > 0) restored = data::restore_version(store, id, day, flags.version).content_digest;

  // Every byte is checked: what is listed as sound can be restored.
  const int threads = shell.threads > 0 ? shell.threads : std::max(1, int(std::thread::hardware_concurrency()));
  const auto states = data::file_states(store, id, day, true, threads);
  if (states.empty()) throw Error(ErrorKind::no_input, store.day_path(id, day) + ": no such day, and no version of it");
  Json versions = Json::array();
  std::vector<std::vector<std::string>> rows{{"version", "ticks", "bytes", "sound", "digest", "file"}};
  for (const data::FileState& state : states) {
    const bool sound = state.damages.empty();
    Json json = {{"version", state.version}, {"file", state.path}, {"sound", sound}};
    if (state.info) {
      json["rows"] = state.info->rows;
      json["bytes"] = state.info->file_bytes;
      json["content_digest"] = state.info->content_digest;
      json["source_digest"] = state.info->source_digest;
    }
    versions.push_back(json);
    rows.push_back({state.version ? std::to_string(state.version) : "current",
                    state.info ? std::to_string(state.info->rows) : "-",
                    state.info ? std::to_string(state.info->file_bytes) : "-", sound ? "yes" : "DAMAGED",
                    state.info ? state.info->content_digest.substr(0, 12) : "-", state.path});
  }
  std::string text;
  if (flags.version > 0)
    text = "version " + std::to_string(flags.version) + " is current again: digest " + restored.substr(0, 12) + "\n";
  shell.result("tickfold.restore/1",
               {{"root", store.root()},
                {"instrument", id},
                {"day", to_text(day)},
                {"restored", flags.version > 0 ? Json(flags.version) : Json(nullptr)},
                {"versions", versions}},
               text + table_text(rows));
}

}  // namespace

void add_restore(CLI::App& app, Shell& shell) {
  CLI::App* command =
      shell.add(app, "restore", "list the versions of a day, or make an old one current", "store folder");
  const auto flags = std::make_shared<Flags>();
  command->add_option("--instrument", flags->instrument, "VENUE/SYMBOL");
  command->add_option("--day", flags->day, "YYYY-MM-DD");
  command->add_option("--version", flags->version,
                      "the one to restore; what is current stays as the newest old version");
  command->callback([&shell, flags] { shell.action = [&shell, flags] { run(shell, *flags); }; });
}

}  // namespace tf::app
