// Many lanes on unruly ticks against the slow simulator: equal to the last bit, in any company and order.
#include <doctest/doctest.h>

#include <cmath>
#include <map>
#include <numeric>

#include "cuda/market/simulate.hpp"
#include "lane_params.hpp"
#include "naive_simulator.hpp"
#include "random_market.hpp"

using namespace tf;
using namespace tf::market;

namespace {

constexpr int64_t kColumns = 5;

struct TestLane {
  LaneSpec spec;
  NaiveStrategy naive;
};

std::vector<TestLane> random_lanes(uint64_t seed, int count) {
  const RandomStream random{seed, Purpose::test, 77};
  uint64_t step = 0;
  const auto pick = [&](std::initializer_list<double> values) {
    return values.begin()[random.below(step++, static_cast<uint32_t>(values.size()))];
  };
  std::vector<TestLane> lanes;
  for (int at = 0; at < count; ++at) {
    const double stop = pick({0, 3, 8, 2.5}), take = pick({0, 4, 9}), size = pick({1, 2, 3});
    const bool both = pick({0, 1}) > 0;
    const int64_t column = static_cast<int64_t>(pick({0, 1, 2, 3, 4}));
    const std::string direction = both ? "both" : "long";
    switch (random.below(step++, 3)) {
      case 0: {
        const double enter = pick({0.2, 1, 1.5}), exit = pick({0, 0.1, -0.5}), hold = pick({0, 2});
        lanes.push_back({{"model_signal",
                          params_of("model_signal",
                                    {{"enter", enter},
                                     {"exit", exit},
                                     {"size", size},
                                     {"stop_ticks", stop},
                                     {"take_ticks", take},
                                     {"hold_decisions", hold}},
                                    direction),
                          column},
                         naive_model_signal(enter, exit, size, stop, take, static_cast<int>(hold), both)});
        break;
      }
      case 1: {
        const double fast = pick({2, 3}), slow = pick({5, 8});
        lanes.push_back(
            {{"ema_cross",
              params_of("ema_cross",
                        {{"fast", fast}, {"slow", slow}, {"size", size}, {"stop_ticks", stop}, {"take_ticks", take}},
                        direction),
              -1},
             naive_ema_cross(static_cast<int>(fast), static_cast<int>(slow), size, stop, take, both)});
        break;
      }
      default: {
        const double lots = pick({1, 2.3, -3}), band = pick({0, 0.7});
        lanes.push_back(
            {{"proportional_signal",
              params_of("proportional_signal",
                        {{"lots_per_unit", lots}, {"dead_band", band}, {"stop_ticks", stop}, {"take_ticks", take}}),
              column},
             naive_proportional(lots, band, stop, take)});
      }
    }
  }
  return lanes;
}

struct Outcome {
  std::vector<std::vector<LaneDay>> days;   // [day][lane]
  std::vector<std::vector<Fill>> fills;     // [lane], all days
  std::vector<std::vector<double>> equity;  // [day], panel
};

Outcome run_engine(const Exec& exec, const SimulationSpec& spec, const std::vector<TestLane>& lanes,
                   const std::vector<RandomMarket>& markets) {
  std::vector<LaneSpec> specs;
  for (const TestLane& lane : lanes) specs.push_back(lane.spec);
  Simulator simulator(exec, test_instrument(), spec, specs);
  Outcome outcome;
  outcome.fills.resize(lanes.size());
  const int64_t count = simulator.lanes();
  for (const RandomMarket& market : markets) {
    std::vector<Fill> fills;
    std::vector<double> equity(market.decisions.size() * lanes.size());
    outcome.days.push_back(
        simulator.run_day(market.ticks.span(), market.decisions, market.panel(), &fills,
                          {equity.data(), static_cast<int64_t>(market.decisions.size()), count, count}));
    for (const Fill& fill : fills) outcome.fills[static_cast<std::size_t>(fill.lane)].push_back(fill);
    outcome.equity.push_back(equity);
  }
  CHECK(simulator.status() == "");
  return outcome;
}

bool same(const LaneDay& a, const LaneDay& b) {
  return a.gross == b.gross && a.net == b.net && a.fees == b.fees && a.turnover == b.turnover &&
         a.max_drawdown == b.max_drawdown && a.fills == b.fills && a.round_trips == b.round_trips && a.wins == b.wins &&
         a.end_position == b.end_position;
}
bool same(const Fill& a, const Fill& b) {
  return a.time_ns == b.time_ns && a.px == b.px && a.qty == b.qty && a.fee == b.fee && a.cause == b.cause;
}
bool same(const std::vector<Fill>& a, const std::vector<Fill>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const Fill& x, const Fill& y) { return same(x, y); });
}

