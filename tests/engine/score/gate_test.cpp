#include <doctest/doctest.h>

#include <cmath>
#include <functional>
#include <limits>

#include "cuda/base/error.hpp"
#include "engine/score/gate.hpp"
#include "series.hpp"

using namespace tf::score;

namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

/// A candidate that passes everything against an incumbent that earns less.
struct Case {
  Scorecard card, incumbent_card;
  std::vector<Period> candidate, incumbent;
  GatePolicy policy;
  bool has_incumbent = true;

  Case() {
    card.periods = 60;
    card.trades = 500;
    card.net_total = 1000;
    card.sharpe = 0.3;
    card.dsr = 0.99;
    card.max_drawdown = 100;
    card.turnover = 60000;
    policy.max_turnover_per_period = 2000;
    policy.min_improvement = 1;
    SeriesGenerator generator;
    for (int64_t day = 0; day < 60; ++day) {
      Period period;
      period.start_ns = day * 86'400'000'000'000;
      period.net = generator.normal();
      incumbent.push_back(period);
      period.net += 5 + generator.normal();
      candidate.push_back(period);
    }
  }
  GateResult judge() const {
    return tf::score::judge(card, candidate, has_incumbent ? &incumbent_card : nullptr,
                            has_incumbent ? std::span<const Period>(incumbent) : std::span<const Period>(), policy, 7);
  }
};

const Condition& line(const GateResult& result, const std::string& name) {
  for (const Condition& condition : result.conditions)
    if (condition.name == name) return condition;
  FAIL("no condition " << name);
  return result.conditions.front();
}

}  // namespace

TEST_CASE("a candidate that meets every bound is promoted, with each bound and measured value told") {
  const GateResult result = Case().judge();
  CHECK(result.verdict == Verdict::promote);
  std::vector<std::string> names;
  for (const Condition& condition : result.conditions) {
    names.push_back(condition.name);
    CHECK(condition.outcome == Outcome::passed);
  }
  CHECK(names == std::vector<std::string>{"periods", "trades", "net_total", "sharpe", "dsr", "drawdown_share",
                                          "turnover_per_period", "improvement_mean", "improvement_p_value"});
  CHECK(line(result, "drawdown_share").measured == 0.1);
  CHECK(line(result, "turnover_per_period").measured == 1000);
  REQUIRE(result.paired);
  CHECK(result.paired->mean == line(result, "improvement_mean").measured);
  CHECK(result.reason.starts_with("Promoted: "));
}

TEST_CASE("each value condition alone turns the verdict to reject and is named in the reason") {
  struct Row {
    const char* name;
    std::function<void(Case&)> spoil;
  };
  const Row rows[] = {
      {"periods", [](Case& c) { c.card.periods = 9, c.card.turnover = 9000; }},
      {"trades", [](Case& c) { c.card.trades = 19; }},
      {"sharpe", [](Case& c) { c.policy.min_sharpe = 0.31; }},
      {"sharpe", [](Case& c) { c.card.sharpe = kNan; }},
      {"sharpe", [](Case& c) { c.card.sharpe = kInfinity; }},
      {"dsr", [](Case& c) { c.card.dsr = 0.9499; }},
      {"dsr", [](Case& c) { c.card.dsr = kNan; }},
      {"drawdown_share", [](Case& c) { c.card.max_drawdown = 501; }},
      {"drawdown_share", [](Case& c) { c.card.max_drawdown = kNan; }},
      {"turnover_per_period", [](Case& c) { c.card.turnover = 120001; }},
      {"turnover_per_period", [](Case& c) { c.card.turnover = kNan; }},
  };
  for (const Row& row : rows) {
    CAPTURE(std::string(row.name));
    Case spoiled;
    row.spoil(spoiled);
    const GateResult result = spoiled.judge();
    CHECK(result.verdict == Verdict::reject);
    CHECK(line(result, row.name).outcome == Outcome::failed);
    CHECK(result.reason.find(row.name) != std::string::npos);
    int failed = 0;
    for (const Condition& condition : result.conditions) failed += condition.outcome == Outcome::failed;
    CHECK(failed == 1);
  }
}

TEST_CASE("a candidate without a net gain fails on the total and on the drawdown share") {
  for (const double net : {0.0, -5.0, kNan}) {
    Case poor;
    poor.card.net_total = net;
    const GateResult result = poor.judge();
    CHECK(result.verdict == Verdict::reject);
    CHECK(line(result, "net_total").outcome == Outcome::failed);
    CHECK(line(result, "drawdown_share").outcome == Outcome::failed);
  }
}

