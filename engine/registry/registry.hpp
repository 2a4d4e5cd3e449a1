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
#include <span>
#include <string>
#include <vector>

#include "engine/score/ticket.hpp"

namespace tf::registry {

struct ChainMark;
struct ChainHooks;

/// One thing tried. A trial is identified by its digest: the same trial again gets its old number (a resumed run counts
/// once).
struct Trial {
  std::string search;  ///< what it belongs to: the scope whose trials deflate one another (instrument + label digest)
  std::string config_digest;  ///< candidate's parameters
  std::string data_digest;    ///< ticks it was scored on
  int64_t fold = -1;          ///< -1 = all folds together
  uint64_t seed = 0;
  std::string run;  ///< RunId
};

struct TrialRecord {
  Trial trial;
  int64_t number = 0;
  std::string state = "started";  ///< started | scored | failed; a trial that never ended stays counted
  double sharpe = 0;              ///< per period, when scored; NaN if that was undefined
};

/// Append-only, hash-chained list of everything tried. Crash-safe; one writer at a time (flock), any number of threads
/// and processes; sees what others append. Damage throws Error{ledger} naming file:line.
class TrialLedger {
 public:
  explicit TrialLedger(std::string path);
  ~TrialLedger();
  /// Records the trial before it may be scored.
  score::Ticket open(const Trial& trial);
  /// Many at once: one sync to disk for all of them (0.5 ms each adds up in a sweep).
  std::vector<score::Ticket> open_all(std::span<const Trial> trials);
  /// Records how it ended: "scored" or "failed". The first ending of a trial stands; the same again is ignored.
  void close(const score::Ticket& ticket, const std::string& state, double sharpe);
  struct Ending {
    score::Ticket ticket;
    std::string state;
    double sharpe = 0;
  };
  void close_all(std::span<const Ending> endings);
  /// How many trials a search holds, of all runs and ended or not; and the variance of the sharpes that `run` (nullopt
  /// = every run) scored, ddof 1, 0 with fewer than 2. N counts everything ever tried; the spread is that of one sample
  /// of data, since sharpes of different market days differ for more reasons than luck in choosing.
  struct Count {
    int64_t trials = 0;
    double variance = 0;
  };
  Count count(const std::string& search, const std::optional<std::string>& run = std::nullopt) const;
  std::vector<TrialRecord> records() const;
  std::string root_hex() const;  ///< Merkle root over the lines so far
  int64_t lines() const;
  ChainMark mark() const;  ///< lines and the hash of the last: what a later reader can hold the file to

 private:
  friend class Registry;
  struct Body;
  TrialLedger(std::string path, ChainHooks hooks);
  std::unique_ptr<Body> body_;
};

/// One event of the audit log.
struct AuditEvent {
  std::string kind;  ///< "promote", "rollback", "trigger", "gate", "canary", "run", ...
  std::string actor;
  std::string subject;  ///< model or run id
  std::string reason;
  std::string detail_json;  ///< one JSON value, "{}" if none
  int64_t time_ns =
      0;  ///< market or wall time, as the caller says (nights pass the as-of time: same input, same bytes)
};

struct Finding {
  std::string file;
  int64_t line = 0;  ///< 1-based; 0 = the file as a whole
  std::string what;
};

/// Threads may share one; after fork() open another (the locks and SQLite belong to the process that opened them).
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
  std::string object(const std::string& name) const;  ///< checks the digest on reading; Error{bad_data} names the file
  std::string object_path(const std::string& name) const;

  /// Stores a manifest (any JSON object; canonicalised here) and returns its ModelId. Keys used by queries: "parent",
  /// "run", "weights" (object name), "schema_digest", "data" (array of {"instrument","day","content_digest"}),
  /// "created_ns".
  std::string put_model(const std::string& manifest_json);
  std::string model_manifest(const std::string& model_id) const;  ///< checked against its name
  std::vector<std::string> models() const;                        ///< by created_ns, then id
  /// Unique completion of an abbreviated id; Error{no_input} for none or several, listing them.
  std::string resolve(const std::string& alias_or_prefix) const;

  std::optional<std::string> alias(const std::string& name) const;  ///< "champion", "previous", "challenger", "shadow"
  /// Moves alias champion from `expected` (nullopt = there is none) to `model`, previous to the old champion, in one
  /// transaction with the audit event. False, and nothing changed, when the champion was not `expected` (somebody else
  /// was faster) or is `model` already. The event's kind and subject are set here; it commits to the trial ledger as it
  /// stands.
  bool promote(const std::string& model, const std::optional<std::string>& expected, const AuditEvent& event);
  /// Swaps champion and previous. Throws Error{no_input} when there is no previous.
  std::string rollback(const AuditEvent& event);  ///< returns the champion it restored
  /// Moves "challenger" or "shadow" from `expected` to `model` in the same way.
  bool assign(const std::string& alias, const std::string& model, const std::optional<std::string>& expected,
              const AuditEvent& event);
  void append_audit(const AuditEvent& event);  ///< any kind but promote, rollback, assign
  struct AuditLine {
    int64_t number = 0;  ///< line of audit.jsonl, from 1
    AuditEvent event;
    std::string hash;  ///< h_i of the chain
  };
  std::vector<AuditLine> audit() const;
  std::string audit_root_hex() const;

  /// Chain of parents of a model with the data it read, as one JSON object.
  std::string lineage_json(const std::string& model_id) const;
  /// Models that read a data set, by instrument, day ("2014-05-01") or content digest; sorted.
  std::vector<std::string> impact(const std::string& data) const;
  /// Checks every object, manifest, chain and the catalogue against the files; says what is wrong and where.
  std::vector<Finding> verify() const;
  /// Throws the catalogue away and makes it again from the files. Error{ledger} if a log is damaged or lost lines.
  void rebuild();

 private:
  struct Body;
  std::unique_ptr<Body> body_;
};

}  // namespace tf::registry
