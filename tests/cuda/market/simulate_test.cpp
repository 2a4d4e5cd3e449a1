// Every rule of simulate.hpp by hand, on one lane and few ticks. One tick = 0.1 currency a lot (0.01 x 10).
#include "cuda/market/simulate.hpp"

#include <doctest/doctest.h>

#include "cuda/base/error.hpp"
#include "lane_params.hpp"
#include "random_market.hpp"

using namespace tf;
using namespace tf::market;

namespace {

constexpr int64_t kMs = 1'000'000;
const double kNan = __builtin_nan("");

/// Ticks and decisions in milliseconds since 08:00.
struct Scene {
  TickColumns ticks;
  std::vector<int64_t> decisions;
  std::vector<double> signals;
  SimulationSpec spec;
  std::map<std::string, double> params{{"enter", 0.5}, {"exit", 0}};
  std::string direction = "both";
  int64_t feed_delay_ms = 0;
  std::vector<Fill> fills;
  std::vector<double> equity;

  Scene() { spec.entry_latency_ns = spec.response_latency_ns = 5 * kMs; }
  static int64_t at(int64_t ms) { return kTestDay + 8 * kHour + ms * kMs; }
  void quote(int64_t ms, int64_t bid, int64_t ask) {
    const int64_t local = at(ms + feed_delay_ms);
    ticks.push({at(ms), local, bid, 1, 0, static_cast<uint32_t>(TickKind::best_bid)});
    ticks.push({at(ms), local, ask, 1, 0, static_cast<uint32_t>(TickKind::best_ask) | kFlagLast});
  }
  void clear(int64_t ms) {
    ticks.push({at(ms), at(ms + feed_delay_ms), 0, 0, 0, static_cast<uint32_t>(TickKind::clear) | kFlagLast});
  }
  void decide(int64_t ms, double signal) {
    decisions.push_back(at(ms));
    signals.push_back(signal);
  }
  LaneDay run() {
    Simulator simulator(pick_exec(), test_instrument(), spec,
                        {{"model_signal", params_of("model_signal", params, direction), 0}});
    const int64_t rows = static_cast<int64_t>(decisions.size());
    equity.assign(decisions.size(), 0);
    const LaneDay day = simulator.run_day(ticks.span(), decisions, {signals.data(), rows, 1, 1}, &fills,
                                          {equity.data(), rows, 1, 1})[0];
    CHECK(simulator.status() == "");
    return day;
  }
};

void check_fill(const Fill& fill, int64_t ms, double px, double qty, int cause) {
  CHECK(fill.time_ns == Scene::at(ms));
  CHECK(fill.px == px);
  CHECK(fill.qty == qty);
  CHECK(fill.cause == cause);
}

}  // namespace

TEST_CASE("an order fills at the touch it meets when it arrives, buys at ask and sells at bid") {
  Scene scene;
  scene.quote(0, 100, 102);
  scene.quote(13, 104, 106);  // before the order of 10 arrives at 15
  scene.quote(15, 105, 107);  // at its very time: seen
  scene.quote(16, 200, 202);
  scene.quote(40, 110, 113);
  scene.decide(10, 1);
  scene.decide(30, -0.1);  // below exit
  scene.quote(50, 300, 301);
  const LaneDay day = scene.run();
  REQUIRE(scene.fills.size() == 2);
  check_fill(scene.fills[0], 15, 107, 1, 0);
  check_fill(scene.fills[1], 35, 200, -1, 0);
  CHECK(day.net == 93 * 0.1);
  CHECK(day.gross == (201 - 101) * 0.1);  // mids the two decisions saw
  CHECK(day.fills == 2);
  CHECK(day.round_trips == 1);
  CHECK(day.wins == 1);
  CHECK(day.end_position == 0);
}

TEST_CASE("fees are of notional and of lots, and reduce net alone") {
  Scene scene;
  scene.spec.fee_bps = 10;
  scene.spec.fee_per_lot = 0.25;
  scene.spec.max_position_lots = 3;
  scene.params["size"] = 3;
  scene.quote(0, 1000, 1000);
  scene.decide(10, 1);
  scene.decide(30, -0.1);
  scene.quote(20, 1001, 1001);
  scene.quote(60, 1001, 1001);
  const LaneDay day = scene.run();
  const double first = 1000 * 3 * 0.1 * 10e-4 + 0.75, second = 1001 * 3 * 0.1 * 10e-4 + 0.75;
  CHECK(day.fees == doctest::Approx(first + second));
  CHECK(scene.fills[0].fee == doctest::Approx(first));
  CHECK(day.net == doctest::Approx(3 * 0.1 - first - second));
  CHECK(day.gross == doctest::Approx(3 * 0.1));
  CHECK(day.turnover == doctest::Approx((1000 + 1001) * 0.3));
  CHECK(day.round_trips == 1);
  CHECK(day.wins == 0);  // the fees ate the gain
}

