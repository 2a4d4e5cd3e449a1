// Columns of somebody else's table to ticks, on a table in memory; foreign_hdf5_test.cpp and the tests of parquet do
// the formats.
#include "data/sources/parse/table_rows.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "cuda/base/time.hpp"
#include "tests/data/sources/made_files.hpp"

using namespace tf;
using data::ForeignColumn;
using data::ForeignValues;
using data::TableParams;
using made::error_with;
using made::instrument;
using Type = data::ForeignColumn::Type;

namespace {

constexpr int64_t kT = 1'700'000'000;
constexpr uint32_t kEnd = kFlagLast | data::kRowEnd;

struct Made {
  std::vector<ForeignColumn> columns;
  std::vector<ForeignValues> values;

  template <class T>
  Made& with(const std::string& name, Type type, std::vector<T> column, std::vector<uint8_t> missing = {},
             int places = -1) {
    columns.push_back({name, type, places});
    values.push_back({std::move(column), std::move(missing)});
    return *this;
  }
  Made& ints(const std::string& name, std::vector<int64_t> column) {
    return with(name, Type::int64, std::move(column));
  }
  Made& reals(const std::string& name, std::vector<double> column) {
    return with(name, Type::float64, std::move(column));
  }
  Made& texts(const std::string& name, std::vector<std::string> column) {
    return with(name, Type::text, std::move(column));
  }
};

/// Hands the rows out two by two.
class MadeTable : public data::ForeignTable {
 public:
  explicit MadeTable(Made made) : made_(std::move(made)) {}
  const std::vector<ForeignColumn>& columns() const override { return made_.columns; }
  int64_t rows() const override {
    return std::visit([](const auto& column) { return static_cast<int64_t>(column.size()); }, made_.values[0].values);
  }
  void select(const std::vector<std::size_t>& columns) override { selected_ = columns; }
  bool next(data::ForeignBatch& batch) override {
    if (row_ >= rows()) return false;
    batch.first_row = row_;
    batch.rows = std::min<int64_t>(2, rows() - row_);
    batch.columns.clear();
    for (const std::size_t place : selected_) {
      const ForeignValues& from = made_.values[place];
      ForeignValues part;
      std::visit(
          [&](const auto& column) {
            part.values = std::decay_t<decltype(column)>(column.begin() + row_, column.begin() + row_ + batch.rows);
          },
          from.values);
      if (!from.missing.empty())
        part.missing.assign(from.missing.begin() + row_, from.missing.begin() + row_ + batch.rows);
      batch.columns.push_back(part);
    }
    row_ += batch.rows;
    return true;
  }
  std::string damage() const override { return row_ >= rows() ? "made damage" : ""; }

 private:
  Made made_;
  std::vector<std::size_t> selected_;
  int64_t row_ = 0;
};

made::Drained read(const Made& made, const TableParams& params = {}, double tick = 0.01, double lot = 1) {
  data::TableRows rows(
      "made", [&](const std::string&, const std::string&) { return std::make_unique<MadeTable>(made); },
      {{"a.table"}, instrument(tick, lot)}, params);
  auto all = made::drain(rows);
  CHECK(all.consistent());
  CHECK(all.damage == "made damage");
  return all;
}

}  // namespace

TEST_CASE("quotes are found by the usual names and that is said") {
  const auto all = read(Made()
                            .ints("Timestamp", {kT * kSecond, kT * kSecond + 5, kT * kSecond + 7})
                            .reals("Ask", {1.02, 26.310000000000002, std::nan("")})
                            .reals("Bid", {1.01, std::nan(""), std::nan("")})
                            .reals("extra", {0, 0, 0}));
  REQUIRE(all.ticks.size() == 3);
  CHECK(all.ticks[0] ==
        Tick{kT * kSecond, kT * kSecond, 101, 0, 0, static_cast<uint32_t>(TickKind::best_bid) | kFlagNoSize});
  CHECK(all.ticks[1].px == 102);
  CHECK(all.ticks[2] == Tick{kT * kSecond + 5, kT * kSecond + 5, 2631, 0, 0,
                             static_cast<uint32_t>(TickKind::best_ask) | kFlagNoSize | kEnd});
  CHECK(all.counts.refused.at("no price on either side").line == 2);
  CHECK(all.counts.noted.contains("columns by their usual names: time = Timestamp, bid = Bid, ask = Ask"));
}

TEST_CASE("trades carry size, side and id, and a repeated id is refused") {
  const auto all = read(Made()
                            .reals("time", {1700000000.25, 1700000001, 1700000001, 1700000002})
                            .reals("price", {1.5, 1.51, 1.51, 1.52})
                            .with<uint64_t>("qty", Type::uint64, {1, 2, 2, 3})
                            .texts("side", {"Buy", "SELL", "sell", "none"})
                            .ints("id", {7, 8, 8, 9}));
  REQUIRE(all.ticks.size() == 3);
  CHECK(all.ticks[0] == Tick{kT * kSecond + kSecond / 4, kT * kSecond + kSecond / 4, 150, 1, 7,
                             static_cast<uint32_t>(TickKind::trade) | kFlagBuy | kEnd});
  CHECK(all.ticks[1].flags == (static_cast<uint32_t>(TickKind::trade) | kFlagSell | kEnd));
  CHECK(all.ticks[2].flags == (static_cast<uint32_t>(TickKind::trade) | kEnd));
  CHECK(all.counts.refused.at("repeated trade id").rows == 1);
}

