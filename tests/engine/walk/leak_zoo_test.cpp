// Fifteen planted leaks are caught by name and stage, and honest pipelines raise no alarm.
#include <doctest/doctest.h>

#include "cuda/base/error.hpp"
#include "engine/features/table.hpp"
#include "leak_zoo.hpp"

using namespace tf;
using walk::Change;

namespace {

walk::AuditOptions options_with(std::vector<Change> changes, int count = 30) {
  walk::AuditOptions options;
  options.changes = std::move(changes);
  options.count = count;
  options.seed = 3;
  return options;
}

/// The lines that differ, as "stage/name".
std::string alarms(const walk::AuditReport& report) {
  std::string names;
  for (const walk::AuditLine& line : report.lines)
    if (line.total() > 0) names += (names.empty() ? "" : ", ") + line.stage + "/" + line.name;
  return names;
}

/// Every indicator that reads no reference, over the market's ticks.
std::vector<walk::Observation> real_features(const walk::Market& market) {
  const Exec exec = pick_exec();
  features::Spec spec;
  for (const auto& row : indicator_catalogue::rows()) spec.instances.push_back({row.name, row.v3().params.make()});
  const features::Schema schema = features::schema_of(spec, {}, exec);
  std::vector<walk::Observation> seen;
  for (const std::string& name : schema.names) seen.push_back({"features", name, {}, {}});
  features::Stream stream(exec, spec, market.instrument);
  const auto sink = [&](int64_t known_ts, std::span<const double> row) {
    for (std::size_t lane = 0; lane < row.size(); ++lane) {
      seen[lane].known_ts.push_back(known_ts);
      seen[lane].values.push_back(row[lane]);
    }
  };
  for (const walk::MarketDay& day : market.days) {
    stream.begin_day(day.day);
    stream.push(day.ticks.span(), sink);
    stream.end_day(sink);
  }
  return seen;
}

const std::vector<Change> kAll{Change::noise, Change::permutation, Change::extreme, Change::thinning, Change::nan};

}  // namespace

TEST_CASE("each of the fifteen leaks is caught, by its stage and its name, and nothing else is blamed") {
  const walk::Market market = zoo::market();
  const std::vector<zoo::Animal> leaks = zoo::leaks();
  REQUIRE(leaks.size() == 15);
  for (const zoo::Animal& leak : leaks) {
    CAPTURE(leak.what);
    const walk::AuditReport report = walk::audit(leak.pipeline, market, options_with(kAll));
    CHECK(alarms(report) == leak.stage + "/" + leak.name);
    for (const walk::AuditLine& line : report.lines) {
      CHECK(line.first.has_value() == (line.total() > 0));
      if (!line.first) continue;
      CHECK(line.first->known_ts <= line.first->cut_ts);
      CHECK(line.longest_ns >= line.first->cut_ts - line.first->known_ts);
    }
  }
}

TEST_CASE("the same fifteen are caught by truncation alone: a value from the data up to its time is another one") {
  const walk::Market market = zoo::market();
  for (const zoo::Animal& leak : zoo::leaks()) {
    CAPTURE(leak.what);
    // Cuts from the second half of the first day on, so that what is trained has been trained.
    walk::AuditOptions options = options_with({Change::truncation});
    const std::vector<int64_t> known = walk::known_times(market.days[0].ticks);
    for (std::size_t at = 0; at < 40; ++at) options.cuts.push_back(known[known.size() / 100 * (60 + at)] + 1);
    const walk::AuditReport report = walk::audit(leak.pipeline, market, options);
    CHECK(alarms(report) == leak.stage + "/" + leak.name);
  }
}

TEST_CASE("honest pipelines raise no alarm, and every change reached what came after") {
  const walk::Market market = zoo::market();
  for (const zoo::Animal& animal : zoo::honest()) {
    CAPTURE(animal.what);
    std::vector<Change> changes = kAll;
    changes.push_back(Change::truncation);
    const walk::AuditReport report = walk::audit(animal.pipeline, market, options_with(changes));
    CHECK(alarms(report) == "");
    for (const walk::AuditLine& line : report.lines) {
      CHECK(line.compared > 0);
      CHECK(line.reached > 0);
    }
  }
}

TEST_CASE("the whole catalogue of indicators raises no alarm") {
  const walk::AuditReport report = walk::audit(real_features, zoo::market(1500), options_with(kAll, 10));
  CHECK(alarms(report) == "");
  CHECK(report.compared() > 100'000);
}

TEST_CASE("a harness that changes nothing, or nothing that is read, finds no leak: it is the change that finds them") {
  const walk::Market market = zoo::market(1000);
  for (const zoo::Animal& leak : zoo::leaks()) {
    CAPTURE(leak.what);
    walk::AuditOptions after = options_with(kAll);
    after.cuts = {market.outside.front().known_ts.back() + kDay};
    CHECK(walk::audit(leak.pipeline, market, after).clean());
    const bool reads_series = leak.name.find("news") != std::string::npos;
    if (!reads_series) CHECK(walk::audit(leak.pipeline, market, options_with({Change::nan})).clean());
  }
}

TEST_CASE("what was known by the cut keeps its bits in the changed market, and little else does") {
  const walk::Market market = zoo::market();
  const std::vector<int64_t> known = walk::known_times(market.days[0].ticks);
  const std::size_t from = known.size() / 2;
  const int64_t cut = known[from];
  for (const Change change : kAll) {
    CAPTURE(to_text(change));
    const walk::Market other = walk::changed_future(market, cut, change, 1, {});
    const TickColumns &was = market.days[0].ticks, &is = other.days[0].ticks;
    std::size_t same = 0, later = 0;
    for (std::size_t row = 0; row < was.size(); ++row) {
      if (known[row] <= cut)
        CHECK(was.span()[row] == is.span()[row]);
      else
        ++later, same += row < is.size() && was.span()[row] == is.span()[row];
    }
    REQUIRE(later > 1000);
    if (change != Change::nan) CHECK(same < later / 5);
    CHECK(std::is_sorted(is.local_ts.begin(), is.local_ts.end()) ==
          std::is_sorted(was.local_ts.begin(), was.local_ts.end()));
    CHECK(walk::known_times(is).back() == known.back());
  }
}

TEST_CASE("a pipeline that ends on a changed market is noted, not blamed; another error ends the audit") {
  const walk::Market market = zoo::market(500);
  const auto ends_with = [&](ErrorKind kind) {
    return [&market, kind](const walk::Market& other) -> std::vector<walk::Observation> {
      if (other.days[0].ticks.px != market.days[0].ticks.px) throw Error(kind, "no result");
      return {};
    };
  };
  walk::AuditOptions options = options_with({Change::extreme});
  options.cuts = {market.days[0].ticks.local_ts[100], market.days[0].ticks.local_ts[300]};
  const walk::AuditReport report = walk::audit(ends_with(ErrorKind::numeric), market, options);
  CHECK(report.clean());
  REQUIRE(report.refused.size() == 2);
  CHECK(report.refused[0].find("extreme after 2024-") == 0);
  CHECK_THROWS_AS(walk::audit(ends_with(ErrorKind::io), market, options), Error);
}