TEST_CASE("the strategy sees the touch as received, the fill is at the exchange's") {
  Scene scene;
  scene.feed_delay_ms = 20;
  scene.params["enter"] = 0.5;
  scene.quote(0, 100, 102);
  scene.quote(9, 500, 502);
  scene.decide(10, 1);  // the first quote arrives here at 20: no touch, no decision
  scene.decide(25, 1);  // sees 100/102
  scene.quote(60, 500, 502);
  const LaneDay day = scene.run();
  REQUIRE(scene.fills.size() == 2);
  check_fill(scene.fills[0], 30, 502, 1, 0);
  check_fill(scene.fills[1], 60, 500, -1, 3);
  CHECK(day.gross == (501 - 101) * 0.1);  // the decision's mid was 101
}

TEST_CASE("a stop sends the exit at the first touch beyond it, which fills one latency later") {
  Scene scene;
  scene.params["stop_ticks"] = 5;
  scene.quote(0, 100, 102);
  scene.decide(0, 1);  // fills at 5 at 102: stop at 97
  scene.quote(10, 98, 100);
  scene.quote(20, 97, 99);  // at the level: exit arrives at 25
  scene.quote(24, 90, 92);
  scene.quote(26, 120, 121);
  scene.decide(40, kNan);
  scene.quote(50, 120, 121);
  const LaneDay day = scene.run();
  REQUIRE(scene.fills.size() == 2);
  check_fill(scene.fills[0], 5, 102, 1, 0);
  check_fill(scene.fills[1], 25, 90, -1, 1);
  CHECK(day.net == -12 * 0.1);
  CHECK(day.gross == (98 - 101) * 0.1);  // the trigger's mid
  CHECK(day.wins == 0);
}

TEST_CASE("a short's stop and target look at the ask") {
  for (const bool rises : {true, false}) {
    Scene scene;
    scene.params["stop_ticks"] = 5;
    scene.params["take_ticks"] = 4;
    scene.quote(0, 100, 102);
    scene.decide(0, -1);  // sells at 100: stop at ask 105, target at ask 96
    scene.quote(10, rises ? 104 : 95, rises ? 105 : 96);
    scene.quote(60, rises ? 106 : 90, rises ? 108 : 91);
    scene.run();
    REQUIRE(scene.fills.size() == 2);
    check_fill(scene.fills[0], 5, 100, -1, 0);
    check_fill(scene.fills[1], 15, rises ? 105 : 96, 1, rises ? 1 : 2);
  }
}

TEST_CASE("a target closes with gain and a touch before the entry's fill does not count") {
  Scene scene;
  scene.params["take_ticks"] = 4;
  scene.quote(0, 100, 102);
  scene.quote(3, 150, 152);  // before the fill at 5
  scene.quote(4, 100, 102);
  scene.decide(0, 1);
  scene.decide(8, kNan);
  scene.quote(30, 106, 108);
  scene.decide(60, kNan);
  scene.quote(70, 106, 108);
  const LaneDay day = scene.run();
  REQUIRE(scene.fills.size() == 2);
  check_fill(scene.fills[1], 35, 106, -1, 2);
  CHECK(day.net == 4 * 0.1);
}

TEST_CASE("an order under way that closes the position voids its stop") {
  Scene scene;
  scene.params["stop_ticks"] = 5;
  scene.quote(0, 100, 102);
  scene.decide(0, 1);
  scene.decide(20, -0.1);   // closes at 25
  scene.quote(22, 90, 91);  // would exit at 27
  scene.quote(60, 90, 91);
  scene.run();
  REQUIRE(scene.fills.size() == 2);
  check_fill(scene.fills[1], 25, 90, -1, 0);
}

TEST_CASE("an exit is in flight until its response: decisions meanwhile send nothing") {
  Scene scene;
  scene.params["stop_ticks"] = 5;
  scene.quote(0, 100, 102);
  scene.decide(0, 1);
  scene.quote(20, 90, 91);  // exit fills at 25, known at 30
  scene.decide(22, -1);
  scene.decide(29, -1);
  scene.decide(30, -1);  // free: goes short at 35
  scene.quote(60, 90, 91);
  scene.run();
  REQUIRE(scene.fills.size() == 4);
  check_fill(scene.fills[1], 25, 90, -1, 1);
  check_fill(scene.fills[2], 35, 90, -1, 0);
  check_fill(scene.fills[3], 60, 91, 1, 3);
}

TEST_CASE("one order in flight: latency longer than the step leaves decisions out, not orders over") {
  Scene scene;
  scene.spec.entry_latency_ns = 25 * kMs;
  scene.spec.response_latency_ns = 10 * kMs;
  scene.quote(0, 100, 102);
  for (int64_t ms = 0; ms <= 100; ms += 10) scene.decide(ms, ms == 0 ? 1 : -1);
  scene.quote(200, 100, 102);
  scene.run();
  // Sent at 0, filled 25, known 35; the decision at 40 turns: filled 65, known 75; then it is short and stays.
  REQUIRE(scene.fills.size() == 3);
  check_fill(scene.fills[0], 25, 102, 1, 0);
  check_fill(scene.fills[1], 65, 100, -2, 0);
  check_fill(scene.fills[2], 200, 102, 1, 3);
}

