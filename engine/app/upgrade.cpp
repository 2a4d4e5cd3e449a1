// tickfold upgrade: day files of an older schema, or of another codec, rewritten as new versions of their days.
#include "data/store/upgrade.hpp"

#include <algorithm>
#include <filesystem>
#include <thread>

#include "cuda/base/error.hpp"
#include "engine/app/shell.hpp"

namespace tf::app {
namespace {

namespace fs = std::filesystem;

struct Flags {
  std::string codec, instrument, into;
  bool dry_run = false;
};

const char* word_for(data::UpgradedDay::End end) {
  using End = data::UpgradedDay::End;
  switch (end) {
    case End::unchanged:
      return "unchanged";
    case End::rewritten:
      return "rewritten";
    case End::imported:
      return "imported";
    case End::would_rewrite:
      return "would be rewritten";
    case End::would_import:
      return "would be imported";
    case End::refused:
      return "refused";
  }
  return "";
}

/// The store that `path` is or lies in, with the instruments meant: a store folder, or one instrument's folder.
std::pair<data::TickStore, std::vector<std::string>> store_at(const std::string& path) {
  const fs::path folder = fs::absolute(path).lexically_normal();
  if (fs::exists(folder / "instrument.toml")) {
    data::TickStore store = data::TickStore::open(folder.parent_path().parent_path().string());
    return {store, {folder.parent_path().filename().string() + "/" + folder.filename().string()}};
  }
  data::TickStore store = data::TickStore::open(path);
  std::vector<std::string> ids = store.instruments();
  if (ids.empty())
    throw Error(ErrorKind::no_input, path + ": no store; day files of any folder are brought into one by --into STORE");
  return {store, ids};
}

void run(Shell& shell, const Flags& flags) {
  std::stop_source stop;
  data::UpgradeOptions options;
  if (!flags.codec.empty()) options.codec = data::codec_named(flags.codec);
  options.dry_run = flags.dry_run;
  options.threads = shell.threads > 0 ? shell.threads : std::max(1, int(std::thread::hardware_concurrency()));
  options.cancel = stop.get_token();
  options.progress = [&stop, progress = shell.progress()](const std::string& what, double share) {
    progress(what, share);
    if (stop_asked()) stop.request_stop();
  };
  std::vector<data::UpgradedDay> days;
  if (flags.into.empty()) {
    auto [store, ids] = store_at(shell.config);
    if (!flags.instrument.empty()) ids = {store.instrument(flags.instrument).id()};
    days = data::upgrade_store(store, ids, options);
  } else {
    days = data::import_days(shell.config, data::TickStore::open(flags.into, !flags.dry_run), options);
  }

  Json list = Json::array();
  std::string text;
  int refused = 0, changed = 0;
  int64_t before = 0, after = 0;
  for (const data::UpgradedDay& day : days) {
    const bool is_refused = day.end == data::UpgradedDay::End::refused;
    const bool is_unchanged = day.end == data::UpgradedDay::End::unchanged;
    refused += is_refused;
    changed += !is_refused && !is_unchanged;
    if (!is_refused && !is_unchanged) {
      before += day.bytes_before;
      after += day.bytes_after;
    }
    if (!is_unchanged)
      text +=
          day.instrument + " " + to_text(day.day) + ": " + word_for(day.end) +
          (is_refused ? ": " + day.note
                      : ", schema " + std::to_string(day.schema_before) + " " + data::name_of(day.codec_before) +
                            " to " + data::name_of(day.codec_after) + ", " + std::to_string(day.rows) + " ticks, " +
                            std::to_string(day.bytes_before) + " to " + std::to_string(day.bytes_after) + " bytes") +
          "\n";
    list.push_back({{"instrument", day.instrument},
                    {"day", to_text(day.day)},
                    {"from", day.from},
                    {"to", day.to},
                    {"end", word_for(day.end)},
                    {"note", day.note},
                    {"schema_before", day.schema_before},
                    {"codec_before", data::name_of(day.codec_before)},
                    {"codec_after", data::name_of(day.codec_after)},
                    {"rows", day.rows},
                    {"bytes_before", day.bytes_before},
                    {"bytes_after", day.bytes_after}});
  }
  text += std::to_string(changed) + (flags.dry_run ? " would change, " : " changed, ") +
          std::to_string(days.size() - static_cast<std::size_t>(changed + refused)) + " unchanged, " +
          std::to_string(refused) + " refused; " + std::to_string(before) + " to " + std::to_string(after) + " bytes\n";
  shell.result("tickfold.upgrade/1",
               {{"dry_run", flags.dry_run},
                {"changed", changed},
                {"refused", refused},
                {"bytes_before", before},
                {"bytes_after", after},
                {"days", list}},
               text);
  if (refused > 0) shell.exit_code = static_cast<int>(ErrorKind::bad_data);
}

}  // namespace

void add_upgrade(CLI::App& app, Shell& shell) {
  CLI::App* command = shell.add(app, "upgrade", "rewrite day files in the current schema or another codec",
                                "store folder, an instrument's folder in one, or with --into any folder");
  const auto flags = std::make_shared<Flags>();
  command->add_option("--codec", flags->codec,
                      "packed, packed+zstd or zstd; default: packed for older schemas, else as it is");
  command->add_option("--instrument", flags->instrument, "VENUE/SYMBOL; default: all");
  command->add_option("--into", flags->into, "bring the day files found into this store");
  command->add_flag("--dry-run", flags->dry_run, "only say what would change");
  command->callback([&shell, flags] { shell.action = [&shell, flags] { run(shell, *flags); }; });
}

}  // namespace tf::app
