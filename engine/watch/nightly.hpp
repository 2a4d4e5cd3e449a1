// One night: roll to the newest day, ask the triggers, retrain if one fired, judge against the champion, promote or
// not, record. Idempotent, locked, resumable; the same inputs leave the same bytes.
#pragma once
#include <optional>
#include <string>

#include "engine/registry/registry.hpp"
#include "engine/walk/decision.hpp"
#include "engine/watch/triggers.hpp"

namespace tf::watch {

struct NightSpec {
  bool promote = true;            ///< false: judge and record only
  std::string actor = "nightly";  ///< who the audit log names
  static std::span<const Field> fields();
};

struct Night {
  Day as_of;
  bool already_done = false;
  std::string verdict = "hold";  ///< promote | hold | reject
  std::string reason;
  std::optional<std::string> champion_before, champion_after;
  std::string candidate;           ///< model id, empty without retraining
  std::string run_id, run_folder;  ///< empty without retraining
  std::string record_path;
  std::string gate;  ///< the gate's table as JSON, empty without retraining
  TriggerReport triggers;
  std::optional<walk::Outcome> outcome;  ///< only when this call retrained
  std::optional<walk::Decision> decision;
};

/// Throws Error{again} at once when another night holds the lock of this registry.
Night run_night(const Exec& exec, const walk::Setup& setup, const NightSpec& night, const TriggerSpec& triggers,
                registry::Registry& registry, const walk::RunOptions& options);

/// Promotes by compare-and-swap; true also when `model` is the champion already. False: somebody else moved it.
bool promote_once(registry::Registry& registry, const std::string& model, const std::optional<std::string>& expected,
                  const registry::AuditEvent& event);
/// Appends unless the very same event is there: a resumed night writes no event twice.
void audit_once(registry::Registry& registry, const registry::AuditEvent& event);

/// The Prometheus textfile of a night, written by rename: last success and its verdict, counts, champion age.
void write_metrics(const std::string& path, const Night& night, int exit_code, double seconds, int64_t now_s);

}  // namespace tf::watch
