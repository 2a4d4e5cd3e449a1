// Rows of levels, whole books and orders, on files made from the published layouts (no real file is at hand).
#include <doctest/doctest.h>

#include "tests/data/sources/made_files.hpp"

using namespace tf;
using data::CsvParams;
using made::instrument;
using made::preset;
using made::read_csv;

namespace {

/// A tick in a few letters: kind, price, size, then L last, S snapshot, b and s the side.
std::string word(const Tick& tick) {
  const char* names[] = {"none", "trade", "bid", "ask", "dbid", "dask", "clear", "add", "modify", "cancel", "fill"};
  std::string text = names[static_cast<int>(tick.kind())];
  text += " " + std::to_string(tick.px) + " " + std::to_string(tick.qty);
  if (tick.flags & kFlagLast) text += " L";
  if (tick.flags & kFlagSnapshot) text += " S";
  if (tick.flags & kFlagBuy) text += " b";
  if (tick.flags & kFlagSell) text += " s";
  return text;
}

std::vector<std::string> words(const std::vector<Tick>& ticks) {
  std::vector<std::string> all;
  for (const Tick& tick : ticks) all.push_back(word(tick));
  return all;
}

using Words = std::vector<std::string>;

const std::string kL2 =
    "exchange,symbol,timestamp,local_timestamp,is_snapshot,side,price,amount\n"
    "x,S,1585699200000000,1585699200000010,false,bid,99,1\n"
    "x,S,1585699200000100,1585699200000110,true,bid,100,5\n"
    "x,S,1585699200000100,1585699200000110,true,ask,101,6\n"
    "x,S,1585699200000200,1585699200000210,false,bid,100,0\n"
    "x,S,1585699200000200,1585699200000210,false,bid,98,3\n"
    "x,S,1585699200000300,1585699200000310,false,ask,105,1\n"
    "x,S,1585699200000400,1585699200000410,true,bid,90,1\n";

}  // namespace