TEST_CASE("times come as epoch numbers of any unit, as times, and as texts in a zone") {
  const auto first = [](const Made& made, const TableParams& params = {}) {
    return read(made, params).ticks.at(0).exch_ts;
  };
  const auto with = [](Made made) { return made.reals("price", {1}); };
  CHECK(first(with(Made().ints("t", {kT}))) == kT * kSecond);
  CHECK(first(with(Made().ints("t", {kT * 1000 + 1}))) == kT * kSecond + 1'000'000);
  CHECK(first(with(Made().ints("t", {kT * 1'000'000 + 1}))) == kT * kSecond + 1000);
  CHECK(first(with(Made().with<int64_t>("t", Type::time_ns, {5}))) == 5);
  CHECK(first(with(Made().with<int64_t>("t", Type::int64, {1700000000123}, {}, 3))) == kT * kSecond + 123'000'000);
  CHECK(first(with(Made().texts("t", {"2023-11-14T22:13:20.5Z"}))) == kT * kSecond + kSecond / 2);
  CHECK(first(with(Made().texts("t", {"1700000000.5"}))) == kT * kSecond + kSecond / 2);
  TableParams new_york;
  new_york.zone = "America/New_York";
  CHECK(first(with(Made().texts("t", {"2023-11-14 17:13:20"})), new_york) == kT * kSecond);
  const auto bad = read(Made().texts("t", {"", "soon"}).reals("price", {1, 1}));
  CHECK(bad.counts.refused.at("no time").rows == 1);
  CHECK(bad.counts.refused.at("bad time").rows == 1);
}

TEST_CASE("decimals, texts and wide integers reach the grid exactly") {
  TableParams params;
  params.price_column = "p";
  const auto px = [&](Made made) { return read(made.ints("time", {kT}), params, 0.00001).ticks.at(0).px; };
  CHECK(px(Made().with<int64_t>("p", Type::int64, {112345}, {}, 5)) == 112345);
  CHECK(px(Made().texts("p", {"1.12345"})) == 112345);
  CHECK(px(Made().with<uint64_t>("p", Type::uint64, {2})) == 200'000);
  const auto off = read(Made().ints("time", {kT, kT}).with<uint64_t>("p", Type::uint64, {~0ull, 1}), params);
  CHECK(off.counts.refused.at("number out of range").rows == 1);
}

TEST_CASE("flags say what a side means") {
  const auto flags = [](Made made, const TableParams& params = {}) {
    return read(made.ints("time", {kT}).reals("price", {1}), params).ticks.at(0).flags & (kFlagBuy | kFlagSell);
  };
  CHECK(flags(Made().with<int64_t>("is_buyer_maker", Type::boolean, {1})) == kFlagSell);
  CHECK(flags(Made().with<int64_t>("is_buyer_maker", Type::boolean, {0})) == kFlagBuy);
  TableParams is_buy;
  is_buy.time_column = "time";
  is_buy.price_column = "price";
  is_buy.side_column = "is_buy";
  CHECK(flags(Made().with<int64_t>("is_buy", Type::boolean, {1}), is_buy) == kFlagBuy);
  CHECK(flags(Made().with<int64_t>("is_buy", Type::boolean, {0}), is_buy) == kFlagSell);
  is_buy.side_means = "maker";
  CHECK(flags(Made().texts("is_buy", {"buy"}), is_buy) == kFlagSell);
}

TEST_CASE("only rows of the symbol are taken") {
  TableParams params;
  params.symbol = "A";
  const auto all =
      read(Made().ints("time", {kT, kT, kT}).reals("price", {1, 2, 3}).texts("symbol", {"A", "B", "A"}), params);
  CHECK(all.ticks.size() == 2);
  CHECK(all.counts.refused.at("other symbol").rows == 1);
}

TEST_CASE("columns that are not there are named with those that are") {
  TableParams params;
  params.bid_column = "b1";
  params.ask_column = "a1";
  CHECK(error_with(ErrorKind::config, "there is: when, b, a",
                   [&] { read(Made().ints("when", {kT}).reals("b", {1}).reals("a", {1}), params); }));
  CHECK(error_with(ErrorKind::config, "time_column", [&] { read(Made().reals("price", {1}).reals("z", {1})); }));
  CHECK(error_with(ErrorKind::config, "price_column", [&] { read(Made().ints("time", {kT}).reals("z", {1})); }));
  params.price_column = "x";
  CHECK(error_with(ErrorKind::config, "a quote or a trade", [&] { read(Made().ints("time", {kT}), params); }));
}
