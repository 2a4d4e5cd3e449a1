// Canary in replay: the day after a promotion the champion and the one it replaced stream the same ticks, one at a
// time. Parity first: what was streamed must equal the batch to the bit; then a loss budget, beyond which the champion
// is rolled back.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "engine/registry/registry.hpp"
#include "engine/walk/decision.hpp"

namespace tf::watch {

struct CanarySpec {
  double loss_budget = 100;  ///< currency: a day's net loss beyond it rolls back
  bool roll_back = true;     ///< false: say it, move nothing
  std::string actor = "canary";
  static std::span<const Field> fields();
};

/// Streamed against batch of one model on one day.
struct Parity {
  int64_t rows = 0;  ///< bars
  int64_t feature_values = 0, differing_features = 0;
  int64_t predictions = 0, differing_predictions = 0;
  std::string first_difference;  ///< where, empty = none
  bool equal() const { return differing_features == 0 && differing_predictions == 0; }
};

struct CanaryModel {
  std::string role;  ///< "champion" or "previous"
  std::string model_id;
  Parity parity;
  score::Period result;  ///< of the day, from the streamed signals
};

struct Canary {
  Day day;
  std::vector<CanaryModel> models;
  std::string verdict;  ///< "keep" | "rollback" | "skew"
  std::string reason;
  std::optional<std::string> champion_after;
};

/// Bits that differ between two doubles; NaN equals NaN.
bool same_bits(double a, double b);

/// Runs the canary on `day` (default: the first day of the store after the champion's training). Throws
/// Error{no_input} when there is no champion or no such day.
Canary run_canary(const Exec& exec, const walk::Setup& paths, const CanarySpec& spec, registry::Registry& registry,
                  std::optional<Day> day);

}  // namespace tf::watch
