// JSON rows: a real file of dukascopy-node, files made from the layouts of ccxt and freqtrade.
#include <doctest/doctest.h>

#include "tests/data/sources/made_files.hpp"

using namespace tf;
using data::CsvParams;
using made::instrument;
using made::preset;

namespace {

made::Drained read(const std::string& path, const CsvParams& params, const Instrument& what) {
  const auto source = data::find_source("json_rows").open({{path}, what}, &params);
  made::Drained all = made::drain(*source);
  for (Tick& tick : all.ticks) tick.flags &= ~data::kRowEnd;
  CHECK(all.consistent());
  return all;
}

constexpr uint32_t kTrade = static_cast<uint32_t>(TickKind::trade) | kFlagLast;

}  // namespace

TEST_CASE("the rows of dukascopy-node come as COUNTS.tsv knows them") {
  const std::string path = std::string(TF_SHARED) + "/ticks/dukascopy/dukascopy-node/sample_tick_data.json";
  if (!std::filesystem::exists(path)) {
    MESSAGE("skipped: no ../shared/ticks");
    return;
  }
  const auto all = read(path, preset("dukascopy_rows"), instrument(0.00001, 0.01));
  CHECK(all.counts.rows_stored == 3733);
  CHECK(all.ticks.front().exch_ts == 1549238400994 * 1'000'000);
  CHECK(all.ticks.back().exch_ts == 1549241999808 * 1'000'000);
  CHECK(all.ticks[0].px == 114543);
  CHECK(all.ticks[0].qty == 206);
  CHECK(all.ticks[1].px == 114545);
  CHECK(all.damage == "");
}

TEST_CASE("ccxt and freqtrade (made): rows, objects, one a line, null types, packed") {
  const made::Folder folder;
  const std::string rows =
      "[[1570752011620, \"13519807\", null, \"sell\", 0.14, 23.5, 3.29], "
      "[1570752011621,\"13519808\",\"market\",\"buy\",1.4e-1,1,0.14],"
      "[1570752011621,\"13519808\",\"market\",\"buy\",1.4e-1,1,0.14],[1570752011622,null,null,null,0.15,2,null],"
      "[1570752011622,\"x\\\"y\\u0041\",null,\"up\",0.15,2,1]]\n";
  const auto all = read(folder.file("t.json", rows), {}, instrument(0.01, 0.5));
  CHECK(all.counts.rows_read == 5);
  REQUIRE(all.ticks.size() == 3);
  CHECK(all.ticks[0] == Tick{1570752011620000000, 1570752011620000000, 14, 47, 13519807, kTrade | kFlagSell});
  CHECK(all.ticks[1].flags == (kTrade | kFlagBuy));
  CHECK(all.ticks[2].flags == kTrade);
  CHECK(all.counts.refused.at("repeated trade id").line == 3);
  CHECK(all.counts.refused.at("bad side").example.find("x'yA") != std::string::npos);
  CHECK(read(folder.file("t.json.gz", made::gzip(rows)), {}, instrument(0.01, 0.5)).ticks == all.ticks);

  const auto lines = read(folder.file("l.json",
                                      "[1570752011620,\"1\",null,\"sell\",0.14,23.5]\n"
                                      "[1570752011621,\"2\",null,\"buy\",0.14,1]\n"),
                          {}, instrument(0.01, 0.5));
  CHECK(lines.ticks.size() == 2);
  const auto objects = read(
      folder.file("o.json",
                  "[{\"info\": {\"a\": [1, \"}\"]}, \"timestamp\": 1570752011620, \"id\": \"5\", \"side\": \"sell\", "
                  "\"price\": 0.14, \"amount\": 1.5},\n {\"amount\": 2, \"id\": \"6\", \"timestamp\": 1570752011621, "
                  "\"price\": 0.15, \"side\": \"buy\", \"fee\": null}]"),
      {}, instrument(0.01, 0.5));
  REQUIRE(objects.ticks.size() == 2);
  CHECK(objects.ticks[0] == Tick{1570752011620000000, 1570752011620000000, 14, 3, 5, kTrade | kFlagSell});
  CHECK(objects.ticks[1] == Tick{1570752011621000000, 1570752011621000000, 15, 4, 6, kTrade | kFlagBuy});
}

TEST_CASE("JSON that breaks off or is none keeps the rows before and names the byte") {
  const made::Folder folder;
  const std::string row = "[1570752011620,\"1\",null,\"sell\",0.14,23.5]";
  const auto cut = read(folder.file("c.json", "[" + row + ",[157075201"), {}, instrument(0.01, 0.5));
  CHECK(cut.ticks.size() == 1);
  CHECK(cut.damage.find("byte") != std::string::npos);
  CHECK(cut.damage.find("c.json") != std::string::npos);
  CHECK(cut.counts.refused.at("truncated input").rows == 1);
  for (const std::string& text : {"[" + row + "] x", "[" + row + " " + row + "]", row + "\nx", std::string("hello")}) {
    CAPTURE(text);
    const auto bad = read(folder.file("b.json", text), {}, instrument(0.01, 0.5));
    CHECK(!bad.damage.empty());
    CHECK(bad.ticks.size() == (text == "hello" ? 0 : 1));
  }
  const auto empty = read(folder.file("e.json", "[]"), {}, instrument(0.01, 0.5));
  CHECK(empty.damage == "");
  CHECK(empty.counts.rows_read == 0);
}
