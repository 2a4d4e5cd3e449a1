#include "engine/watch/nightly.hpp"

#include <fcntl.h>
#include <sys/file.h>

#include <cmath>
#include <sstream>

#include "cuda/base/error.hpp"
#include "engine/registry/canonical_json.hpp"
#include "engine/registry/durable_file.hpp"
#include "engine/registry/hash.hpp"
#include "engine/walk/run_files.hpp"
#include "engine/walk/version.hpp"

namespace tf::watch {

using registry::Json;

namespace {

Json or_null(const std::optional<std::string>& text) { return text ? Json(*text) : Json(nullptr); }

/// Held for the night; a second night does not wait.
class NightLock {
 public:
  explicit NightLock(const std::string& path) : file_(path, O_RDWR | O_CREAT | O_CLOEXEC) {
    if (flock(file_.number(), LOCK_EX | LOCK_NB) != 0)
      throw Error(ErrorKind::again, path + " is held by another night: try again when it has ended");
  }

 private:
  registry::FileHandle file_;
};

Json to_json(const TriggerReport& report) {
  Json triggers = Json::array(), drift = Json::array();
  for (const Trigger& t : report.triggers)
    triggers.push_back({{"kind", t.kind},
                        {"fired", t.fired},
                        {"measured", walk::number(t.measured)},
                        {"bound", walk::number(t.bound)},
                        {"words", t.words}});
  for (const FeatureDrift& f : report.drift)
    drift.push_back({{"feature", f.feature},
                     {"statistic", walk::number(f.statistic)},
                     {"threshold", walk::number(f.threshold)},
                     {"alarm", f.alarm}});
  return {{"triggers", triggers}, {"drift", drift}};
}

TriggerReport report_from(const Json& json) {
  TriggerReport report;
  const auto value = [](const Json& number) { return number.is_number() ? number.get<double>() : std::nan(""); };
  for (const Json& t : json.at("triggers"))
    report.triggers.push_back(
        {t.at("kind"), t.at("fired"), value(t.at("measured")), value(t.at("bound")), t.at("words")});
  for (const Json& f : json.at("drift"))
    report.drift.push_back({f.at("feature"), value(f.at("statistic")), value(f.at("threshold")), f.at("alarm")});
  return report;
}

Night from_record(const std::string& path, const Json& record, Day as_of) {
  Night night;
  night.as_of = as_of;
  night.already_done = true;
  night.record_path = path;
  try {
    night.verdict = record.at("verdict");
    night.reason = record.at("reason");
    night.candidate = record.at("candidate");
    night.run_id = record.at("run");
    night.run_folder = record.at("run_folder");
    if (record.at("champion_before").is_string())
      night.champion_before = record.at("champion_before").get<std::string>();
    if (record.at("champion_after").is_string()) night.champion_after = record.at("champion_after").get<std::string>();
    if (record.at("gate").is_object()) night.gate = registry::canonical_json(record.at("gate"));
    night.triggers = report_from(record);
  } catch (const Json::exception& error) {
    throw Error(ErrorKind::bad_data, path + ": not a record of a night: " + error.what());
  }
  return night;
}

}  // namespace

std::span<const Field> NightSpec::fields() {
  using P = NightSpec;
  static const Field table[] = {TF_FIELD(P, promote, 0, 1, "", "false: judge and record, move nothing"),
                                TF_TEXT_FIELD(P, actor, nullptr, "who the audit log names")};
  return table;
}

void audit_once(registry::Registry& registry, const registry::AuditEvent& event) {
  for (const auto& line : registry.audit())
    if (line.event.kind == event.kind && line.event.subject == event.subject && line.event.time_ns == event.time_ns &&
        line.event.reason == event.reason)
      return;
  registry.append_audit(event);
}

bool promote_once(registry::Registry& registry, const std::string& model, const std::optional<std::string>& expected,
                  const registry::AuditEvent& event) {
  if (registry.alias("champion") == model) return true;
  return registry.promote(model, expected, event);
}

Night run_night(const Exec& exec, const walk::Setup& setup, const NightSpec& spec, const TriggerSpec& trigger_spec,
                registry::Registry& registry, const walk::RunOptions& options) {
  const NightLock lock(registry.root() + "/.night.lock");
  const data::TickStore store = data::TickStore::open(setup.store_root);
  const std::vector<data::DayInfo> days = walk::days_of(setup, store, options.as_of);
  Night night;
  night.as_of = days.back().day;
  const std::string key = walk::run_id_of(setup, days);
  const std::string folder = setup.runs_root + "/nights";
  registry::make_folder(folder);
  night.record_path = folder + "/" + to_text(night.as_of) + "-" + key.substr(0, 16) + ".json";
  if (registry::file_exists(night.record_path))
    return from_record(night.record_path, walk::read_sealed(night.record_path), night.as_of);

  // The champion this night competes with is fixed before any work, so that a night resumed after its own promotion
  // does not compete with itself.
  const std::string start_path = folder + "/." + to_text(night.as_of) + "-" + key.substr(0, 16) + ".start.json";
  if (!registry::file_exists(start_path))
    registry::write_durably(start_path, walk::sealed({{"champion", or_null(registry.alias("champion"))}}));
  const Json start = walk::read_sealed(start_path);
  if (start.at("champion").is_string()) night.champion_before = start.at("champion").get<std::string>();

  std::optional<walk::Deployed> champion;
  if (night.champion_before) champion = walk::load_deployed(exec, registry, *night.champion_before, setup);
  if (options.progress) options.progress("triggers", 0);
  night.triggers = evaluate_triggers(exec, trigger_spec, store, days, champion);
  const int64_t now = days.back().last_ts;
  const Json trigger_json = to_json(night.triggers);
  audit_once(registry,
             {"trigger", spec.actor, key, night.triggers.fired(), registry::canonical_json(trigger_json), now});

  if (!night.triggers.any()) {
    night.verdict = "hold";
    night.reason = "no trigger fired: the champion stays";
    night.champion_after = night.champion_before;
  } else {
    night.outcome = walk::run_walk(exec, setup, registry, options);
    night.run_id = night.outcome->run_id;
    night.run_folder = night.outcome->folder;
    night.decision = walk::decide(exec, setup, *night.outcome, registry, champion);
    night.verdict = score::to_text(night.decision->gate.verdict);
    night.reason = night.decision->gate.reason;
    night.candidate = night.decision->candidate_model;
    night.gate = registry::canonical_json(walk::to_json(night.decision->gate));
    audit_once(registry, {"gate", spec.actor, night.candidate.empty() ? night.run_id : night.candidate,
                          night.verdict + ": " + night.reason, night.gate, now});
    night.champion_after = night.champion_before;
    if (night.decision->gate.verdict == score::Verdict::promote && spec.promote) {
      const registry::AuditEvent event{"promote", spec.actor, night.candidate, night.reason, night.gate, now};
      if (!promote_once(registry, night.candidate, night.champion_before, event)) {
        night.verdict = "hold";
        night.reason = "the champion was moved by somebody else while this night worked";
      } else {
        night.champion_after = night.candidate;
      }
    }
  }
  Json record = trigger_json;
  record.update({{"schema", "tickfold.night/1"},
                 {"as_of", to_text(night.as_of)},
                 {"code", walk::kCodeVersion},
                 {"verdict", night.verdict},
                 {"reason", night.reason},
                 {"candidate", night.candidate},
                 {"run", night.run_id},
                 {"run_folder", night.run_folder},
                 {"champion_before", or_null(night.champion_before)},
                 {"champion_after", or_null(night.champion_after)},
                 {"gate", night.decision ? walk::to_json(night.decision->gate) : Json(nullptr)}});
  registry::write_durably(night.record_path, walk::sealed(record));
  return night;
}

void write_metrics(const std::string& path, const Night& night, int exit_code, double seconds, int64_t now_s) {
  // The last success survives a failed night: it is read back and kept.
  std::string success = "0";
  if (registry::file_exists(path)) {
    std::istringstream old(registry::read_file(path));
    const std::string name = "tickfold_night_success_timestamp_seconds ";
    for (std::string line; std::getline(old, line);)
      if (line.starts_with(name)) success = line.substr(name.size());
  }
  if (exit_code == 0) success = std::to_string(now_s);
  std::ostringstream text;
  const auto gauge = [&](const char* name, const char* help, const std::string& value) {
    text << "# HELP " << name << " " << help << "\n# TYPE " << name << " gauge\n" << name << " " << value << "\n";
  };
  gauge("tickfold_night_success_timestamp_seconds", "Unix time of the last night that ended with exit code 0", success);
  gauge("tickfold_night_exit_code", "Exit code of the last night", std::to_string(exit_code));
  gauge("tickfold_night_duration_seconds", "Wall time of the last night", std::to_string(seconds));
  gauge("tickfold_night_as_of_timestamp_seconds", "Market day of the last night",
        std::to_string(night.as_of.start_ns() / kSecond));
  gauge("tickfold_night_retrained", "1 when the last night retrained", night.run_id.empty() ? "0" : "1");
  gauge("tickfold_night_promoted", "1 when the last night promoted", night.verdict == "promote" ? "1" : "0");
  int64_t alarms = 0;
  for (const FeatureDrift& drift : night.triggers.drift) alarms += drift.alarm;
  gauge("tickfold_drift_alarms", "Features beyond their calibrated threshold", std::to_string(alarms));
  registry::write_durably(path, text.str());
}

}  // namespace tf::watch
