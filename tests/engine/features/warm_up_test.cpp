#include "engine/features/warm_up.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <cstring>

#include "../small_market.hpp"
#include "cuda/base/error.hpp"
#include "engine/features/feature_list.hpp"

using namespace tf;

namespace {

features::Spec spec_of(const Exec& exec, const std::string& list) {
  features::Spec spec;
  spec.bars = features::read_bar("tick:3");
  spec.instances = features::read_feature_list(list, exec);
  return spec;
}

}  // namespace

TEST_CASE("EMA, RSI and ATR reach the same bits within 48 times their memory, and not before a third of that") {
  const ScratchFolder folder;
  const data::TickStore store = small_store(folder / "store", 6, 6000);
  const Exec exec = pick_exec();
  const features::WarmUpStudy study = features::study_warm_up(
      exec, spec_of(exec, "ema:period=20,rsi:period=14,atr:period=14,sma:period=30,roc:period=7"), store, "test/SMALL",
      store.days("test/SMALL"), 4);
  CHECK(study.starts == 3);
  REQUIRE(study.features.size() == 5);
  // Two trajectories part by a factor 1 - alpha a bar: 53 bits are gone after 37 / alpha, the last ones somewhat later.
  const double memory[] = {10.5, 14, 14};
  for (std::size_t at = 0; at < 3; ++at) {
    const features::WarmUp& one = study.features[at];
    CAPTURE(one.name);
    MESSAGE(one.name << ": 1 ulp after " << one.one_ulp << ", same bits after " << one.same_bits);
    CHECK(one.stability == series::Stability::converging);
    CHECK(static_cast<double>(one.same_bits) <= 48 * memory[at]);
    CHECK(static_cast<double>(one.same_bits) >= 16 * memory[at]);
    CHECK(one.one_ulp <= one.same_bits);
    CHECK(one.one_ulp > one.lookback);
  }
  for (std::size_t at = 3; at < 5; ++at) {
    CHECK(study.features[at].stability == series::Stability::exact);
    CHECK(study.features[at].same_bits == study.features[at].lookback);
  }
  CHECK(study.needed() == std::max(study.features[1].same_bits, study.features[2].same_bits));
}

TEST_CASE("whatever the catalogue calls exact is settled after its lookback") {
  const ScratchFolder folder;
  const data::TickStore store = small_store(folder / "store", 4, 2000);
  const Exec exec = pick_exec();
  const features::WarmUpStudy study = features::study_warm_up(
      exec, spec_of(exec, "sma,bollinger,variance,realised_volatility,quote_imbalance,parkinson,stochastic"), store,
      "test/SMALL", store.days("test/SMALL"), 2);
  for (const features::WarmUp& one : study.features) {
    CAPTURE(one.name);
    if (one.stability == series::Stability::exact) CHECK(one.same_bits == one.lookback);
  }
}

TEST_CASE("with a warmup as long as found, a value no longer tells where the history began") {
  const ScratchFolder folder;
  const data::TickStore store = small_store(folder / "store", 5, 5000);
  const Exec exec = pick_exec();
  features::Spec spec = spec_of(exec, "ema:period=20,rsi:period=9,atr:period=14");
  const auto days = store.days("test/SMALL");
  spec.carry = features::Carry::history;
  spec.warmup = features::study_warm_up(exec, spec, store, "test/SMALL", days, 4).needed();
  REQUIRE(spec.warmup > 0);
  const auto from = [&](int first, int64_t warmup) {
    features::Spec with = spec;
    with.warmup = warmup;
    return features::compute(exec, with, store, "test/SMALL", {days.begin() + first, days.end()});
  };
  const auto differing = [](const features::Table& whole, const features::Table& late) {
    int64_t count = 0, ready = 0;
    for (int64_t row = 0; row < late.rows(); ++row)
      for (int64_t lane = 0; lane < late.panel().lanes; ++lane) {
        const double one = whole.panel()(whole.rows() - late.rows() + row, lane), other = late.panel()(row, lane);
        if (std::isnan(other)) continue;
        ++ready;
        count += std::memcmp(&one, &other, sizeof one) != 0;
      }
    CHECK(ready > 1000);
    return count;
  };
  CHECK(differing(from(0, spec.warmup), from(2, spec.warmup)) == 0);
  CHECK(differing(from(0, 0), from(2, 0)) > 0);
  const features::Table late = from(2, spec.warmup);
  for (int64_t lane = 0; lane < 3; ++lane) {
    CHECK(std::isnan(late.panel()(spec.warmup - 1, lane)));
    CHECK(!std::isnan(late.panel()(spec.warmup, lane)));
  }
  features::Spec none = spec;
  none.warmup = 0;
  CHECK(features::schema_of(spec, {}, exec).digest != features::schema_of(none, {}, exec).digest);
}

TEST_CASE("a warmup without a memory that runs on is refused with its place") {
  const config::Reader reader =
      config::Reader::from_text("[features_memory]\nwarmup = 10\n[[features]]\nname = \"ema\"\n", "a.toml");
  CHECK_THROWS_WITH_AS(features::read_spec(reader.root(), pick_exec()), doctest::Contains("carry = \"history\""),
                       Error);
}
