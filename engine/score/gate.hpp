// The gate: promote, hold or reject, each bound with its measured value.
#pragma once
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/score/scorecard.hpp"
#include "engine/score/statistics.hpp"

namespace tf::score {

enum class Verdict { promote, hold, reject };
const char* to_text(Verdict verdict);

/// Bounds of a promotion. Money bounds are in the instrument's currency.
struct GatePolicy {
  int64_t min_periods = 10;
  int64_t min_trades = 20;
  double min_sharpe = 0;  ///< per period, net
  double min_dsr = 0.95;
  double max_drawdown_share = 0.5;     ///< of the total net result; a candidate with net <= 0 fails
  double max_turnover_per_period = 0;  ///< 0 = no bound
  double min_improvement = 0;          ///< change threshold: mean net per period over the incumbent's must exceed it
  double max_p_value = 0.10;           ///< change threshold: one-sided paired bootstrap
  int64_t bootstrap_draws = 2000;
  double interval_level = 0.90;
  double periods_per_year = 252;
};

enum class Outcome { passed, failed, not_applicable };
const char* to_text(Outcome outcome);

/// One line of the gate table. A NaN or missing measurement fails.
struct Condition {
  /// periods, trades, net_total, sharpe, dsr, drawdown_share, turnover_per_period, improvement_mean,
  /// improvement_p_value
  std::string name;
  std::string kind;  ///< "value" or "change"
  double measured = 0;
  std::string direction;  ///< ">=", ">" or "<="; what measured must be to bound
  double bound = 0;
  Outcome outcome = Outcome::failed;
};

struct GateResult {
  Verdict verdict = Verdict::reject;
  std::vector<Condition> conditions;
  std::optional<PairedInterval> paired;  ///< only with an incumbent
  std::string reason;                    ///< one sentence in words
};

/// Candidate against incumbent on the periods that both have (same start_ns); with fewer than min_periods of them the
/// change conditions fail. No incumbent: change conditions are not_applicable. Verdict: promote = every value and
/// change condition passed; reject = a value condition failed; hold = the values passed but the change over the
/// incumbent was not shown.
GateResult judge(const Scorecard& candidate, std::span<const Period> candidate_periods, const Scorecard* incumbent,
                 std::span<const Period> incumbent_periods, const GatePolicy& policy, uint64_t seed);

}  // namespace tf::score