std::vector<RandomMarket> random_days(uint64_t seed, int events, int decisions) {
  std::vector<RandomMarket> markets;
  for (int day = 0; day < 3; ++day) markets.push_back(random_market(seed, events, decisions, kColumns, day));
  return markets;
}

SimulationSpec random_spec(uint64_t seed) {
  SimulationSpec spec;
  const int64_t latencies[] = {0, 1'000'000, 7'000'000, 60'000'000, 300'000'000};
  spec.entry_latency_ns = latencies[seed % 5];
  spec.response_latency_ns = latencies[seed / 5 % 5];
  spec.fee_bps = seed % 3 * 0.37;
  spec.fee_per_lot = seed % 2 * 0.013;
  spec.max_position_lots = 2.0 + static_cast<double>(seed % 2) * 3;
  spec.flat_at_day_end = seed % 4 < 2;
  return spec;
}

}  // namespace

TEST_CASE("every lane equals the slow simulator in fills, money, counts and equity, to the bit") {
  int64_t compared = 0, causes[4] = {};
  for (uint64_t seed = 0; seed < 60; ++seed) {
    const std::vector<TestLane> lanes = random_lanes(seed, 21);
    const std::vector<RandomMarket> markets = random_days(seed, 400, seed % 3 == 0 ? 300 : 60);
    const SimulationSpec spec = random_spec(seed);
    const Outcome engine = run_engine(pick_exec(), spec, lanes, markets);
    for (std::size_t lane = 0; lane < lanes.size(); ++lane) {
      NaiveSimulator naive(test_instrument(), spec, lanes[lane].naive);
      std::vector<Fill> fills;
      for (std::size_t day = 0; day < markets.size(); ++day) {
        const int64_t column = lanes[lane].spec.signal_lane;
        const LaneDay expected = naive.run_day(markets[day].ticks.span(), markets[day].decisions,
                                               column < 0 ? std::vector<double>() : markets[day].column(column));
        CAPTURE(seed);
        CAPTURE(lane);
        CAPTURE(day);
        REQUIRE(same(engine.days[day][lane], expected));
        for (std::size_t row = 0; row < naive.equity.size(); ++row)
          REQUIRE(engine.equity[day][row * lanes.size() + lane] == naive.equity[row]);
        fills.insert(fills.end(), naive.fills.begin(), naive.fills.end());
      }
      REQUIRE(same(engine.fills[lane], fills));
      compared += static_cast<int64_t>(fills.size());
      for (const Fill& fill : fills) ++causes[fill.cause];
    }
  }
  MESSAGE(compared << " fills equal");
  for (const int64_t count : causes) CHECK(count > 100);
}

TEST_CASE("cash and inventory are the sum of the fills less fees, lane by lane and day by day") {
  for (uint64_t seed = 100; seed < 110; ++seed) {
    const std::vector<TestLane> lanes = random_lanes(seed, 33);
    const std::vector<RandomMarket> markets = random_days(seed, 300, 100);
    SimulationSpec spec = random_spec(seed);
    spec.flat_at_day_end = true;
    const Outcome engine = run_engine(pick_exec(), spec, lanes, markets);
    for (std::size_t lane = 0; lane < lanes.size(); ++lane) {
      std::size_t at = 0;
      for (std::size_t day = 0; day < markets.size(); ++day) {
        double cash = 0, fees = 0, position = 0;
        const int64_t count = engine.days[day][lane].fills;
        for (int64_t fill = 0; fill < count; ++fill, ++at) {
          const Fill& one = engine.fills[lane][at];
          cash -= one.qty * one.px;
          fees += one.fee;
          position += one.qty;
        }
        CHECK(position == 0);
        CHECK(engine.days[day][lane].net == cash * (0.01 * 10) - fees);
        CHECK(engine.days[day][lane].fees == fees);
      }
      CHECK(at == engine.fills[lane].size());
    }
  }
}

