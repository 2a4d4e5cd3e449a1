// What every command shares: flags, progress on stderr, results on stdout, the config.
#pragma once
#include <CLI/CLI.hpp>
#include <atomic>
#include <functional>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "cuda/base/device.hpp"
#include "cuda/base/time.hpp"
#include "engine/config/reader.hpp"

namespace tf::app {

using Json = nlohmann::json;

/// Set by SIGINT and SIGTERM; long commands end at their next safe point with exit code 75. A second signal ends at
/// once.
extern const std::atomic<bool>& stop_asked();
void watch_signals();

class Shell {
 public:
  bool json = false, quiet = false;
  std::string config;             ///< positional CONFIG
  std::vector<std::string> sets;  ///< --set a.b=c
  int threads = 0;                ///< --threads, 0 = all of the machine; results do not depend on it
  std::function<void()> action;   ///< of the command chosen
  int exit_code = 0;

  /// Adds a sub-command with the flags all share. With `config_help` it takes a positional CONFIG.
  CLI::App* add(CLI::App& app, const char* name, const char* help, const char* config_help = nullptr,
                bool config_required = true);

  config::Reader read_config() const { return config::Reader::from_file(config, sets); }
  /// "what" with a share of 0 .. 1, drawn as a bar on a terminal and as few lines elsewhere; silent under --quiet.
  std::function<void(const std::string&, double)> progress() const;
  /// A note on stderr, silent under --quiet.
  void say(const std::string& line) const;
  /// The result: `document` under --json (with its schema), `text` otherwise.
  void result(const std::string& schema, Json document, const std::string& text) const;
};

/// Exec of this process (TF_EXEC, TF_LEVEL); threads 0 = all of the machine.
Exec exec_for(int threads = 0);

/// A date option; Error{usage} when it is none.
std::optional<Day> day_option(const std::string& text);

/// The folder of this program.
std::string program_folder();

/// A table with columns padded to their widest cell; numbers to the right.
std::string table_text(const std::vector<std::vector<std::string>>& rows);
std::string short_number(double value, int digits = 4);

// One a file of this folder.
void add_synth(CLI::App& app, Shell& shell);
void add_ingest(CLI::App& app, Shell& shell);
void add_export(CLI::App& app, Shell& shell);
void add_inspect(CLI::App& app, Shell& shell);
void add_prune(CLI::App& app, Shell& shell);
void add_restore(CLI::App& app, Shell& shell);
void add_upgrade(CLI::App& app, Shell& shell);
void add_features(CLI::App& app, Shell& shell);
void add_explain_step(CLI::App& app, Shell& shell);
void add_skew(CLI::App& app, Shell& shell);
void add_audit(CLI::App& app, Shell& shell);
void add_walk(CLI::App& app, Shell& shell);
void add_nightly(CLI::App& app, Shell& shell);
void add_promote(CLI::App& app, Shell& shell);
void add_rollback(CLI::App& app, Shell& shell);
void add_lineage(CLI::App& app, Shell& shell);
void add_verify(CLI::App& app, Shell& shell);
void add_canary(CLI::App& app, Shell& shell);
void add_report(CLI::App& app, Shell& shell);
void add_catalog(CLI::App& app, Shell& shell);
void add_doctor(CLI::App& app, Shell& shell);
void add_signature(CLI::App& app, Shell& shell);

}  // namespace tf::app
