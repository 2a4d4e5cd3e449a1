#include "engine/features/explain.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "../small_market.hpp"
#include "cuda/base/error.hpp"
#include "engine/features/feature_list.hpp"

using namespace tf;

namespace {

features::Spec spec_of(const Exec& exec, const std::string& bars, features::Carry carry) {
  features::Spec spec;
  spec.bars = features::read_bar(bars);
  spec.carry = carry;
  spec.instances = features::read_feature_list("ema:period=5,roc:period=3,quote_imbalance,trade_flow_imbalance", exec);
  return spec;
}

}  // namespace

TEST_CASE("a row explained has the panel's bits, and its raw inputs make the values that can be made by hand") {
  const ScratchFolder folder;
  const data::TickStore store = small_store(folder / "store", 2, 3000);
  const Exec exec = pick_exec();
  for (const auto carry : {features::Carry::day, features::Carry::history})
    for (const char* bars : {"time:60", "tick:7", "volume:40"}) {
      CAPTURE(bars);
      const features::Spec spec = spec_of(exec, bars, carry);
      auto days = store.days("test/SMALL");
      if (carry == features::Carry::day) days.erase(days.begin());
      const features::Table table = features::compute(exec, spec, store, "test/SMALL", days);
      for (const int64_t nth : {int64_t{0}, int64_t{17}, table.days.back().count - 1}) {
        const auto row = static_cast<std::size_t>(table.days.back().first + nth);
        const features::ExplainedRow explained =
            features::explain_row(exec, spec, store, "test/SMALL", days, table.bars.known_ts[row]);
        CHECK(explained.row == nth);
        CHECK(explained.same());
        REQUIRE(explained.features.size() == 4);
        for (std::size_t lane = 0; lane < 4; ++lane) {
          const double value = table.panel()(static_cast<int64_t>(row), static_cast<int64_t>(lane));
          CHECK(explained.features[lane].name == table.schema.names[lane]);
          CHECK((explained.features[lane].bulk == value || std::isnan(value)));
        }
        // roc = 100 (close / close 3 rows ago - 1), from the columns shown.
        const features::ExplainedFeature& roc = explained.features[1];
        REQUIRE(roc.bars.size() == 1);
        const std::vector<double>& close = roc.bars[0].values;
        CHECK(close.back() == table.bars.column[static_cast<int>(series::BarColumn::close)][row]);
        if (close.size() == 4) CHECK(roc.bulk == doctest::Approx(100 * (close[3] / close[0] - 1)).epsilon(1e-12));
        // Trade flow from the events of the bar: bought less sold over all.
        const features::ExplainedFeature& flow = explained.features[3];
        REQUIRE(flow.ticks.size() == 1);
        CHECK(static_cast<int64_t>(flow.ticks[0].values.size()) == explained.events);
        double net = 0, all = 0;
        for (const double lots : flow.ticks[0].values) {
          net += lots;
          all += std::abs(lots);
        }
        CHECK(flow.bulk == doctest::Approx(all > 0 ? net / all : 0));
        CHECK(explained.last_local <= explained.known_ts);
      }
    }
}

TEST_CASE("a time before the day's first bar is refused with the first") {
  const ScratchFolder folder;
  const data::TickStore store = small_store(folder / "store", 1, 500);
  const Exec exec = pick_exec();
  CHECK_THROWS_WITH_AS(features::explain_row(exec, spec_of(exec, "time:60", features::Carry::day), store, "test/SMALL",
                                             store.days("test/SMALL"), Day{19800}.start_ns()),
                       doctest::Contains("the first was at 2024-03-18T08:01:00Z"), Error);
}
