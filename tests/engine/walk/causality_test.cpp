// Nothing from the future is readable: the ticks after a cut are replaced by noise, and everything up to the cut must
// keep its bits, from features through predictions to fills and money.
#include <doctest/doctest.h>

#include <cmath>
#include <cstring>

#include "../small_market.hpp"
#include "engine/walk/evaluate.hpp"
#include "engine/walk/runner.hpp"

using namespace tf;

namespace {

bool same(double a, double b) { return (std::isnan(a) && std::isnan(b)) || std::memcmp(&a, &b, sizeof a) == 0; }

network::Fitted any_model(int inputs) {
  network::Fitted model;
  model.network = {
      inputs, network::Task::regression, {{8, network::Activation::tanh, 0}, {1, network::Activation::identity, 0}}};
  // quote_imbalance, trade_flow_imbalance, rsi, realised_volatility: all brought near 1, so that the signal keeps
  // turning.
  model.input_mean = {0, 0, 50, 0.001};
  model.input_scale = {5, 2, 0.05, 1000};
  REQUIRE(inputs == 4);
  const RandomStream random{5, Purpose::test, 0};
  for (int64_t at = 0; at < model.network.weight_count(); ++at)
    model.weights.push_back(static_cast<float>(2 * random.uniform(static_cast<uint64_t>(at)) - 1));
  return model;
}

struct Result {
  features::Table table;
  std::vector<double> signals;
  walk::Details details;
};

Result run(const Exec& exec, const walk::Setup& setup, const std::string& root, const TickColumns& ticks) {
  const data::TickStore store = data::TickStore::open(root, true);
  store.add_instrument(small_instrument());
  const auto writer = store.write_day("test/SMALL", Day{19800});
  writer->append(rows_of(ticks));
  writer->commit({});
  Result result;
  result.table = features::compute(exec, setup.features, store, "test/SMALL", store.days("test/SMALL"));
  result.signals.resize(static_cast<std::size_t>(result.table.rows()));
  walk::signals_from(exec, any_model(static_cast<int>(result.table.schema.names.size())), result.table.panel(),
                     result.signals);
  const Panel<const double> panel{result.signals.data(), result.table.rows(), 1, 1};
  const int32_t day = 0;
  walk::simulate_days(exec, setup, store, result.table, {&day, 1}, panel, {{setup.strategies.front(), 0}},
                      &result.details);
  return result;
}

}  // namespace

TEST_CASE("noise in place of the future changes no feature, prediction, fill or money before it") {
  const ScratchFolder folder;
  const Exec exec = pick_exec();
  const config::Reader reader =
      config::Reader::from_text(small_config(folder / "", "[simulation]\nmax_position_lots = 3\n"), "test");
  const walk::Setup setup = walk::read_setup(reader, exec);
  const int events = 6000;
  const TickColumns ticks = small_day(0, events);
  const Result whole = run(exec, setup, folder / "whole", ticks);
  REQUIRE(whole.details.fills.size() > 20);

  const RandomStream random{11, Purpose::test, 0};
  for (int cut = 0; cut < 8; ++cut) {
    const std::size_t from = ticks.size() / 10 * static_cast<std::size_t>(cut + 1);
    const int64_t cut_ts = ticks.exch_ts[from];
    TickColumns noise = ticks;
    for (std::size_t row = from; row < noise.size(); ++row) {
      if (noise.exch_ts[row] == cut_ts) continue;
      noise.px[row] += static_cast<int64_t>(random.below(row, 4000)) - 2000;
      noise.qty[row] = random.below(row, 100000);
    }
    const Result other = run(exec, setup, folder / ("cut" + std::to_string(cut)), noise);
    int64_t compared = 0, differing = 0;
    for (int64_t row = 0; row < whole.table.rows(); ++row) {
      if (whole.table.bars.known_ts[row] > cut_ts) break;
      REQUIRE(other.table.bars.known_ts[row] == whole.table.bars.known_ts[row]);
      for (int64_t lane = 0; lane < whole.table.panel().lanes; ++lane)
        differing += !same(whole.table.panel()(row, lane), other.table.panel()(row, lane));
      differing += !same(whole.signals[row], other.signals[row]);
      differing += !same(whole.details.equity[row], other.details.equity[row]);
      ++compared;
    }
    CHECK(compared > 30);
    CHECK(differing == 0);
    std::size_t fills = 0;
    for (; fills < whole.details.fills.size() && whole.details.fills[fills].time_ns <= cut_ts; ++fills) {
      REQUIRE(fills < other.details.fills.size());
      CHECK(whole.details.fills[fills].time_ns == other.details.fills[fills].time_ns);
      CHECK(whole.details.fills[fills].px == other.details.fills[fills].px);
      CHECK(whole.details.fills[fills].qty == other.details.fills[fills].qty);
    }
    // The noise did reach what comes after: the test could have failed.
    bool later_differs = false;
    for (int64_t row = compared + 1; row < std::min(whole.table.rows(), other.table.rows()); ++row)
      later_differs |= !same(whole.signals[row], other.signals[row]);
    CHECK(later_differs);
  }
}
