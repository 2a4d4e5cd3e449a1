// What a walk makes of [label] and [weights]: sides from features, touches from the store, weights of a fold, and names
// that do not change with fields that came later.
#include <doctest/doctest.h>

#include <cmath>

#include "../small_market.hpp"
#include "cuda/base/error.hpp"
#include "engine/registry/hash.hpp"
#include "engine/walk/runner.hpp"

using namespace tf;

namespace {

walk::Setup setup_in(const ScratchFolder& folder, const std::vector<std::string>& sets) {
  const config::Reader reader = config::Reader::from_text(small_config(folder / ""), "test", sets);
  return walk::read_setup(reader, pick_exec());
}

walk::Material material_of(const walk::Setup& setup) {
  const data::TickStore store = data::TickStore::open(setup.store_root);
  return walk::prepare(pick_exec(), setup, store, walk::days_of(setup, store, {}), {});
}

}  // namespace

TEST_CASE("a search and its candidates keep their names while later fields hold their defaults") {
  const ScratchFolder folder;
  const walk::Setup plain = setup_in(folder, {});
  CHECK(walk::search_of(plain) ==
        registry::sha256_hex("test/SMALL\nkind=forward_return,horizon_bars=1,take_ticks=0,stop_ticks=0,"
                             "barrier_deviations=2,volatility_bars=50"));
  const features::Schema schema = features::schema_of(plain.features, {}, pick_exec());
  const std::string name = walk::candidates_of(plain, schema)[0].digest;
  CHECK(walk::candidates_of(setup_in(folder, {"label.tie=stop_first", "weights.decay=1.0"}), schema)[0].digest == name);
  for (const char* set : {"label.latency_ns=1", "label.tie=drop", "weights.uniqueness=false", "weights.decay=0.5"})
    CHECK(walk::candidates_of(setup_in(folder, {set}), schema)[0].digest != name);
  CHECK(walk::search_of(setup_in(folder, {"label.fee_ticks=1.0"})) != walk::search_of(plain));
  CHECK(walk::search_of(setup_in(folder, {"weights.balance=true"})) == walk::search_of(plain));
}

TEST_CASE("without [weights] a fold is weighed by plain uniqueness; with it by the product, mean 1") {
  const ScratchFolder folder;
  small_store(folder / "store", 5, 3000);
  const walk::Setup plain = setup_in(folder, {"label.horizon_bars=4"});
  const walk::Material material = material_of(plain);
  CHECK(walk::weights_of(plain, material, material.plan.folds[0]) == material.weights.uniqueness);

  const walk::Setup setup = setup_in(
      folder, {"label.horizon_bars=4", "weights.attribution=true", "weights.decay=0.0", "weights.balance=true"});
  const walk::Material weighed = material_of(setup);
  const walk::Fold& fold = weighed.plan.folds[1];
  const std::vector<double> weights = walk::weights_of(setup, weighed, fold);
  double up = 0, down = 0, level = 0;
  for (const int32_t row : fold.train)
    (weighed.target[row] > 0 ? up : weighed.target[row] < 0 ? down : level) += weights[row];
  CHECK((up + down + level) / static_cast<double>(fold.train.size()) == doctest::Approx(1).epsilon(1e-12));
  CHECK(up == doctest::Approx(down).epsilon(1e-12));
  CHECK(fold.valid.size() > 10);
  for (const int32_t row : fold.valid) CHECK(std::isfinite(weights[row]));
}

TEST_CASE("a side is a feature of the config, by name") {
  const ScratchFolder folder;
  small_store(folder / "store", 5, 3000);
  const features::Schema schema = features::schema_of(setup_in(folder, {}).features, {}, pick_exec());
  const walk::Setup setup = setup_in(folder, {"label.side=\"" + schema.names[1] + "\"", "search.task=classification"});
  const walk::Material material = material_of(setup);
  int ones = 0, zeros = 0;
  for (std::size_t row = 0; row < material.target.size(); ++row) {
    const double side = material.table.panel()(static_cast<int64_t>(row), 1), value = material.target[row];
    if (std::isnan(value)) continue;
    REQUIRE((side > 0 || side < 0));
    const double earned = (side > 0 ? material.labels.long_ticks : material.labels.short_ticks)[row];
    REQUIRE(value == (earned > 0 ? 1 : 0));
    ++(value > 0 ? ones : zeros);
  }
  CHECK(ones > 10);
  CHECK(zeros > 10);
  CHECK_THROWS_WITH_AS(material_of(setup_in(folder, {"label.side=nothing"})),
                       doctest::Contains(schema.names[0].c_str()), Error);
}

TEST_CASE("touches of the store resolve barriers between the closes of bars") {
  const ScratchFolder folder;
  small_store(folder / "store", 4, 4000);
  const std::vector<std::string> sets = {"label.kind=triple_barrier", "label.horizon_bars=10", "label.take_ticks=6.0",
                                         "label.stop_ticks=6.0"};
  std::vector<std::string> by_touch = sets;
  by_touch.push_back("label.watch=ticks");
  const walk::Material closes = material_of(setup_in(folder, sets)), touches = material_of(setup_in(folder, by_touch));
  int earlier = 0, between = 0;
  for (std::size_t row = 0; row < closes.target.size(); ++row) {
    if (std::isnan(closes.target[row]) || std::isnan(touches.target[row])) continue;
    REQUIRE(touches.labels.t1[row] <= closes.labels.t1[row] + 60 * kSecond);
    earlier += touches.labels.t1[row] < closes.labels.t1[row];
    between += touches.labels.t1[row] % (60 * kSecond) != 0;
  }
  CHECK(earlier > 100);
  CHECK(between > 100);
}
