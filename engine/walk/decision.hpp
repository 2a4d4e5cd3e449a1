// Candidate against champion: the champion's frozen weights on the same ticks and days, the gate, and what is recorded.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "engine/registry/registry.hpp"
#include "engine/score/gate.hpp"
#include "engine/walk/runner.hpp"

namespace tf::walk {

/// A model from the registry, with all that is needed to run it.
struct Deployed {
  std::string model_id;
  Setup setup;  ///< rebuilt from the config kept with it
  network::Fitted fitted;
  Choice strategy;
  Day train_first, train_last;              ///< days its walk and weights have seen
  std::vector<score::Period> walk_periods;  ///< its own out-of-sample results at promotion time
  std::string manifest;
};

/// Loads a model and checks that its features are those of its config. Throws Error{bad_data} for damage,
/// Error{lookahead} when the feature schema this program computes is not the one the model was frozen with.
Deployed load_deployed(const Exec& exec, const registry::Registry& registry, const std::string& model_id,
                       const Setup& paths);

/// The days whose ticks the features of `days` (ascending) depend on: themselves, or with a memory that runs on over
/// the days all from the first the model has seen, so that a value is the one it was trained on.
std::vector<data::DayInfo> feature_days(const Deployed& model, const data::TickStore& store,
                                        const std::vector<data::DayInfo>& days);

/// Its results on the given days (ascending); days it was trained on are left out.
struct DeployedRun {
  features::Table table;
  std::vector<score::Period> periods;
  Details details;
};
DeployedRun run_deployed(const Exec& exec, const Deployed& model, const data::TickStore& store,
                         const std::vector<data::DayInfo>& days);

struct Decision {
  score::GateResult gate;
  std::optional<score::Scorecard> candidate, incumbent;
  std::vector<score::Period> candidate_periods, incumbent_periods;
  Details candidate_details, incumbent_details;
  std::string candidate_model;  ///< id in the registry, empty when there is no candidate
};

/// Judges the best candidate of a walk against the champion (or none), stores the candidate with its manifest. Does not
/// promote.
Decision decide(const Exec& exec, const Setup& setup, const Outcome& run, registry::Registry& registry,
                const std::optional<Deployed>& champion);

}  // namespace tf::walk
