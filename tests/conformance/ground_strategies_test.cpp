// What every strategy of the catalogue must hold, without knowing it: the same lane alone (scalar) and in packs, in any
// order, and blind to what comes after a decision.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "cuda/market/simulate.hpp"
#include "tests/cuda/market/random_market.hpp"

using namespace tf;
using namespace tf::market;

namespace {

/// Parameters drawn near the defaults, inside the described ranges.
std::shared_ptr<const void> drawn_params(const StrategyEntry& entry, uint32_t lane) {
  const RandomStream random{17, Purpose::test, lane};
  const std::shared_ptr<void> params = entry.params.make();
  uint64_t step = 0;
  for (const Field& field : entry.params.fields) {
    char* at = static_cast<char*>(params.get()) + field.offset;
    const double draw = random.uniform(step++);
    const auto bounded = [&](double value) { return std::clamp(value, field.low, field.high); };
    if (field.type == FieldType::integer) {
      int& value = *reinterpret_cast<int*>(at);
      value = static_cast<int>(bounded(std::floor(value * (0.2 + draw) + 3 * draw)));
    } else if (field.type == FieldType::real) {
      double& value = *reinterpret_cast<double*>(at);
      value = bounded(std::floor((value * (0.5 + draw) + 6 * draw * (lane % 2)) * 4) / 4);
    } else if (field.type == FieldType::text && lane % 3 == 0) {
      const std::string choices = field.choices;
      *reinterpret_cast<std::string*>(at) = choices.substr(choices.rfind('|') + 1);
    }
  }
  return params;
}

struct Outcome {
  std::vector<LaneDay> days;
  std::vector<Fill> fills;
};

Outcome run(const StrategyEntry& entry, const std::vector<uint32_t>& lanes, const RandomMarket& market) {
  SimulationSpec spec;
  spec.entry_latency_ns = 3'000'000;
  spec.response_latency_ns = 2'000'000;
  spec.fee_bps = 0.1;
  spec.max_position_lots = 5;
  std::vector<LaneSpec> specs;
  for (const uint32_t lane : lanes)
    specs.push_back({entry.name, drawn_params(entry, lane), entry.uses_signal ? int64_t{lane % 4} : -1});
  Simulator simulator(pick_exec(), test_instrument(), spec, specs);
  Outcome outcome;
  outcome.days = simulator.run_day(market.ticks.span(), market.decisions, market.panel(), &outcome.fills);
  CHECK(simulator.status() == "");
  return outcome;
}

std::vector<Fill> of_lane(const std::vector<Fill>& fills, int32_t lane) {
  std::vector<Fill> own;
  for (Fill fill : fills)
    if (fill.lane == lane) own.push_back(fill);
  return own;
}
bool same(const std::vector<Fill>& a, const std::vector<Fill>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const Fill& x, const Fill& y) {
    return x.time_ns == y.time_ns && x.px == y.px && x.qty == y.qty && x.fee == y.fee && x.cause == y.cause;
  });
}

}  // namespace

TEST_CASE("every strategy of the catalogue has a name, a help and parameters whose defaults are in range") {
  CHECK(!strategy_catalogue::rows().empty());
  for (const strategy_catalogue::Row& row : strategy_catalogue::rows()) {
    const StrategyEntry& entry = row.v3();
    CAPTURE(row.name);
    CHECK(std::string(entry.name) == row.name);
    CHECK(std::string(entry.help).size() > 10);
    const std::shared_ptr<void> params = entry.params.make();
    for (const Field& field : entry.params.fields) {
      const char* at = static_cast<const char*>(params.get()) + field.offset;
      CHECK(std::string(field.help).size() > 3);
      if (field.type == FieldType::integer) CHECK(*reinterpret_cast<const int*>(at) >= field.low);
      if (field.type == FieldType::real) CHECK(*reinterpret_cast<const double*>(at) >= field.low);
      if (field.choices)
        CHECK(("|" + std::string(field.choices) + "|").find("|" + *reinterpret_cast<const std::string*>(at) + "|") !=
              std::string::npos);
    }
  }
}

TEST_CASE("every strategy decides alone as in packs and in any order of lanes") {
  const RandomMarket market = random_market(21, 3000, 800, 4);
  for (const strategy_catalogue::Row& row : strategy_catalogue::rows()) {
    const StrategyEntry& entry = find_strategy(pick_exec(), row.name);
    CAPTURE(row.name);
    std::vector<uint32_t> lanes(19), reversed;
    for (uint32_t lane = 0; lane < lanes.size(); ++lane) lanes[lane] = lane;
    reversed.assign(lanes.rbegin(), lanes.rend());
    const Outcome packs = run(entry, lanes, market), backwards = run(entry, reversed, market);
    CHECK(!packs.fills.empty());
    for (const uint32_t lane : lanes) {
      const Outcome alone = run(entry, {lane}, market);
      const std::size_t mirror = lanes.size() - 1 - lane;
      CHECK(same(of_lane(packs.fills, static_cast<int32_t>(lane)), alone.fills));
      CHECK(same(of_lane(backwards.fills, static_cast<int32_t>(mirror)), alone.fills));
      CHECK(packs.days[lane].net == alone.days[0].net);
      CHECK(backwards.days[mirror].net == alone.days[0].net);
      CHECK(packs.days[lane].max_drawdown == alone.days[0].max_drawdown);
    }
  }
}

TEST_CASE("no strategy knows what comes after its decision") {
  const RandomMarket market = random_market(22, 3000, 800, 4);
  for (const std::size_t cut_row : {100, 400, 700}) {
    const int64_t cut = market.decisions[cut_row];
    RandomMarket other = market;
    int64_t exch = 0;
    for (std::size_t row = 0; row < other.ticks.size(); ++row) {
      exch = std::max(exch, other.ticks.exch_ts[row]);
      if (exch > cut && other.ticks.local_ts[row] > cut) other.ticks.px[row] -= 41;
    }
    for (std::size_t row = 0; row < other.decisions.size(); ++row)
      if (other.decisions[row] > cut)
        for (int64_t column = 0; column < 4; ++column) other.signals[row * 4 + column] *= -1;
    for (const strategy_catalogue::Row& row : strategy_catalogue::rows()) {
      CAPTURE(row.name);
      const StrategyEntry& entry = find_strategy(pick_exec(), row.name);
      std::vector<Fill> before = run(entry, {0, 1, 2, 3, 4}, market).fills;
      std::vector<Fill> after = run(entry, {0, 1, 2, 3, 4}, other).fills;
      for (std::vector<Fill>* fills : {&before, &after})
        std::erase_if(*fills, [&](const Fill& fill) { return fill.time_ns > cut; });
      CHECK(!before.empty());
      CHECK(same(before, after));
    }
  }
}