TEST_CASE("each change condition alone turns the verdict to hold") {
  Case demanding;
  demanding.policy.min_improvement = 6;
  CHECK(demanding.judge().verdict == Verdict::hold);
  CHECK(line(demanding.judge(), "improvement_mean").outcome == Outcome::failed);
  CHECK(line(demanding.judge(), "improvement_p_value").outcome == Outcome::passed);

  Case unproven;
  unproven.policy.min_improvement = -100;
  unproven.candidate = unproven.incumbent;
  CHECK(unproven.judge().verdict == Verdict::hold);
  CHECK(line(unproven.judge(), "improvement_mean").outcome == Outcome::passed);
  CHECK(line(unproven.judge(), "improvement_p_value").outcome == Outcome::failed);
  CHECK(unproven.judge().reason == "Held: improvement_p_value 1 is above 0.1.");

  Case equal;
  equal.policy.min_improvement = 0;
  equal.candidate = equal.incumbent;
  CHECK(line(equal.judge(), "improvement_mean").outcome == Outcome::failed);
}

TEST_CASE("a failed value outweighs a failed change") {
  Case both;
  both.card.dsr = 0.5;
  both.policy.min_improvement = 1000;
  const GateResult result = both.judge();
  CHECK(result.verdict == Verdict::reject);
  CHECK(result.reason.find("dsr 0.5 is below 0.95") != std::string::npos);
  CHECK(result.reason.find("improvement_mean") != std::string::npos);
}

TEST_CASE("without an incumbent the change conditions are not applicable, never passed") {
  Case first;
  first.has_incumbent = false;
  const GateResult result = first.judge();
  CHECK(result.verdict == Verdict::promote);
  CHECK(!result.paired);
  for (const Condition& condition : result.conditions)
    CHECK(condition.outcome == (condition.kind == "change" ? Outcome::not_applicable : Outcome::passed));
  CHECK(std::string(to_text(line(result, "improvement_mean").outcome)) == "not_applicable");
  first.card.dsr = 0;
  CHECK(first.judge().verdict == Verdict::reject);
}

TEST_CASE("a bound that is switched off is not applicable") {
  Case unbounded;
  unbounded.policy.max_turnover_per_period = 0;
  CHECK(line(unbounded.judge(), "turnover_per_period").outcome == Outcome::not_applicable);
  CHECK(unbounded.judge().verdict == Verdict::promote);
}

TEST_CASE("periods are paired by their start, and too few shared ones fail the change conditions") {
  Case shifted;
  for (Period& period : shifted.incumbent) period.start_ns += 51 * int64_t{86'400'000'000'000};
  GateResult result = shifted.judge();
  CHECK(result.verdict == Verdict::hold);
  CHECK(std::isnan(line(result, "improvement_mean").measured));
  CHECK(line(result, "improvement_p_value").outcome == Outcome::failed);
  CHECK(result.reason.find("only 9 periods are shared") != std::string::npos);

  // Order does not matter, nor do periods that only one side has.
  Case mixed;
  const GateResult plain = mixed.judge();
  std::swap(mixed.candidate[3], mixed.candidate[40]);
  Period extra;
  extra.start_ns = 1;
  extra.net = 1e9;
  mixed.incumbent.push_back(extra);
  CHECK(line(mixed.judge(), "improvement_mean").measured == line(plain, "improvement_mean").measured);

  Case doubled;
  doubled.candidate[1].start_ns = doubled.candidate[0].start_ns;
  CHECK_THROWS_AS(doubled.judge(), tf::Error);
}

TEST_CASE("a NaN in a shared period fails the change conditions") {
  Case holed;
  holed.candidate[5].net = kNan;
  const GateResult result = holed.judge();
  CHECK(result.verdict == Verdict::hold);
  CHECK(line(result, "improvement_mean").outcome == Outcome::failed);
  CHECK(line(result, "improvement_p_value").outcome == Outcome::failed);
}

TEST_CASE("the same seed gives the same judgement, another seed another bootstrap") {
  Case close;
  for (std::size_t day = 0; day < close.candidate.size(); ++day)
    close.candidate[day].net = close.incumbent[day].net + (day % 3 == 0 ? 1.0 : -0.3);
  const double once = close.judge().paired->p_value;
  CHECK(close.judge().paired->p_value == once);
  CHECK(tf::score::judge(close.card, close.candidate, &close.incumbent_card, close.incumbent, close.policy, 8)
            .paired->p_value != once);
}
