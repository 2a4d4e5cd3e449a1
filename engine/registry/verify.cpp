// Holds every stored byte against the name, the chain and the record it must agree with.
#include <algorithm>
#include <set>

#include "cuda/base/error.hpp"
#include "engine/registry/layout.hpp"
#include "engine/registry/registry_body.hpp"

namespace tf::registry {
namespace {

using Findings = std::vector<Finding>;

ChainScan verify_chain(const std::string& path, std::string_view log_name, const std::optional<ChainMark>& recorded,
                       Findings& findings) {
  ChainScan scan = scan_chain(path, log_name);
  const int64_t lines = static_cast<int64_t>(scan.entries.size());
  if (scan.fault_line)
    findings.push_back({path, scan.fault_line, scan.fault});
  else if (recorded)
    if (const auto fault = mark_fault(scan.hashes, *recorded))
      findings.push_back({path, std::min(recorded->lines, lines + 1), *fault});
  return scan;
}

/// Trials are opened once and end after they were opened.
void verify_trials(const std::string& path, const ChainScan& scan, Findings& findings) {
  std::set<std::string> opened;
  for (std::size_t at = 0; at < scan.entries.size(); ++at) {
    const int64_t line = static_cast<int64_t>(at) + 1;
    try {
      const Json entry = Json::parse(scan.entries[at]);
      const std::string event = entry.at("event"), digest = entry.at("trial");
      const bool known = opened.contains(digest);
      if (event == "open" ? known : !known)
        findings.push_back({path, line, "event \"" + event + "\" of trial " + digest + " cannot be here"});
      opened.insert(digest);
    } catch (const Json::exception& fault) {
      findings.push_back({path, line, std::string("not an entry of the trial ledger: ") + fault.what()});
    }
  }
}

/// Replays the alias moves; compares each mark of the trial ledger with the ledger; returns the aliases after line
/// `upto`.
AliasTargets verify_events(const std::string& path, const ChainScan& scan, const ChainScan& trials,
                           const std::set<std::string>& models, int64_t upto, Findings& findings) {
  AliasTargets aliases, then;
  for (std::size_t at = 0; at < scan.entries.size(); ++at) {
    const int64_t line = static_cast<int64_t>(at) + 1;
    try {
      const AuditEntry entry = parse_audit_entry(scan.entries[at]);
      if (const auto fault = apply_moves(aliases, entry.moves)) findings.push_back({path, line, *fault});
      for (const AliasMove& move : entry.moves)
        if (move.to && !models.contains(*move.to))
          findings.push_back({path, line, "moves " + move.alias + " to the model " + *move.to + ", which is missing"});
      if (entry.ledger && !trials.fault_line)
        if (const auto fault = mark_fault(trials.hashes, *entry.ledger))
          findings.push_back({path, line, "the trial ledger has changed since: " + *fault});
    } catch (const std::exception& fault) {
      findings.push_back({path, line, std::string("not an entry of the audit log: ") + fault.what()});
    }
    if (line == upto) then = aliases;
  }
  return then;
}

/// Files whose bytes do not have the digest their place says; returns the sound names.
std::set<std::string> verify_files(const std::vector<StoredFile>& files, Findings& findings) {
  std::set<std::string> names;
  for (const StoredFile& file : files) {
    if (file.name.empty()) {
      findings.push_back({file.path, 0, "does not belong here: its name is no SHA-256"});
      continue;
    }
    names.insert(file.name);
    try {
      const std::string digest = file_sha256_hex(file.path);
      if (digest != file.name) findings.push_back({file.path, 0, "damaged: its SHA-256 is " + digest});
    } catch (const Error& error) { findings.push_back({file.path, 0, error.what()}); }
  }
  return names;
}

/// What manifests refer to must be there.
void verify_references(const std::vector<StoredFile>& files, const std::set<std::string>& models,
                       const std::set<std::string>& objects, Findings& findings) {
  for (const StoredFile& file : files) {
    const Json manifest = file.name.empty() ? Json() : Json::parse(read_file(file.path), nullptr, false);
    if (!manifest.is_object()) continue;
    const auto check = [&](const char* key, const std::set<std::string>& there) {
      const auto found = manifest.find(key);
      if (found == manifest.end() || !found->is_string() || *found == "") return;
      if (!there.contains(found->get<std::string>()))
        findings.push_back({file.path, 0, std::string(key) + " " + found->get<std::string>() + " is missing"});
    };
    check("weights", objects);
    check("parent", models);
  }
}

}  // namespace

std::vector<Finding> Registry::verify() const {
  const std::string& root = body_->root;
  Findings findings;

  // The catalogue first: what others append meanwhile is in the files by then.
  std::optional<Catalogue::Contents> recorded;
  try {
    recorded = body_->catalogue.contents();
  } catch (const std::exception& error) { findings.push_back({catalogue_path(root), 0, error.what()}); }

  const std::string trials_path = ledger_path(root), events_path = audit_path(root);
  const auto ledger_mark = recorded ? recorded->ledger : std::nullopt;
  const auto audit_mark = recorded ? recorded->audit : std::nullopt;
  // The audit log before the ledger and the models: what a promotion refers to was there before it.
  const ChainScan events = verify_chain(events_path, kAuditName, audit_mark, findings);
  const ChainScan trials = verify_chain(trials_path, kLedgerName, ledger_mark, findings);

  const std::vector<StoredFile> object_files = stored_objects(root), model_files = stored_models(root);
  const std::set<std::string> objects = verify_files(object_files, findings);
  const std::set<std::string> models = verify_files(model_files, findings);
  verify_references(model_files, models, objects, findings);

  verify_trials(trials_path, trials, findings);
  const int64_t upto = audit_mark ? audit_mark->lines : 0;
  const AliasTargets then = verify_events(events_path, events, trials, models, upto, findings);

  if (recorded) {
    for (const std::string& name : recorded->objects)
      if (!objects.contains(name)) findings.push_back({object_path(name), 0, "missing, but the catalogue knows it"});
    for (const std::string& id : recorded->models)
      if (!models.contains(id)) findings.push_back({model_path_of(root, id), 0, "missing, but the catalogue knows it"});
    const bool whole = !events.fault_line && upto <= static_cast<int64_t>(events.entries.size());
    if (whole && recorded->aliases != then)
      findings.push_back({catalogue_path(root), 0, "its aliases are not those of the audit log"});
  }
  return findings;
}

}  // namespace tf::registry
