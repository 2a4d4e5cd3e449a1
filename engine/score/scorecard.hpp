// Per-period results in, statistics out. float64; no LibTorch, no I/O.
#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "engine/score/ticket.hpp"

namespace tf::score {

/// What one lane earned in one period (a trading day). Money in the instrument's currency, for the configured position
/// size.
struct Period {
  int64_t start_ns = 0;
  double gross = 0;  ///< before spread, fees and latency: fills at the mid of the decision time
  double net = 0;    ///< after all costs; what every decision uses
  double fees = 0;
  double turnover = 0;  ///< traded notional
  int64_t trades = 0;   ///< fills
  int64_t wins = 0, round_trips = 0;
  double max_drawdown = 0;  ///< within the period, of net equity, >= 0
};

struct Scorecard {
  int64_t ticket = -1;
  int64_t periods = 0;
  double net_total = 0, gross_total = 0, fees_total = 0, turnover = 0;
  int64_t trades = 0;
  double hit_rate = 0;                                     ///< wins / round trips, NaN without any
  double mean = 0, deviation = 0, skew = 0, kurtosis = 0;  ///< of net per period; kurtosis 3 = normal
  double sharpe = 0;         ///< per period, ddof 1; NaN with fewer than 2 periods or zero deviation
  double sharpe_annual = 0;  ///< sharpe * sqrt(periods_per_year)
  double psr = 0;            ///< P(true sharpe > 0)
  double dsr = 0;            ///< deflated by `trials` trials with variance `trial_variance` of their sharpes
  double min_trl = 0;        ///< periods needed for 95 % confidence against 0
  double max_drawdown = 0;   ///< of cumulated net at period ends, not below the worst within one period; >= 0
  int64_t trials = 0;
  double trial_variance = 0;
};

/// `trials` and `trial_variance` come from the ledger (effective set of this search), never from the caller's memory.
Scorecard score(const Ticket& ticket, std::span<const Period> periods, int64_t trials, double trial_variance,
                double periods_per_year);

}  // namespace tf::score
