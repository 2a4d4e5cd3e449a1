// tickfold inspect: what is in a store, a day file, a run or a model, and is it sound. Exit 65 when it is not.
#include <filesystem>

#include "cuda/base/error.hpp"
#include "data/store/tick_store.hpp"
#include "engine/app/shell.hpp"
#include "engine/learn/checkpoint.hpp"
#include "engine/registry/durable_file.hpp"
#include "engine/walk/run_files.hpp"

namespace tf::app {
namespace {

namespace fs = std::filesystem;

struct Inspection {
  Json json = Json::object();
  std::string text;
  bool sound = true;
};

Json damage_json(const data::Damage& damage) {
  return {{"file", damage.file},
          {"column", damage.column},
          {"reason", damage.reason},
          {"chunk", damage.chunk},
          {"first_row", damage.first_row},
          {"rows", damage.rows},
          {"first_time", time_text(damage.first_ts)},
          {"last_time", time_text(damage.last_ts)}};
}

std::string damage_text(const data::Damage& damage) {
  return "  DAMAGE " + damage.file + ": " +
         (damage.column.empty()
              ? ""
              : damage.column + " chunk " + std::to_string(damage.chunk) + ", rows " +
                    std::to_string(damage.first_row) + " to " + std::to_string(damage.first_row + damage.rows) + ", " +
                    time_text(damage.first_ts) + " to " + time_text(damage.last_ts) + ": ") +
         damage.reason + "\n";
}

/// Days of one instrument; with `only` a single one. A damaged file is named and the others go on.
void inspect_days(const data::TickStore& store, const std::string& id, bool deep, std::optional<Day> only,
                  Inspection& out) {
  const Instrument instrument = store.instrument(id);
  out.text += id + ": tick " + short_number(instrument.tick_size, 10) + " " + instrument.currency + ", lot " +
              short_number(instrument.lot_size, 10) + ", zone " + instrument.zone + "\n";
  std::vector<data::DayInfo> infos;
  bool footers_sound = true;
  try {
    infos = store.days(id);
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::bad_data) throw;
    footers_sound = false;
  }
  std::vector<std::vector<std::string>> rows{{"  day", "ticks", "first", "last", "bytes", "B/tick", "digest"}};
  Json days = Json::array(), damage_list = Json::array();
  for (const data::DayInfo& info : infos) {
    if (only && info.day != *only) continue;
    const double bytes_a_tick =
        static_cast<double>(info.file_bytes) / static_cast<double>(std::max<int64_t>(info.rows, 1));
    rows.push_back({"  " + to_text(info.day), std::to_string(info.rows), time_text(info.first_ts),
                    time_text(info.last_ts), std::to_string(info.file_bytes), short_number(bytes_a_tick, 3),
                    info.content_digest.substr(0, 12)});
    days.push_back({{"day", to_text(info.day)},
                    {"rows", info.rows},
                    {"first_time", time_text(info.first_ts)},
                    {"last_time", time_text(info.last_ts)},
                    {"bytes", info.file_bytes},
                    {"content_digest", info.content_digest},
                    {"source_digest", info.source_digest}});
  }
  std::string damages;
  if (deep || !footers_sound)
    for (const Day day : store.day_names(id))
      if (!only || day == *only)
        for (const data::Damage& damage : store.verify_day(id, day)) {
          damages += damage_text(damage);
          damage_list.push_back(damage_json(damage));
        }
  if (!damage_list.empty()) out.sound = false;
  out.text += table_text(rows) + damages;
  out.json["instruments"].push_back({{"id", id},
                                     {"tick_size", instrument.tick_size},
                                     {"lot_size", instrument.lot_size},
                                     {"currency", instrument.currency},
                                     {"zone", instrument.zone},
                                     {"days", days},
                                     {"damages", damage_list}});
}

Inspection inspect_store(const std::string& root, bool deep) {
  Inspection out;
  out.json = {{"kind", "store"}, {"root", root}, {"instruments", Json::array()}};
  const data::TickStore store = data::TickStore::open(root);
  for (const std::string& id : store.instruments()) inspect_days(store, id, deep, {}, out);
  if (store.instruments().empty()) out.text = root + ": an empty store\n";
  return out;
}

Inspection inspect_day(const fs::path& file) {
  Inspection out;
  out.json = {{"kind", "day"}, {"file", file.string()}, {"instruments", Json::array()}};
  const auto day = parse_day(file.stem().string());
  if (!day)
    throw Error(ErrorKind::usage,
                file.string() + ": a day file is named YYYY-MM-DD.h5 and lies in <store>/<venue>/<symbol>");
  const fs::path folder = fs::absolute(file).lexically_normal().parent_path();
  const data::TickStore store = data::TickStore::open(folder.parent_path().parent_path().string());
  inspect_days(store, folder.parent_path().filename().string() + "/" + folder.filename().string(), true, day, out);
  return out;
}

void add_damage(const std::string& path, const std::string& reason, Inspection& out) {
  out.sound = false;
  out.text += "DAMAGE " + reason + "\n";
  out.json["damages"].push_back({{"file", path}, {"reason", reason}});
}

void add_model(const std::string& path, Inspection& out) {
  try {
    const learn::Checkpoint model = learn::load(registry::read_file(path), path);
    out.text += path + ": " + model.model_params + ", " + std::to_string(model.fitted.network.weight_count()) +
                " weights, " + std::to_string(model.fitted.network.inputs) + " features, schema " +
                model.schema_digest.substr(0, 12) + ", seed " + std::to_string(model.seed) + "\n";
    out.json["models"].push_back({{"file", path},
                                  {"model", model.model_params},
                                  {"weights", model.fitted.network.weight_count()},
                                  {"schema_digest", model.schema_digest},
                                  {"seed", model.seed}});
  } catch (const Error& error) { add_damage(path, error.what(), out); }
}

/// A sealed JSON file of a run; damage is noted and gives null.
Json sealed_part(const std::string& path, Inspection& out) {
  try {
    return walk::read_sealed(path);
  } catch (const Error& error) {
    add_damage(path, error.what(), out);
    return nullptr;
  }
}

Inspection inspect_run(const std::string& folder, bool deep) {
  Inspection out;
  out.json = {{"kind", "run"}, {"folder", folder}, {"models", Json::array()}, {"damages", Json::array()}};
  const Json manifest = sealed_part(folder + "/manifest.json", out);
  out.json["manifest"] = manifest;
  if (manifest.is_object())
    out.text += "run " + manifest.value("run", "?") + " of " + manifest.value("instrument", "?") + ", " +
                std::to_string(manifest.value("candidates", Json::array()).size()) + " candidates, " +
                std::to_string(manifest.value("data", Json::array()).size()) + " days\n";
  out.json["best"] = nullptr;
  if (fs::exists(folder + "/result.json")) {
    const Json result = sealed_part(folder + "/result.json", out);
    if (result.is_object()) out.json["best"] = result.value("best", Json(nullptr));
    out.text +=
        "finished; best: " + (out.json["best"].is_string() ? out.json["best"].get<std::string>() : "none") + "\n";
  } else {
    out.text += "not finished: the same command goes on from here\n";
  }
  std::vector<std::string> files;
  for (const char* part : {"fits", "folds", ""})
    if (deep || !*part)
      for (const auto& entry : fs::directory_iterator(fs::path(folder) / part)) files.push_back(entry.path().string());
  std::sort(files.begin(), files.end());
  for (const std::string& path : files) {
    const std::string name = fs::path(path).filename().string();
    if (path.ends_with(".tfm"))
      add_model(path, out);
    else if (path.ends_with(".json") && name != "manifest.json" && name != "result.json")
      sealed_part(path, out);
  }
  return out;
}

void run(Shell& shell, bool deep) {
  const fs::path path(shell.config);
  if (!fs::exists(path)) throw Error(ErrorKind::no_input, path.string() + ": nothing there");
  Inspection out;
  if (fs::is_directory(path)) {
    out = fs::exists(path / "manifest.json") ? inspect_run(path.string(), deep) : inspect_store(path.string(), deep);
  } else if (path.extension() == ".h5") {
    out = inspect_day(path);
  } else if (path.extension() == ".tfm") {
    out.json = {{"kind", "model"}, {"models", Json::array()}, {"damages", Json::array()}};
    add_model(path.string(), out);
  } else {
    throw Error(ErrorKind::usage,
                path.string() + ": expected a store folder, a day file (.h5), a run folder or a model (.tfm)");
  }
  out.text +=
      out.sound ? "sound" + std::string(deep ? "" : " (footers; --deep checks every byte)") + "\n" : "NOT SOUND\n";
  out.json["sound"] = out.sound;
  out.json["deep"] = deep;
  shell.result("tickfold.inspect/1", out.json, out.text);
  if (!out.sound) shell.exit_code = static_cast<int>(ErrorKind::bad_data);
}

}  // namespace

void add_inspect(CLI::App& app, Shell& shell) {
  CLI::App* command = shell.add(app, "inspect", "what is in a store, day file, run or model; is it sound",
                                "store folder, day file, run folder or model");
  const auto deep = std::make_shared<bool>(false);
  command->add_flag("--deep", *deep, "recompute every checksum");
  command->callback([&shell, deep] { shell.action = [&shell, deep] { run(shell, *deep); }; });
}

}  // namespace tf::app
