// Predictions and ticks in, per-day results out: the one path by which fold models, champions and canaries are
// backtested.
#pragma once
#include <span>
#include <string>
#include <vector>

#include "cuda/network/network.hpp"
#include "engine/features/table.hpp"
#include "engine/score/scorecard.hpp"
#include "engine/walk/setup.hpp"

namespace tf::walk {

/// One strategy with parameters, reading one column of the signals.
struct Lane {
  Choice strategy;
  int64_t signal = 0;
};

/// What a report draws of a single lane.
struct Details {
  std::vector<market::Fill> fills;
  std::vector<int64_t> equity_ts;
  std::vector<double> equity;  ///< net, currency, cumulated over the days
};

/// A signal is prediction - offset: the value itself (regression, ticks), probability - 0.5 (classification).
double signal_offset(const network::Fitted& model);
void signals_from(const Exec& exec, const network::Fitted& model, Panel<const double> features, std::span<double> out);

/// Simulates all lanes over the given days of the table (indices, ascending), sharing one replay. signals: [row of the
/// table][signal]. Returns periods[lane][day]. `details` needs exactly one lane. Throws Error{numeric} when a lane's
/// status is not sound.
std::vector<std::vector<score::Period>> simulate_days(const Exec& exec, const Setup& setup,
                                                      const data::TickStore& store, const features::Table& table,
                                                      std::span<const int32_t> days, Panel<const double> signals,
                                                      const std::vector<Lane>& lanes, Details* details = nullptr);

}  // namespace tf::walk
