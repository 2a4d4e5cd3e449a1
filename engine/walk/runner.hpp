// The walk-forward: every candidate trained on every fold, simulated on the ticks after it, scored over all folds.
// Killed at any point, the same call goes on from what the run folder holds and ends with the same bytes.
//   <runs>/<RunId>/config.toml  manifest.json  fits/fNNN-mNNN.{tfm,json}  folds/fNNN.json  trials.json model.{tfm,json}
//   result.json
#pragma once
#include <atomic>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "engine/registry/registry.hpp"
#include "engine/score/scorecard.hpp"
#include "engine/walk/evaluate.hpp"
#include "engine/walk/folds.hpp"
#include "engine/walk/setup.hpp"

namespace tf::walk {

/// What was read and prepared once for all folds.
struct Material {
  std::vector<data::DayInfo> days;
  features::Table table;
  market::LabelTable labels;
  std::vector<double> target;
  market::WeightParts weights;
  std::vector<int32_t> ready;
  int64_t lookback = 0;
  Plan plan;
};

/// Sample weights of one fold, one a bar.
std::vector<double> weights_of(const Setup& setup, const Material& material, const Fold& fold);

struct Candidate {
  int model = 0, strategy = 0;
  int64_t seed = 0;
  int fit = 0;         ///< index of (model, seed): several strategies share a fit
  std::string text;    ///< "mlp(...) seed=1 model_signal(...)"
  std::string digest;  ///< hex SHA-256 of everything that makes it: text, features, label, training, folds, simulation
};
std::vector<Candidate> candidates_of(const Setup& setup, const features::Schema& schema);

/// What deflates what: all trials on one instrument and label.
std::string search_of(const Setup& setup);

struct CandidateResult {
  std::vector<score::Period> periods;  ///< all test days in order
  score::Scorecard card;
  std::string failure;  ///< why it has no score; empty = scored
};

struct Outcome {
  std::string run_id, folder;
  Material material;
  std::vector<Candidate> candidates;
  std::vector<CandidateResult> results;
  int best = -1;                     ///< index of the candidate to be judged, -1 = none scored
  std::string best_model;            ///< checkpoint bytes of its final fit
  std::vector<double> best_signals;  ///< per row of the table: its out-of-sample signals, NaN elsewhere
  std::string ledger_root;           ///< Merkle root of the ledger when this run had closed its trials
  bool resumed = false;
};

struct RunOptions {
  std::optional<Day> as_of;  ///< no day after it is looked at
  features::Progress progress;
  const std::atomic<bool>* stop = nullptr;  ///< set by a signal: ends with Error{again} at the next safe point
};

/// All days of the instrument inside the setup's bounds and not after as_of.
/// Throws Error{no_input} if there is none.
std::vector<data::DayInfo> days_of(const Setup& setup, const data::TickStore& store, const std::optional<Day>& as_of);
/// The newest history_days of them: what a walk reads.
std::vector<data::DayInfo> history_of(const Setup& setup, std::vector<data::DayInfo> days);
Material prepare(const Exec& exec, const Setup& setup, const data::TickStore& store, std::vector<data::DayInfo> days,
                 const features::Progress& progress);
/// One name for the ticks of some days: SHA-256 over their content digests in order.
std::string ticks_digest(const std::vector<data::DayInfo>& days);
/// SHA-256 of the config digest, the ticks' digests and the code version.
std::string run_id_of(const Setup& setup, const std::vector<data::DayInfo>& days);

Outcome run_walk(const Exec& exec, const Setup& setup, registry::Registry& registry, const RunOptions& options);

}  // namespace tf::walk
