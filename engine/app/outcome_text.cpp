#include "engine/app/outcome_text.hpp"

#include <algorithm>
#include <cmath>

namespace tf::app {

std::string gate_text(const score::GateResult& gate) {
  std::vector<std::vector<std::string>> rows{{"condition", "kind", "measured", "", "bound", "outcome"}};
  for (const score::Condition& c : gate.conditions)
    rows.push_back(
        {c.name, c.kind, short_number(c.measured), c.direction, short_number(c.bound), score::to_text(c.outcome)});
  return table_text(rows);
}

std::string ranking_text(const walk::Outcome& run, std::size_t most) {
  std::vector<std::size_t> order(run.candidates.size());
  for (std::size_t at = 0; at < order.size(); ++at) order[at] = at;
  const auto rank = [&](std::size_t at) {
    return run.results[at].failure.empty() ? run.results[at].card.sharpe : -INFINITY;
  };
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return rank(a) > rank(b); });
  std::vector<std::vector<std::string>> rows{{"candidate", "net", "gross", "trades", "sharpe", "dsr", "drawdown"}};
  for (std::size_t at = 0; at < std::min(most, order.size()); ++at) {
    const walk::CandidateResult& result = run.results[order[at]];
    const std::string& name = run.candidates[order[at]].text;
    if (!result.failure.empty())
      rows.push_back({name, "failed: " + result.failure});
    else
      rows.push_back({name, short_number(result.card.net_total), short_number(result.card.gross_total),
                      std::to_string(result.card.trades), short_number(result.card.sharpe),
                      short_number(result.card.dsr), short_number(result.card.max_drawdown)});
  }
  return table_text(rows);
}

std::string card_text(const score::Scorecard& candidate, const score::Scorecard* incumbent) {
  std::vector<std::vector<std::string>> rows{{"", "candidate"}};
  if (incumbent) rows[0].push_back("incumbent");
  const auto row = [&](const char* name, double score::Scorecard::*member) {
    rows.push_back({name, short_number(candidate.*member)});
    if (incumbent) rows.back().push_back(short_number(incumbent->*member));
  };
  row("net", &score::Scorecard::net_total);
  row("gross (before costs)", &score::Scorecard::gross_total);
  row("fees", &score::Scorecard::fees_total);
  row("sharpe a day", &score::Scorecard::sharpe);
  row("psr", &score::Scorecard::psr);
  row("dsr", &score::Scorecard::dsr);
  row("hit rate", &score::Scorecard::hit_rate);
  row("drawdown", &score::Scorecard::max_drawdown);
  return table_text(rows);
}

}  // namespace tf::app
