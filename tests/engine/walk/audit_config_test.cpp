// A config's own pipeline under the audit: nothing leaks, and what is told too early is found.
#include <doctest/doctest.h>

#include <cstdlib>

#include "../small_market.hpp"
#include "cuda/base/error.hpp"
#include "engine/features/feature_list.hpp"
#include "engine/walk/audit_config.hpp"
#include "engine/walk/runner.hpp"

using namespace tf;

namespace {

walk::Setup setup_in(const ScratchFolder& folder, const std::vector<std::string>& sets = {}) {
  setenv("TF_LEARN_LIBRARY", TF_PLAIN_TRAINER, 1);
  const config::Reader reader = config::Reader::from_text(
      small_config(folder / "", "[search]\nseeds = 1\n[simulation]\nmax_position_lots = 3\n"), "test", sets);
  walk::Setup setup = walk::read_setup(reader, pick_exec());
  walk::seal(setup, reader);
  return setup;
}

data::TickStore store_of(const std::string& root, const walk::Market& market) {
  const data::TickStore store = data::TickStore::open(root, true);
  store.add_instrument(market.instrument);
  for (const walk::MarketDay& day : market.days) {
    const auto writer = store.write_day(market.instrument.id(), day.day);
    writer->append(rows_of(day.ticks));
    writer->commit({});
  }
  return store;
}

const walk::AuditLine& line_of(const walk::AuditReport& report, const std::string& stage) {
  for (const walk::AuditLine& line : report.lines)
    if (line.stage == stage) return line;
  FAIL("no line of " << stage);
  return report.lines.front();
}

std::vector<walk::Observation> observe(const walk::Setup& setup, const walk::Market& market) {
  const ScratchFolder folder;
  walk::Setup plain = setup;
  plain.folds.train_days = 1;
  return walk::observe_material(pick_exec(), plain, store_of(folder / "store", market));
}

}  // namespace

TEST_CASE("nothing of a walk leaks, in any stage, and every stage was reached") {
  const ScratchFolder folder;
  const data::TickStore store = small_store(folder / "store", 6, 3000);
  const walk::Setup setup = setup_in(folder, {"label.horizon_bars=5"});
  walk::ConfigAudit wanted;
  wanted.column_cuts = 20;
  wanted.cuts = 8;
  wanted.walk_cuts = 4;
  wanted.truncations = 10;
  const walk::AuditReport report = walk::audit_config(pick_exec(), setup, store, store.days(setup.instrument), wanted);
  CHECK(report.clean());
  CHECK(report.refused.empty());
  for (const char* stage : {"bars", "features", "features of columns", "labels", "sample weights", "folds", "scaler",
                            "weights", "signals", "fills", "equity"}) {
    CAPTURE(stage);
    CHECK(line_of(report, stage).compared > 0);
    CHECK(line_of(report, stage).reached > 0);
  }
  CHECK(line_of(report, "features, cut short").compared == 10);
}

TEST_CASE("labels told at their start and features told a bar early are found") {
  const ScratchFolder folder;
  const data::TickStore store = small_store(folder / "store", 2, 2000);
  const walk::Setup setup = setup_in(folder, {"label.horizon_bars=5"});
  const walk::Market market = walk::load_market(setup, store, store.days(setup.instrument));
  walk::AuditOptions options;
  options.count = 6;
  options.changes = {walk::Change::noise};
  const auto told = [&](const std::string& stage, auto when) {
    return walk::audit(
        [&](const walk::Market& changed) {
          std::vector<walk::Observation> seen = observe(setup, changed);
          const std::vector<int64_t> known = seen.front().known_ts;
          for (walk::Observation& one : seen)
            if (one.stage == stage)
              for (std::size_t row = 0; row < known.size(); ++row) one.known_ts[row] = when(known, row);
          return seen;
        },
        market, options);
  };
  const walk::AuditReport early_labels =
      told("labels", [](const std::vector<int64_t>& known, std::size_t row) { return known[row]; });
  CHECK(line_of(early_labels, "labels").total() > 0);
  CHECK(line_of(early_labels, "labels").name == "value");
  CHECK(line_of(early_labels, "bars").total() == 0);
  const walk::AuditReport early_features = told(
      "features", [](const std::vector<int64_t>& known, std::size_t row) { return row ? known[row - 1] : known[row]; });
  CHECK(line_of(early_features, "features").total() > 0);
  CHECK(line_of(early_features, "labels").total() == 0);
}

TEST_CASE("features of a reference are audited with the reference's own future changed") {
  const ScratchFolder folder;
  const data::TickStore store = small_store(folder / "store", 4, 2000);
  Instrument other = small_instrument();
  other.symbol = "OTHER";
  store.add_instrument(other);
  for (int day = 0; day < 4; ++day) {
    const auto writer = store.write_day(other.id(), Day{19800 + day});
    writer->append(rows_of(small_day(day, 1500, 9)));
    writer->commit({});
  }
  setenv("TF_LEARN_LIBRARY", TF_PLAIN_TRAINER, 1);
  const config::Reader reader = config::Reader::from_text(
      small_config(folder / "",
                   "[[features]]\nname = \"reference_return\"\n[features_reference]\ninstrument = \"test/OTHER\"\n"),
      "test");
  walk::Setup setup = walk::read_setup(reader, pick_exec());
  walk::seal(setup, reader);
  walk::ConfigAudit wanted;
  wanted.column_cuts = wanted.walk_cuts = 0;
  wanted.cuts = wanted.truncations = 8;
  const walk::AuditReport report = walk::audit_config(pick_exec(), setup, store, store.days(setup.instrument), wanted);
  CHECK(report.clean());
  int64_t compared = 0;
  for (const walk::AuditLine& line : report.lines)
    if (line.name.find("reference_return") == 0 && line.stage == "features") compared += line.reached;
  CHECK(compared > 0);
}

TEST_CASE("no indicator of the catalogue reads the future: rows cut short, and columns that become NaN or 1e30") {
  const ScratchFolder folder;
  const data::TickStore store = small_store(folder / "store", 2, 1500);
  walk::Setup setup = setup_in(folder);
  setup.features.instances = features::read_feature_list("all", pick_exec());
  walk::ConfigAudit wanted;
  wanted.cuts = wanted.walk_cuts = 0;
  wanted.column_cuts = 12;
  wanted.truncations = 12;
  const walk::AuditReport report = walk::audit_config(pick_exec(), setup, store, store.days(setup.instrument), wanted);
  CHECK(report.clean());
  int64_t lanes = 0, untouched = 0;
  for (const walk::AuditLine& line : report.lines)
    if (line.stage == "features of columns") {
      ++lanes;
      untouched += line.reached == 0;
    }
  CHECK(lanes > 100);
  CHECK(untouched < lanes / 10);  // periods longer than the day, depth that is not there
}

TEST_CASE("too few days for a fold are refused with what is needed") {
  const ScratchFolder folder;
  const data::TickStore store = small_store(folder / "store", 3, 500);
  const walk::Setup setup = setup_in(folder);
  CHECK_THROWS_WITH_AS(walk::audit_config(pick_exec(), setup, store, store.days(setup.instrument), {}),
                       doctest::Contains("at least 4"), Error);
}
