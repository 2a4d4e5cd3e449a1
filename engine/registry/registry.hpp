// What was tried, what was made, what was promoted and why. A folder:
//   objects/ab/cdef...      content-addressed artifacts, name = SHA-256 of the bytes
//   models/<ModelId>.json   canonical manifests; ModelId = SHA-256 of the manifest's bytes
//   ledger.jsonl            trials, hash-chained, append-only, fsynced
//   audit.jsonl             events, hash-chained, append-only, fsynced; Merkle root over its lines
//   catalogue.sqlite        an index of the above (WAL); can be rebuilt from the files
#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/score/ticket.hpp"

namespace tf::registry {

/// One thing tried. A trial is identified by its digest: the same trial again gets its old number (a resumed run counts once).
struct Trial {
  std::string search;         ///< what it belongs to: the scope whose trials deflate one another (instrument + label digest)
  std::string config_digest;  ///< candidate's parameters
  std::string data_digest;    ///< ticks it was scored on
  int64_t fold = -1;          ///< -1 = all folds together
  uint64_t seed = 0;
  std::string run;            ///< RunId
};

struct TrialRecord {
  Trial trial;
  int64_t number = 0;
  std::string state = "started";  ///< started | scored | failed; a trial that never ended stays counted
  double sharpe = 0;              ///< per period, when scored
};

/// Append-only, hash-chained list of everything tried. Crash-safe; one writer at a time (flock).
class TrialLedger {
 public:
  explicit TrialLedger(std::string path);
  ~TrialLedger();
  /// Records the trial before it may be scored.
  score::Ticket open(const Trial& trial);
  /// Records how it ended. The first ending of a trial stands; the same again is ignored.
  void close(const score::Ticket& ticket, const std::string& state, double sharpe);
  /// Trials of a search: how many, and the variance of the sharpes of those scored (ddof 1; 0 with fewer than 2).
  struct Count {
    int64_t trials = 0;
    double variance = 0;
  };
  Count count(const std::string& search) const;
  std::vector<TrialRecord> records() const;
  std::string root_hex() const;  ///< Merkle root over the lines so far
  int64_t lines() const;

 private:
  struct Body;
  std::unique_ptr<Body> body_;
};

/// One event of the audit log.
struct AuditEvent {
  std::string kind;        ///< "promote", "rollback", "trigger", "gate", "canary", "run", ...
  std::string actor;
  std::string subject;     ///< model or run id
  std::string reason;
  std::string detail_json; ///< one JSON value, "{}" if none
  int64_t time_ns = 0;     ///< market or wall time, as the caller says (nights pass the as-of time: same input, same bytes)
};

struct Finding {
  std::string file;
  int64_t line = 0;       ///< 1-based; 0 = the file as a whole
  std::string what;
};

class Registry {
 public:
  /// Opens or makes the folder.
  explicit Registry(std::string root);
  ~Registry();
  Registry(Registry&&) noexcept;

  const std::string& root() const;
  TrialLedger& ledger();

  /// Stores bytes under their SHA-256 (crash-safe; the same bytes again = nothing to do); returns the hex name.
  std::string put_object(const std::string& bytes);
  std::string object(const std::string& name) const;       ///< checks the digest on reading; Error{bad_data} names the file
  std::string object_path(const std::string& name) const;

  /// Stores a manifest (any JSON object; canonicalised here) and returns its ModelId. Keys used by queries: "parent",
  /// "run", "weights" (object name), "schema_digest", "data" (array of {"instrument","day","content_digest"}), "created_ns".
  std::string put_model(const std::string& manifest_json);
  std::string model_manifest(const std::string& model_id) const;  ///< checked against its name
  std::vector<std::string> models() const;
  /// Unique completion of an abbreviated id; Error{no_input} for none or several, listing them.
  std::string resolve(const std::string& alias_or_prefix) const;

  std::optional<std::string> alias(const std::string& name) const;  ///< "champion", "previous", "challenger"
  /// Moves alias champion from `expected` (nullopt = there is none) to `model`, previous to the old champion, in one
  /// transaction with the audit event. False when the champion was not `expected` (somebody else was faster).
  bool promote(const std::string& model, const std::optional<std::string>& expected, const AuditEvent& event);
  /// Swaps champion and previous. Throws Error{no_input} when there is no previous.
  std::string rollback(const AuditEvent& event);
  void append_audit(const AuditEvent& event);
  struct AuditLine {
    int64_t number = 0;
    AuditEvent event;
    std::string hash;  ///< h_i of the chain
  };
  std::vector<AuditLine> audit() const;
  std::string audit_root_hex() const;

  /// Chain of parents of a model with the data it read, as one JSON object.
  std::string lineage_json(const std::string& model_id) const;
  /// Checks every object, manifest, chain and the catalogue against the files; says what is wrong and where.
  std::vector<Finding> verify() const;
  /// Throws the catalogue away and makes it again from the files.
  void rebuild();

 private:
  struct Body;
  std::unique_ptr<Body> body_;
};

}  // namespace tf::registry
