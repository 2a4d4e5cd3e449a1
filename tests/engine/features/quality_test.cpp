#include "engine/features/quality.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include "../small_market.hpp"
#include "engine/features/feature_list.hpp"

using namespace tf;

namespace {

struct Case {
  ScratchFolder folder;
  Exec exec = pick_exec();
  features::Spec spec;
  features::Table table;
  explicit Case(features::Carry carry = features::Carry::day) {
    spec.instances = features::read_feature_list("rsi:period=14,roc:period=5", exec);
    spec.carry = carry;
    const data::TickStore store = small_store(folder / "store", 2, 3000);
    table = features::compute(exec, spec, store, "test/SMALL", store.days("test/SMALL"));
  }
  double& at(int64_t row, int64_t lane) { return table.values.panel(table.rows(), 2)(row, lane); }
  std::vector<features::FeatureQuality> measure(int64_t stale_bars = 60) const {
    return features::measure_quality(exec, spec, table, {stale_bars});
  }
};

}  // namespace

TEST_CASE("a sound panel has nothing odd; what is not ready yet is the lookback of each day") {
  const Case sound;
  const auto quality = sound.measure();
  REQUIRE(quality.size() == 2);
  CHECK(quality[0].not_ready == 28);
  CHECK(quality[1].not_ready == 10);
  CHECK(quality[0].low == 0);
  CHECK(quality[0].high == 100);
  for (const auto& one : quality) {
    CHECK(one.rows == sound.table.rows());
    CHECK(one.odd() == 0);
  }
  const Case running(features::Carry::history);
  CHECK(running.measure()[0].not_ready == 14);
}

TEST_CASE("each injected fault raises its own counter, of its own feature, and no other") {
  struct Fault {
    const char* what;
    void (*inject)(Case&);
    int64_t features::FeatureQuality::*counter;
    int64_t count;
  };
  const Fault faults[] = {
      {"NaN", [](Case& made) { made.at(100, 0) = std::nan(""); }, &features::FeatureQuality::missing, 1},
      {"infinity", [](Case& made) { made.at(100, 1) = std::numeric_limits<double>::infinity(); },
       &features::FeatureQuality::infinite, 1},
      {"above the range", [](Case& made) { made.at(100, 0) = 100.1; }, &features::FeatureQuality::out_of_range, 1},
      {"below the range", [](Case& made) { made.at(100, 0) = -1e-3; }, &features::FeatureQuality::out_of_range, 1},
      {"frozen",
       [](Case& made) {
         for (int64_t row = 100; row < 180; ++row) made.at(row, 0) = 50.25;
       },
       &features::FeatureQuality::stale, 20}};
  for (const Fault& fault : faults) {
    CAPTURE(fault.what);
    Case made;
    fault.inject(made);
    const auto quality = made.measure();
    CHECK(quality[0].*fault.counter + quality[1].*fault.counter == fault.count);
    CHECK(quality[0].odd() + quality[1].odd() == fault.count);
  }
}

TEST_CASE("a value at its bound up to rounding is in range, and a run ends with its day") {
  Case made;
  made.at(100, 0) = std::nextafter(100.0, 200.0);
  const int64_t second = made.table.days[1].first;
  for (int64_t row = second - 40; row < second; ++row) made.at(row, 1) = 0.5;
  for (int64_t row = second + 5; row < second + 45; ++row) made.at(row, 1) = 0.5;
  CHECK(made.measure()[0].out_of_range == 0);
  CHECK(made.measure()[1].stale == 0);
  CHECK(made.measure()[1].longest_run == 40);
  CHECK(made.measure(30)[1].stale == 20);
}

TEST_CASE("what is counted while features are computed is what the table shows, on any number of threads") {
  for (const features::Carry carry : {features::Carry::day, features::Carry::history})
    for (const int threads : {1, 3}) {
      ScratchFolder folder;
      Exec exec = pick_exec();
      exec.threads = threads;
      features::Spec spec;
      spec.instances = features::read_feature_list("rsi:period=14,roc:period=5", exec);
      spec.bars.size = 5;
      spec.carry = carry;
      const data::TickStore store = small_store(folder / "store", 3, 4000);
      features::QualityCounter counter(exec, spec, {2});
      const features::Table table =
          features::compute(exec, spec, store, "test/SMALL", store.days("test/SMALL"), {}, &counter);
      const auto counted = counter.counted(table.schema), measured = features::measure_quality(exec, spec, table, {2});
      REQUIRE(counted.size() == measured.size());
      for (std::size_t lane = 0; lane < counted.size(); ++lane) {
        CHECK(counted[lane].name == measured[lane].name);
        CHECK(counted[lane].rows == table.rows());
        CHECK(counted[lane].not_ready == measured[lane].not_ready);
        CHECK(counted[lane].missing == measured[lane].missing);
        CHECK(counted[lane].stale == measured[lane].stale);
        CHECK(counted[lane].longest_run == measured[lane].longest_run);
        CHECK(counted[lane].out_of_range == measured[lane].out_of_range);
      }
    }
}
