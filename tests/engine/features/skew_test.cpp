#include "engine/features/skew.hpp"

#include <doctest/doctest.h>

#include <bit>
#include <cmath>

#include "../small_market.hpp"
#include "engine/features/feature_list.hpp"

using namespace tf;

namespace {

features::Spec all_indicators(const Exec& exec, const std::string& reference) {
  features::Spec spec;
  spec.bars = features::read_bar("tick:5");
  spec.instances = features::read_feature_list("all", exec);
  spec.reference = reference;
  return spec;
}

}  // namespace

TEST_CASE("the whole catalogue streamed in pieces of 1, 7, 4096 ticks and whole days has the bits of the batch") {
  const ScratchFolder folder;
  const data::TickStore store = small_store(folder / "store", 3, 2500);
  Instrument other = small_instrument();
  other.symbol = "OTHER";
  store.add_instrument(other);
  const auto writer = store.write_day(other.id(), Day{19801});
  writer->append(rows_of(small_day(1, 1500, 9)));
  writer->commit({});
  Exec exec = pick_exec();
  exec.threads = 2;
  features::Spec spec = all_indicators(exec, other.id());
  for (const auto carry : {features::Carry::day, features::Carry::history}) {
    spec.carry = carry;
    const features::Skew skew = features::measure_skew(exec, spec, store, "test/SMALL", store.days("test/SMALL"));
    CHECK(skew.differing == 0);
    CHECK(skew.first == "");
    CHECK(skew.rows > 1000);
    const auto lanes = static_cast<int64_t>(features::schema_of(spec, {}, exec).names.size());
    CHECK(skew.values == skew.rows * lanes * 4);
    CHECK(skew.ready > skew.values / 2);
  }
}

TEST_CASE("one bit, another time, a row too few or too many: each is counted and told") {
  const ScratchFolder folder;
  const data::TickStore store = small_store(folder / "store", 1, 1000);
  const Exec exec = pick_exec();
  features::Spec spec;
  spec.instances = features::read_feature_list("ema,rsi", exec);
  const features::Table table = features::compute(exec, spec, store, "test/SMALL", store.days("test/SMALL"));
  REQUIRE(table.rows() > 100);
  const auto replay = [&](const auto& change) {
    return features::compare_rows(table, "a replay", [&](const features::RowSink& sink) {
      for (int64_t row = 0; row < table.rows(); ++row) {
        std::vector<double> values(table.panel().row(row), table.panel().row(row) + 2);
        int64_t known = table.bars.known_ts[static_cast<std::size_t>(row)];
        if (!change(row, values, known)) return;
        sink(known, values);
        if (row + 1 == table.rows() && known == 0) sink(known, values);
      }
    });
  };
  CHECK(replay([](int64_t, auto&, int64_t&) { return true; }).differing == 0);
  const features::Skew bit = replay([](int64_t row, std::vector<double>& values, int64_t&) {
    if (row == 100) values[1] = std::bit_cast<double>(std::bit_cast<uint64_t>(values[1]) ^ 1);
    return true;
  });
  CHECK(bit.differing == 1);
  CHECK(bit.first.find("a replay, row 100 known at 2024-") != std::string::npos);
  CHECK(bit.first.find("rsi") != std::string::npos);
  CHECK(replay([](int64_t row, auto&, int64_t& known) {
          known += row == 50;
          return true;
        }).differing == 2);
  CHECK(replay([&](int64_t row, auto&, int64_t&) { return row + 3 < table.rows(); }).differing == 6);
  CHECK(replay([&](int64_t row, auto&, int64_t& known) {
          if (row + 1 == table.rows()) known = 0;
          return true;
        }).differing == 4);
}
