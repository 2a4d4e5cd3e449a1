// tickfold inspect: what is in a store, a day file, a run or a model, and is it sound. Exit 65 when it is not.
#include <filesystem>

#include "cuda/base/error.hpp"
#include "engine/app/inspection.hpp"
#include "engine/learn/checkpoint.hpp"
#include "engine/registry/durable_file.hpp"
#include "engine/walk/run_files.hpp"

namespace tf::app {
namespace {

namespace fs = std::filesystem;

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
    out = fs::exists(path / "manifest.json") ? inspect_run(path.string(), deep)
                                             : inspect_store(path.string(), deep, shell.threads);
  } else if (path.extension() == ".h5") {
    out = inspect_day(path.string(), shell.threads);
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
