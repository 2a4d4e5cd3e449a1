// tickfold inspect: what is in a store, a day file, a run or a model, and is it sound. Exit 65 when it is not.
#include <algorithm>
#include <charconv>
#include <filesystem>

#include "cuda/base/error.hpp"
#include "data/store/manifest.hpp"
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

struct Flags {
  bool deep = false, manifest = false;
  std::string proof;
};

/// "px:3" as column and chunk.
std::pair<int, int64_t> parse_proof(const std::string& text) {
  const std::size_t colon = text.find(':');
  const std::string column = text.substr(0, colon);
  const auto known = std::find(data::kColumnNames.begin(), data::kColumnNames.end(), column);
  int64_t chunk = -1;
  if (colon != std::string::npos) {
    const auto end = std::from_chars(text.data() + colon + 1, text.data() + text.size(), chunk);
    if (end.ec != std::errc() || end.ptr != text.data() + text.size()) chunk = -1;
  }
  if (known == data::kColumnNames.end() || chunk < 0)
    throw Error(ErrorKind::usage, "--proof " + text +
                                      ": expected COLUMN:CHUNK, e.g. px:0; columns: exch_ts, local_ts, px, qty, "
                                      "order_id, flags");
  return {static_cast<int>(known - data::kColumnNames.begin()), chunk};
}

/// What a day file says of itself, as others check it: JSON with or without --json.
void show_manifest(const Shell& shell, const Flags& flags) {
  const auto show = [&](const char* schema, const std::string& text) {
    shell.result(schema, Json::parse(text), text + "\n");
  };
  if (flags.proof.empty()) {
    show("tickfold.manifest/1", data::day_manifest(shell.config));
    return;
  }
  const auto [column, chunk] = parse_proof(flags.proof);
  show("tickfold.proof/1", data::to_text(data::inclusion_proof(shell.config, column, chunk)));
}

void run(Shell& shell, const Flags& flags) {
  const fs::path path(shell.config);
  const bool deep = flags.deep;
  if (!fs::exists(path)) throw Error(ErrorKind::no_input, path.string() + ": nothing there");
  if (flags.manifest || !flags.proof.empty()) {
    if (path.extension() != ".h5")
      throw Error(ErrorKind::usage, path.string() + ": --manifest and --proof want a day file");
    show_manifest(shell, flags);
    return;
  }
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
  const auto flags = std::make_shared<Flags>();
  command->add_flag("--deep", flags->deep, "recompute every checksum");
  command->add_flag("--manifest", flags->manifest,
                    "of a day file: every chunk with its digest, and the root over them");
  command->add_option("--proof", flags->proof, "of a day file: COLUMN:CHUNK, that this chunk belongs to the root");
  command->callback([&shell, flags] { shell.action = [&shell, flags] { run(shell, *flags); }; });
}

}  // namespace tf::app