TEST_CASE("a turn ends one round trip and begins the next") {
  Scene scene;
  scene.quote(0, 100, 100);
  scene.decide(0, 1);
  scene.quote(10, 110, 110);
  scene.decide(20, -1);
  scene.quote(30, 120, 120);
  scene.decide(40, 1);
  scene.quote(60, 121, 121);
  const LaneDay day = scene.run();
  CHECK(day.fills == 4);
  CHECK(day.round_trips == 3);
  CHECK(day.wins == 2);
  CHECK(day.net == (10 - 10 + 1) * 0.1);
  CHECK(scene.equity == std::vector<double>{0, 1, 0});
  CHECK(day.max_drawdown == 1.0);
}

TEST_CASE("what is in flight at the day's end fills at the last touch, and the position is closed there") {
  Scene scene;
  scene.spec.entry_latency_ns = 1000 * kMs;
  scene.quote(0, 100, 102);
  scene.quote(50, 103, 104);
  scene.decide(10, 1);
  scene.run();
  REQUIRE(scene.fills.size() == 2);
  check_fill(scene.fills[0], 1010, 104, 1, 0);
  check_fill(scene.fills[1], 1010, 103, -1, 3);
}

TEST_CASE("without flat_at_day_end the position is carried and each day's net is its own") {
  Scene scene;
  scene.spec.flat_at_day_end = false;
  scene.quote(0, 100, 102);
  scene.decide(10, 1);
  scene.quote(50, 104, 106);
  Simulator simulator(pick_exec(), test_instrument(), scene.spec, {{"buy_and_hold", nullptr, -1}});
  const LaneDay one = simulator.run_day(scene.ticks.span(), scene.decisions, {})[0];
  CHECK(one.net == 3 * 0.1);  // bought at 102, marked at 105
  CHECK(one.end_position == 1);
  Scene next;
  next.quote(24 * 3'600'000, 110, 112);
  next.decide(24 * 3'600'000 + 10, 0);
  const LaneDay two = simulator.run_day(next.ticks.span(), next.decisions, {})[0];
  CHECK(two.fills == 0);
  CHECK(two.net == 6 * 0.1);
  CHECK(two.end_position == 1);
}

TEST_CASE("a NaN signal keeps the position, NaN from the start keeps none") {
  Scene scene;
  scene.quote(0, 100, 102);
  scene.decide(10, kNan);
  scene.decide(20, 1);
  scene.decide(40, kNan);
  scene.decide(60, kNan);
  scene.quote(80, 100, 102);
  scene.run();
  REQUIRE(scene.fills.size() == 2);
  check_fill(scene.fills[0], 25, 102, 1, 0);
  check_fill(scene.fills[1], 80, 100, -1, 3);
}

TEST_CASE("an order that meets no touch waits for one") {
  Scene scene;
  scene.quote(0, 100, 102);
  scene.decide(10, 1);
  scene.clear(12);
  scene.quote(30, 104, 105);
  scene.quote(60, 104, 105);
  scene.run();
  REQUIRE(scene.fills.size() == 2);
  check_fill(scene.fills[0], 30, 105, 1, 0);
}

TEST_CASE("positions are whole lots within the bound") {
  Scene scene;
  scene.spec.max_position_lots = 2.9;
  scene.params["size"] = 7;
  scene.quote(0, 100, 102);
  scene.decide(10, 1);
  scene.quote(60, 100, 102);
  scene.run();
  CHECK(scene.fills[0].qty == 2);
}

TEST_CASE("days without ticks, without decisions and without quotes are days without fills") {
  Scene empty;
  CHECK(empty.run().fills == 0);
  Scene blind;
  blind.decide(10, 1);
  CHECK(blind.run().net == 0);
  Scene idle;
  idle.quote(0, 100, 102);
  CHECK(idle.run().fills == 0);
}

TEST_CASE("cash beyond exact numbers is reported") {
  Scene scene;
  scene.spec.max_position_lots = 1e9;
  scene.params["size"] = 1e9;
  scene.quote(0, 100'000'000, 100'000'002);
  scene.decide(10, 1);
  scene.quote(60, 100'000'000, 100'000'002);
  Simulator simulator(pick_exec(), test_instrument(), scene.spec,
                      {{"model_signal", params_of("model_signal", scene.params), 0}});
  simulator.run_day(scene.ticks.span(), scene.decisions, {scene.signals.data(), 1, 1, 1});
  CHECK(simulator.status().find("lane 0") == 0);
}

TEST_CASE("an unknown strategy and a missing signal are named") {
  const auto message = [](std::vector<LaneSpec> lanes) -> std::string {
    try {
      Simulator(pick_exec(), test_instrument(), {}, lanes);
    } catch (const Error& error) { return error.what(); }
    return "";
  };
  CHECK(message({{"ema_gross", nullptr, -1}}).find("ema_cross") != std::string::npos);
  CHECK(message({{"model_signal", nullptr, -1}}).find("lane 0") != std::string::npos);
}
