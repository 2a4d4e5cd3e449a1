#include "engine/walk/evaluate.hpp"

#include "cuda/base/error.hpp"

namespace tf::walk {

double signal_offset(const network::Fitted& model) {
  return model.network.task == network::Task::classification ? 0.5 : 0.0;
}

void signals_from(const Exec& exec, const network::Fitted& model, Panel<const double> features, std::span<double> out) {
  network::predict(exec, model, features, out);
  const double offset = signal_offset(model);
  for (double& value : out) value -= offset;
}

std::vector<std::vector<score::Period>> simulate_days(const Exec& exec, const Setup& setup,
                                                      const data::TickStore& store, const features::Table& table,
                                                      std::span<const int32_t> days, Panel<const double> signals,
                                                      const std::vector<Lane>& lanes, Details* details) {
  expect(!details || lanes.size() == 1, "details are drawn of one lane");
  std::vector<market::LaneSpec> specs;
  for (const Lane& lane : lanes) specs.push_back({lane.strategy.name, lane.strategy.params, lane.signal});
  market::Simulator simulator(exec, store.instrument(setup.instrument), setup.simulation, std::move(specs));

  std::vector<std::vector<score::Period>> periods(lanes.size());
  double net_before = 0;
  for (const int32_t index : days) {
    const features::DayRows& day = table.days[index];
    data::ReadOptions options;
    options.columns = data::kAllColumns & ~static_cast<uint32_t>(data::Column::order_id);
    const TickColumns ticks = store.read_day(setup.instrument, day.day, options);
    const std::span<const int64_t> decisions(table.bars.known_ts.data() + day.first,
                                             static_cast<std::size_t>(day.count));
    Buffer<double> equity(details ? decisions.size() : 0);
    const std::vector<market::LaneDay> results =
        simulator.run_day(ticks.span(), decisions, signals.part(day.first, day.count),
                          details ? &details->fills : nullptr, details ? equity.panel(day.count, 1) : Panel<double>{});
    for (std::size_t lane = 0; lane < lanes.size(); ++lane) {
      const market::LaneDay& result = results[lane];
      score::Period period;
      period.start_ns = day.day.start_ns();
      period.gross = result.gross;
      period.net = result.net;
      period.fees = result.fees;
      period.turnover = result.turnover;
      period.trades = result.fills;
      period.wins = result.wins;
      period.round_trips = result.round_trips;
      period.max_drawdown = result.max_drawdown;
      periods[lane].push_back(period);
    }
    if (details) {
      details->equity_ts.insert(details->equity_ts.end(), decisions.begin(), decisions.end());
      for (std::size_t at = 0; at < decisions.size(); ++at) details->equity.push_back(net_before + equity[at]);
      net_before += results[0].net;
      if (!decisions.empty()) {
        details->equity_ts.push_back(decisions.back() + 1);
        details->equity.push_back(net_before);
      }
    }
  }
  if (const std::string status = simulator.status(); !status.empty())
    throw Error(ErrorKind::numeric, "simulation of " + setup.instrument + ": " + status);
  return periods;
}

}  // namespace tf::walk
