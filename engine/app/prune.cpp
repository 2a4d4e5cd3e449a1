// tickfold prune: removes old versions of days, and what killed writers left.
#include <algorithm>
#include <filesystem>
#include <map>

#include "cuda/base/error.hpp"
#include "data/store/tick_store.hpp"
#include "data/store/upgrade.hpp"
#include "engine/app/shell.hpp"

namespace tf::app {
namespace {

struct Flags {
  std::string instrument;
  int keep = -1;
  bool dry_run = false;
};

void run(const Shell& shell, const Flags& flags) {
  if (flags.keep < 0)
    throw Error(ErrorKind::usage, "prune: --keep N is missing: how many old versions of each day stay (0 or more)");
  const data::TickStore store = data::TickStore::open(shell.config);
  std::vector<std::string> ids = store.instruments();
  if (!flags.instrument.empty()) ids = {store.instrument(flags.instrument).id()};
  Json instruments = Json::array();
  std::string text;
  std::size_t count = 0;
  uintmax_t bytes = 0;
  for (const std::string& id : ids) {
    // A file's bytes are known only while it is there, so what will go is listed first.
    Json removed = Json::array();
    std::map<std::string, uintmax_t> sizes;
    for (const std::string& path : store.prune(id, flags.keep, true)) {
      std::error_code gone;
      const uintmax_t size = std::filesystem::file_size(path, gone);
      sizes[path] = gone ? 0 : size;
    }
    for (const std::string& path : store.prune(id, flags.keep, flags.dry_run)) {
      removed.push_back({{"file", path}, {"bytes", sizes[path]}});
      text += (flags.dry_run ? "would remove " : "removed ") + path + " (" + std::to_string(sizes[path]) + " bytes)\n";
      bytes += sizes[path];
      ++count;
    }
    instruments.push_back({{"id", id}, {"removed", removed}});
  }
  const bool upgrade_left = data::sweep_upgrade(store, flags.dry_run);
  if (upgrade_left)
    text += std::string(flags.dry_run ? "would remove" : "removed") + " an interrupted upgrade's work\n";
  text += std::string(flags.dry_run ? "would remove " : "removed ") + std::to_string(count) +
          (count == 1 ? " file, " : " files, ") + std::to_string(bytes) + " bytes; " + std::to_string(flags.keep) +
          " old versions of each day stay at most\n";
  shell.result("tickfold.prune/1",
               {{"root", store.root()},
                {"keep", flags.keep},
                {"dry_run", flags.dry_run},
                {"files", count},
                {"bytes", bytes},
                {"interrupted_upgrade", upgrade_left},
                {"instruments", instruments}},
               text);
}

}  // namespace

void add_prune(CLI::App& app, Shell& shell) {
  CLI::App* command =
      shell.add(app, "prune", "remove old versions of days and what killed writers left", "store folder");
  const auto flags = std::make_shared<Flags>();
  command->add_option("--instrument", flags->instrument, "VENUE/SYMBOL; default: all");
  command->add_option("--keep", flags->keep, "old versions of each day that stay, the newest ones");
  command->add_flag("--dry-run", flags->dry_run, "only say what would be removed");
  command->callback([&shell, flags] { shell.action = [&shell, flags] { run(shell, *flags); }; });
}

}  // namespace tf::app