TEST_CASE("Tardis L2: a run of snapshot rows begins the book anew, amount 0 removes, the touch follows") {
  const made::Folder folder;
  const auto all = read_csv({folder.file("l2.csv", kL2)}, preset("tardis_l2"), instrument(1));
  CHECK(all.consistent());
  CHECK(all.counts.rows_stored == 7);
  CHECK(words(all.ticks) == Words{"dbid 99 1 L", "clear 0 0 S", "dbid 100 5 S", "dask 101 6 S", "bid 100 5 S",
                                  "ask 101 6 L S", "dbid 100 0", "dbid 98 3", "bid 98 3 L", "dask 105 1 L",
                                  "clear 0 0 S", "dbid 90 1 S", "bid 90 1 L S"});
  CHECK(all.ticks[0].local_ts - all.ticks[0].exch_ts == 10'000);
  CHECK(all.counts.noted.at("delta before the first snapshot").line == 2);
  CsvParams bare = preset("tardis_l2");
  bare.touch = false;
  CHECK(read_csv({folder.file("l2.csv", kL2)}, bare, instrument(1)).ticks.size() == 9);
}

TEST_CASE("an event of levels is never parted by batches, blocks or threads") {
  const made::Folder folder;
  std::string text = kL2;
  for (int row = 0; row < 60000; ++row) {
    const std::string us = std::to_string(1585699200001000 + row / 5);
    text += "x,S," + us + "," + us + ",false," + (row % 2 ? "bid," : "ask,") +
            std::to_string(row % 2 ? 80 + row % 19 : 101 + row % 17) + "," + std::to_string(row % 7) + "\n";
  }
  const std::string path = folder.file("l2.csv", text);
  CsvParams params = preset("tardis_l2");
  params.threads = 1;
  const auto one = read_csv({path}, params, instrument(1));
  CHECK(one.consistent());
  CHECK(one.counts.rows_stored == 60007);
  params.threads = 3;
  CHECK(read_csv({path}, params, instrument(1)).ticks == one.ticks);
  const auto source = data::find_source("csv").open({{path}, instrument(1)}, &params);
  std::vector<Tick> batch(64);
  std::size_t ticks = 0;
  while (const std::size_t count = source->next_batch(batch)) {
    REQUIRE((batch[count - 1].flags & kFlagLast) != 0);
    ticks += count;
  }
  CHECK(ticks == one.ticks.size());
}

TEST_CASE("Binance T_DEPTH: each snapshot is a whole book, the chain of updates is checked") {
  const made::Folder folder;
  const std::string text =
      "symbol,timestamp,first_update_id,last_update_id,side,update_type,price,qty,pu\n"
      "BTCUSDT,1609459200000,0,10,b,snap,100,5,-1\n"
      "BTCUSDT,1609459200000,0,10,a,snap,101,6,-1\n"
      "BTCUSDT,1609459200100,11,12,a,set,101,0,10\n"
      "BTCUSDT,1609459200100,11,12,a,set,102,2,10\n"
      "BTCUSDT,1609459200200,13,14,b,set,99,2,12\n"
      "BTCUSDT,1609459200300,16,17,b,set,99,0,15\n"
      "BTCUSDT,1609459200400,0,20,b,snap,100,5,-1\n"
      "BTCUSDT,1609459200500,0,21,b,snap,100,5,-1\n";
  const auto all = read_csv({folder.file("d.csv", text)}, preset("binance_depth"), instrument(1));
  CHECK(all.consistent());
  CHECK(words(all.ticks) == Words{"clear 0 0 S", "dbid 100 5 S", "dask 101 6 S", "bid 100 5 S", "ask 101 6 L S",
                                  "dask 101 0", "dask 102 2", "ask 102 2 L", "dbid 99 2 L", "dbid 99 0 L",
                                  "clear 0 0 S", "dbid 100 5 S", "bid 100 5 L S", "clear 0 0 S", "dbid 100 5 S",
                                  "bid 100 5 L S"});
  CHECK(all.counts.noted.at("sequence gap").rows == 1);
  CHECK(all.counts.noted.at("sequence gap").line == 7);
}

TEST_CASE("Tardis book snapshots: differences between rows, levels that left the window removed, any depth") {
  const made::Folder folder;
  const std::string text =
      "exchange,symbol,timestamp,local_timestamp,asks[0].price,asks[0].amount,bids[0].price,bids[0].amount,"
      "asks[1].price,asks[1].amount,bids[1].price,bids[1].amount\n"
      "x,S,1585699200000000,1585699200000010,101,1,100,2,102,3,99,4\n"
      "x,S,1585699200000100,1585699200000110,101,1,100,2,102,3,99,4\n"
      "x,S,1585699200000200,1585699200000210,102,3,100,5,103,1,99,4\n"
      "x,S,1585699200000300,1585699200000310,102,3,,,103,1,,\n";
  const auto all = read_csv({folder.file("s.csv", text)}, preset("tardis_book_snapshot"), instrument(1));
  CHECK(all.consistent());
  CHECK(all.counts.rows_stored == 4);
  CHECK(words(all.ticks) == Words{"clear 0 0 S", "dbid 99 4 S", "dbid 100 2 S", "dask 101 1 S", "dask 102 3 S",
                                  "bid 100 2 S", "ask 101 1 L S", "bid 100 2", "ask 101 1 L", "dbid 100 5",
                                  "dask 101 0", "dask 103 1", "bid 100 5", "ask 102 3 L", "dbid 99 0", "dbid 100 0",
                                  "clear 0 0 L b"});
}

TEST_CASE("orders in the layout of ob-analytics: added, changed, deleted, with the touch") {
  const made::Folder folder;
  const std::string text =
      "id,timestamp,exchange.timestamp,price,volume,action,direction\n"
      "7,1430438400123,1430438400000,236,2,created,bid\n"
      "8,1430438400223,1430438400000,238,1,created,ask\n"
      "7,1430438400323,1430438399000,236,1,changed,bid\n"
      "7,1430438400423,1430438400000,236,0,deleted,bid\n"
      "9,1430438400523,1430438400000,235,0,deleted,bid\n"
      "9,1430438400523,1430438400000,235,0,moved,bid\n";
  const auto all = read_csv({folder.file("o.csv", text)}, preset("bitstamp_l3"), instrument(1));
  CHECK(all.consistent());
  CHECK(words(all.ticks) == Words{"add 236 2 b", "bid 236 2 L", "add 238 1 s", "ask 238 1 L", "modify 236 1 b",
                                  "bid 236 1 L", "cancel 236 0 b", "clear 0 0 L b", "cancel 235 0 L b"});
  CHECK(all.ticks[0].order_id == 7);
  CHECK(all.ticks[0].local_ts == 1430438400123000000);
  CHECK(all.ticks[4].exch_ts < all.ticks[3].exch_ts);
  CHECK(all.counts.noted.at("order not known").line == 6);
  CHECK(all.counts.refused.at("bad action").line == 7);
}
