// Verdicts as people read them on a terminal.
#pragma once
#include <string>

#include "engine/app/shell.hpp"
#include "engine/score/gate.hpp"
#include "engine/walk/runner.hpp"

namespace tf::app {

std::string gate_text(const score::GateResult& gate);                  ///< the table of conditions
std::string ranking_text(const walk::Outcome& run, std::size_t most);  ///< candidates by net Sharpe ratio
std::string card_text(const score::Scorecard& candidate, const score::Scorecard* incumbent);

}  // namespace tf::app
