#include "engine/score/gate.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>

#include "cuda/base/error.hpp"

namespace tf::score {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

std::string number_text(double value) {
  if (std::isnan(value)) return "missing";
  char text[32];
  const auto end = std::to_chars(text, text + sizeof text, value, std::chars_format::general, 6);
  return {text, end.ptr};
}

/// A measurement that is not a finite number fails whatever the bound.
Condition condition(const char* name, const char* kind, double measured, const char* direction, double bound) {
  const std::string_view relation = direction;
  const bool holds = relation == ">=" ? measured >= bound : relation == ">" ? measured > bound : measured <= bound;
  return {name, kind, measured, direction, bound, std::isfinite(measured) && holds ? Outcome::passed : Outcome::failed};
}

Condition not_applicable(const char* name, const char* kind, double measured, const char* direction, double bound) {
  return {name, kind, measured, direction, bound, Outcome::not_applicable};
}

std::vector<Condition> value_conditions(const Scorecard& card, const GatePolicy& policy) {
  const double periods = static_cast<double>(card.periods);
  const double share = card.net_total > 0 ? card.max_drawdown / card.net_total : kNan;
  const double turnover = card.periods > 0 ? card.turnover / periods : kNan;
  std::vector<Condition> lines = {
      condition("periods", "value", periods, ">=", static_cast<double>(policy.min_periods)),
      condition("trades", "value", static_cast<double>(card.trades), ">=", static_cast<double>(policy.min_trades)),
      condition("net_total", "value", card.net_total, ">", 0),
      condition("sharpe", "value", card.sharpe, ">=", policy.min_sharpe),
      condition("dsr", "value", card.dsr, ">=", policy.min_dsr),
      condition("drawdown_share", "value", share, "<=", policy.max_drawdown_share),
  };
  const auto bounded = policy.max_turnover_per_period > 0 ? condition : not_applicable;
  lines.push_back(bounded("turnover_per_period", "value", turnover, "<=", policy.max_turnover_per_period));
  return lines;
}

std::vector<Period> by_start(std::span<const Period> periods) {
  std::vector<Period> sorted(periods.begin(), periods.end());
  const auto earlier = [](const Period& a, const Period& b) { return a.start_ns < b.start_ns; };
  std::sort(sorted.begin(), sorted.end(), earlier);
  const auto same = [](const Period& a, const Period& b) { return a.start_ns == b.start_ns; };
  expect(std::adjacent_find(sorted.begin(), sorted.end(), same) == sorted.end(),
         "the periods of one side of the gate start at different times");
  return sorted;
}

/// Net results of the periods that both sides have, matched by start.
struct Pairs {
  std::vector<double> candidate, incumbent;
};

Pairs pair_up(std::span<const Period> candidate_periods, std::span<const Period> incumbent_periods) {
  const std::vector<Period> candidate = by_start(candidate_periods), incumbent = by_start(incumbent_periods);
  Pairs pairs;
  for (std::size_t c = 0, i = 0; c < candidate.size() && i < incumbent.size();) {
    if (candidate[c].start_ns == incumbent[i].start_ns) {
      pairs.candidate.push_back(candidate[c++].net);
      pairs.incumbent.push_back(incumbent[i++].net);
    } else {
      candidate[c].start_ns < incumbent[i].start_ns ? ++c : ++i;
    }
  }
  return pairs;
}

std::string failure_text(const Condition& line) {
  if (std::isnan(line.measured)) return line.name + " is missing";
  const char* relation = line.direction == "<="  ? " is above "
                         : line.direction == ">" ? " is not above "
                                                 : " is below ";
  return line.name + " " + number_text(line.measured) + relation + number_text(line.bound);
}

std::string failures_text(const std::vector<Condition>& lines) {
  std::string text;
  for (const Condition& line : lines)
    if (line.outcome == Outcome::failed) text += (text.empty() ? "" : "; ") + failure_text(line);
  return text;
}

}  // namespace

const char* to_text(Verdict verdict) {
  switch (verdict) {
    case Verdict::promote:
      return "promote";
    case Verdict::hold:
      return "hold";
    case Verdict::reject:
      return "reject";
  }
  return "reject";
}

const char* to_text(Outcome outcome) {
  switch (outcome) {
    case Outcome::passed:
      return "passed";
    case Outcome::failed:
      return "failed";
    case Outcome::not_applicable:
      return "not_applicable";
  }
  return "failed";
}

GateResult judge(const Scorecard& candidate, std::span<const Period> candidate_periods, const Scorecard* incumbent,
                 std::span<const Period> incumbent_periods, const GatePolicy& policy, uint64_t seed) {
  GateResult result;
  result.conditions = value_conditions(candidate, policy);

  double improvement = kNan, p_value = kNan;
  std::string shortage;
  if (incumbent) {
    const Pairs pairs = pair_up(candidate_periods, incumbent_periods);
    const int64_t count = static_cast<int64_t>(pairs.candidate.size());
    if (count >= std::max<int64_t>(policy.min_periods, 2)) {
      result.paired =
          paired_bootstrap(pairs.candidate, pairs.incumbent, seed, policy.bootstrap_draws, policy.interval_level);
      improvement = result.paired->mean;
      p_value = result.paired->p_value;
    } else {
      shortage = ", as only " + std::to_string(count) + " periods are shared with the incumbent and " +
                 std::to_string(policy.min_periods) + " are needed";
    }
  }
  const auto change = incumbent ? condition : not_applicable;
  result.conditions.push_back(change("improvement_mean", "change", improvement, ">", policy.min_improvement));
  result.conditions.push_back(change("improvement_p_value", "change", p_value, "<=", policy.max_p_value));

  const auto failed = [&](const char* kind) {
    return std::any_of(result.conditions.begin(), result.conditions.end(),
                       [&](const Condition& line) { return line.kind == kind && line.outcome == Outcome::failed; });
  };
  if (failed("value")) {
    result.verdict = Verdict::reject;
    result.reason = "Rejected: " + failures_text(result.conditions) + shortage + ".";
  } else if (failed("change")) {
    result.verdict = Verdict::hold;
    result.reason = "Held: " + failures_text(result.conditions) + shortage + ".";
  } else {
    result.verdict = Verdict::promote;
    result.reason = incumbent ? "Promoted: every condition passed, with " + number_text(improvement) +
                                    " more net per period than the incumbent (p " + number_text(p_value) + ")."
                              : "Promoted: every value condition passed and there is no incumbent to compare with.";
  }
  return result;
}

}  // namespace tf::score
