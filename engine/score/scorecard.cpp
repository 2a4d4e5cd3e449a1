#include "engine/score/scorecard.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "engine/score/statistics.hpp"

namespace tf::score {

Scorecard score(const Ticket& ticket, std::span<const Period> periods, int64_t trials, double trial_variance,
                double periods_per_year) {
  constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
  Scorecard card;
  card.ticket = ticket.number();
  card.periods = static_cast<int64_t>(periods.size());
  card.trials = trials;
  card.trial_variance = trial_variance;

  std::vector<double> nets;
  nets.reserve(periods.size());
  int64_t wins = 0, round_trips = 0;
  double peak = 0;
  bool unknown = false;  // std::max lets NaN slip away
  for (const Period& period : periods) {
    nets.push_back(period.net);
    card.net_total += period.net;
    card.gross_total += period.gross;
    card.fees_total += period.fees;
    card.turnover += period.turnover;
    card.trades += period.trades;
    wins += period.wins;
    round_trips += period.round_trips;
    peak = std::max(peak, card.net_total);
    card.max_drawdown = std::max({card.max_drawdown, peak - card.net_total, period.max_drawdown});
    unknown = unknown || std::isnan(card.net_total) || std::isnan(period.max_drawdown);
  }
  if (unknown) card.max_drawdown = kNan;
  card.hit_rate = round_trips > 0 ? static_cast<double>(wins) / static_cast<double>(round_trips) : kNan;

  const Moments m = moments(nets);
  card.mean = m.mean;
  card.deviation = m.deviation;
  card.skew = m.skew;
  card.kurtosis = m.kurtosis;
  card.sharpe = m.deviation > 0 ? m.mean / m.deviation : kNan;
  card.sharpe_annual = card.sharpe * std::sqrt(periods_per_year);
  const double count = static_cast<double>(card.periods);
  card.psr = psr(card.sharpe, 0, count, m.skew, m.kurtosis);
  card.dsr = dsr(card.sharpe, count, m.skew, m.kurtosis, static_cast<double>(trials), trial_variance);
  card.min_trl = min_trl(card.sharpe, 0, m.skew, m.kurtosis);
  return card;
}

}  // namespace tf::score