TEST_CASE("a lane's results do not depend on its company, its place or the threads") {
  const std::vector<TestLane> lanes = random_lanes(7, 150);
  const std::vector<RandomMarket> markets = random_days(7, 500, 600);
  const SimulationSpec spec = random_spec(6);
  Exec exec = pick_exec();
  exec.threads = 1;
  const Outcome all = run_engine(exec, spec, lanes, markets);

  SUBCASE("alone (scalar) as in company (packs)") {
    for (std::size_t lane = 0; lane < lanes.size(); lane += 7) {
      const Outcome alone = run_engine(exec, spec, {lanes[lane]}, markets);
      for (std::size_t day = 0; day < markets.size(); ++day) CHECK(same(alone.days[day][0], all.days[day][lane]));
      CHECK(same(alone.fills[0], all.fills[lane]));
    }
  }
  SUBCASE("shuffled") {
    std::vector<std::size_t> order(lanes.size());
    std::iota(order.begin(), order.end(), 0u);
    const RandomStream random{3, Purpose::test, 5};
    for (std::size_t at = order.size() - 1; at > 0; --at)
      std::swap(order[at], order[random.below(at, static_cast<uint32_t>(at + 1))]);
    std::vector<TestLane> shuffled;
    for (const std::size_t lane : order) shuffled.push_back(lanes[lane]);
    const Outcome other = run_engine(exec, spec, shuffled, markets);
    for (std::size_t at = 0; at < order.size(); ++at) {
      for (std::size_t day = 0; day < markets.size(); ++day) CHECK(same(other.days[day][at], all.days[day][order[at]]));
      CHECK(same(other.fills[at], all.fills[order[at]]));
    }
  }
  SUBCASE("on several threads") {
    exec.threads = 3;
    const Outcome other = run_engine(exec, spec, lanes, markets);
    for (std::size_t lane = 0; lane < lanes.size(); ++lane) {
      for (std::size_t day = 0; day < markets.size(); ++day) CHECK(same(other.days[day][lane], all.days[day][lane]));
      CHECK(same(other.fills[lane], all.fills[lane]));
    }
    CHECK(other.equity == all.equity);
  }
  SUBCASE("at the other x86-64 level") {
    if (!probe_devices().has_v4) {
      MESSAGE("skipped: this CPU has no AVX-512");
      return;
    }
    exec.level = exec.level == CpuLevel::v4 ? CpuLevel::v3 : CpuLevel::v4;
    const Outcome other = run_engine(exec, spec, lanes, markets);
    for (std::size_t lane = 0; lane < lanes.size(); ++lane) {
      for (std::size_t day = 0; day < markets.size(); ++day) CHECK(same(other.days[day][lane], all.days[day][lane]));
      CHECK(same(other.fills[lane], all.fills[lane]));
    }
  }
  SUBCASE("on a GPU") {
    if (probe_devices().gpus == 0) {
      MESSAGE("skipped: no GPU");
      return;
    }
    exec.device = Device::cuda;
    const Outcome other = run_engine(exec, spec, lanes, markets);
    for (std::size_t lane = 0; lane < lanes.size(); ++lane) {
      for (std::size_t day = 0; day < markets.size(); ++day) CHECK(same(other.days[day][lane], all.days[day][lane]));
      CHECK(same(other.fills[lane], all.fills[lane]));
    }
    CHECK(other.equity == all.equity);
  }
}

TEST_CASE("ticks and signals after a time change no fill before it") {
  for (uint64_t seed = 200; seed < 210; ++seed) {
    const std::vector<TestLane> lanes = random_lanes(seed, 16);
    std::vector<RandomMarket> markets = {random_market(seed, 400, 150, kColumns)};
    const SimulationSpec spec = random_spec(seed);
    const Outcome before = run_engine(pick_exec(), spec, lanes, markets);
    RandomMarket& market = markets[0];
    const int64_t cut = market.decisions[80];
    int64_t exch = 0;
    for (std::size_t row = 0; row < market.ticks.size(); ++row) {
      exch = std::max(exch, market.ticks.exch_ts[row]);
      if (exch > cut && market.ticks.local_ts[row] > cut) market.ticks.px[row] += 37 + static_cast<int64_t>(row % 5);
    }
    for (std::size_t row = 0; row < market.decisions.size(); ++row)
      if (market.decisions[row] > cut)
        for (int64_t column = 0; column < kColumns; ++column) market.signals[row * kColumns + column] = 1.9;
    const Outcome after = run_engine(pick_exec(), spec, lanes, markets);
    int64_t kept = 0, changed = 0;
    for (std::size_t lane = 0; lane < lanes.size(); ++lane) {
      const auto until = [&](std::vector<Fill> fills) {
        std::erase_if(fills, [&](const Fill& fill) { return fill.time_ns > cut; });
        return fills;
      };
      CHECK(same(until(before.fills[lane]), until(after.fills[lane])));
      kept += static_cast<int64_t>(until(before.fills[lane]).size());
      changed += !same(before.fills[lane], after.fills[lane]);
    }
    CHECK(kept > 0);
    CHECK(changed > 0);
    for (std::size_t row = 0; row < market.decisions.size() && market.decisions[row] <= cut; ++row)
      for (std::size_t lane = 0; lane < lanes.size(); ++lane)
        CHECK(before.equity[0][row * lanes.size() + lane] == after.equity[0][row * lanes.size() + lane]);
  }
}
