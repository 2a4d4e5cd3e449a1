// The presets of the csv source. Files of pyalgotrade are real; every other file here is made from the layout that the
// vendor publishes (TICK_FORMATS section 2): it shows that the layout as written down loads, no more.
#include <doctest/doctest.h>

#include "cuda/base/time.hpp"
#include "tests/data/sources/made_files.hpp"

using namespace tf;
using data::CsvParams;
using made::instrument;
using made::preset;
using made::read_csv;

namespace {

int64_t at(const char* date, int64_t ns_of_day) { return parse_day(date)->start_ns() + ns_of_day; }

uint32_t kind(TickKind what, uint32_t more = 0) { return static_cast<uint32_t>(what) | more; }

made::Drained read(const made::Folder& folder, const std::string& name, const std::string& text,
                   const CsvParams& params, const Instrument& what) {
  auto all = read_csv({folder.file(name, text)}, params, what);
  CHECK(all.consistent());
  return all;
}

constexpr uint32_t kTrade = static_cast<uint32_t>(TickKind::trade) | kFlagLast;

}  // namespace

TEST_CASE("bitcoincharts and Mt.Gox presets read the files of pyalgotrade") {
  const std::string folder = std::string(TF_SHARED) + "/ticks/pyalgotrade/";
  if (!std::filesystem::exists(folder)) {
    MESSAGE("skipped: no ../shared/ticks");
    return;
  }
  for (const char* name : {"bitcoincharts", "kraken"}) {
    const auto charts = read_csv({folder + "bitstampUSD.csv"}, preset(name), instrument(0.01, 1e-8));
    CHECK(charts.consistent());
    CHECK(charts.counts.rows_stored == 9999);
    CHECK(charts.ticks.front().exch_ts == 1315922016 * kSecond);
    CHECK(charts.ticks.back().exch_ts == 1338453678 * kSecond);
  }
  const auto gox = read_csv({folder + "trades-mgtox-usd-2013-01-01.csv"}, preset("mtgox"), instrument(0.00001, 1e-8));
  CHECK(gox.consistent());
  CHECK(gox.counts.rows_stored == 2331);
  CHECK(gox.ticks[0].exch_ts == 1356998659486096000);
  CHECK(gox.ticks.back().exch_ts == 1357084711193969000);
  CHECK((gox.ticks[0].flags & kFlagSell) != 0);
}

TEST_CASE("LEAN trades (made): auctions and irregular prints by the hex condition and the suspicious mark") {
  const made::Folder folder;
  const auto all = read(folder, "20140602_trade.csv",
                        "34200000,1924500,100,T,1,0\n34200001,1924500,100,T,40,0\n34200002,1924500,100,T,4001,0\n"
                        "34200003,1924500,100,T,0,1\n34200004,1924500,100,T,80000000,0\n",
                        preset("lean_trade"), instrument(0.01));
  REQUIRE(all.ticks.size() == 5);
  CHECK(all.ticks[0].flags == kTrade);
  CHECK(all.ticks[1].flags == (kTrade | kFlagAuction));
  CHECK(all.ticks[2].flags == (kTrade | kFlagIrregular));
  CHECK(all.ticks[3].flags == (kTrade | kFlagIrregular));
  CHECK(all.ticks[4].flags == kTrade);  // an odd lot
  const auto future = read(folder, "20200102_es_tick_trade_202003.csv", "939243,402.01,203,usa,,0\n",
                           preset("lean_futures_trade"), instrument(0.01));
  REQUIRE(future.ticks.size() == 1);
  CHECK(future.ticks[0].px == 40201);
  CHECK(future.ticks[0].exch_ts == at("2020-01-02", 5 * kHour + 939'243'000'000));
}

TEST_CASE("MetaTrader 5 (made): unchanged sides stay, trades by flags, the broker's clock follows New York") {
  const made::Folder folder;
  const std::string text =
      "<DATE>\t<TIME>\t<BID>\t<ASK>\t<LAST>\t<VOLUME>\t<FLAGS>\r\n"
      "2024.03.08\t00:00:00.036\t1.25\t1.50\t\t\t6\r\n"  // before the clocks of New York change: UTC+2
      "2024.03.11\t00:00:01.000\t\t1.75\t\t\t4\r\n"      // after: UTC+3, while Europe is still in winter
      "2024.03.11\t00:00:02\t\t\t1.50\t3\t56\r\n"
      "2024.03.11\t00:00:03\t1.25\t\t\t2\t82\r\n"
      "2024.03.11\t00:00:04\t1.00\t1.50\t0\t0\t6\r\n"
      "2024.03.11\t00:00:05\t\t\t\t\t\r\n";
  const auto all = read(folder, "EURUSD.csv", text, preset("mt5"), instrument(0.25));
  REQUIRE(all.ticks.size() == 8);
  CHECK(all.ticks[0].exch_ts == at("2024-03-07", 22 * kHour + 36'000'000));
  CHECK(all.ticks[0].flags == kind(TickKind::best_bid, kFlagNoSize));
  CHECK(all.ticks[1].flags == kind(TickKind::best_ask, kFlagNoSize | kFlagLast));
  CHECK(all.ticks[2].exch_ts == at("2024-03-10", 21 * kHour + kSecond));
  CHECK(all.ticks[2].kind() == TickKind::best_ask);
  CHECK(all.ticks[2].px == 7);
  CHECK(all.ticks[3].flags == (kTrade | kFlagBuy));
  CHECK(all.ticks[3].px == 6);
  CHECK(all.ticks[3].qty == 3);
  CHECK(all.ticks[4].kind() == TickKind::best_bid);
  CHECK(all.ticks[5].flags == (kTrade | kFlagSell));
  CHECK(all.ticks[5].px == 6);  // the volume has changed, the price has not
  CHECK(all.counts.refused.at("no price on either side").line == 7);

  // Without FLAGS a last price is a trade; without header the numbers hold.
  const auto bare = read(folder, "m.csv", "2024.03.11\t00:00:02\t1.25\t1.5\t\t\n2024.03.11\t00:00:03\t\t\t1.5\t2\n",
                         preset("mt5"), instrument(0.25));
  REQUIRE(bare.ticks.size() == 3);
  CHECK(bare.ticks[2].flags == kTrade);
  CsvParams utc = preset("mt5");
  utc.zone = "UTC";
  CHECK(read(folder, "m.csv", "2024.03.11\t00:00:03\t\t\t\t2\t16\n", utc, instrument(0.25))
            .counts.refused.at("trade without a price")
            .rows == 1);
}

TEST_CASE("Dukascopy csv (made): ask first, UTC or with its offset") {
  const made::Folder folder;
  for (const char* text : {"Gmt time,Ask,Bid,AskVolume,BidVolume\n01.02.2024 00:00:00.036,1.5,1.25,2,1\n",
                           "Local time,Ask,Bid,AskVolume,BidVolume\n01.02.2024 01:00:00.036 GMT+0100,1.5,1.25,2,1\n"}) {
    const auto all = read(folder, "d.csv", text, preset("dukascopy_csv"), instrument(0.25));
    REQUIRE(all.ticks.size() == 2);
    CHECK(all.ticks[0].exch_ts == at("2024-02-01", 36'000'000));
    CHECK(all.ticks[0].px == 5);
    CHECK(all.ticks[0].qty == 1);
    CHECK(all.ticks[1].px == 6);
    CHECK(all.ticks[1].qty == 2);
  }
}

TEST_CASE("Binance ids (made): doubled rows are dropped, gaps noted, the unit is told row by row") {
  const made::Folder folder;
  const auto all = read(folder, "a.csv",
                        "10,1,1,1,1,1735603200123,true,true\n10,1,1,1,1,1735603200123,true,true\n"
                        "11,1,1,1,1,1735689600123456,false,true\n15,1,1,1,1,1735689600123457,false,true\n",
                        preset("binance_agg_trades"), instrument(1));
  REQUIRE(all.ticks.size() == 3);
  CHECK(all.ticks[0].order_id == 10);
  CHECK(all.ticks[0].exch_ts == 1735603200123000000);
  CHECK(all.ticks[1].exch_ts == 1735689600123456000);
  CHECK(all.counts.refused.at("repeated trade id").line == 2);
  CHECK(all.counts.noted.at("sequence gap").rows == 1);
  CHECK(all.counts.noted.at("sequence gap").line == 4);
  const auto coin = read(folder, "b.csv", "id,price,qty,base_qty,time,is_buyer_maker\n1,2.5,3,1.2,1704067200123,true\n",
                         preset("binance_trades"), instrument(0.5));
  REQUIRE(coin.ticks.size() == 1);
  CHECK(coin.ticks[0].flags == (kTrade | kFlagSell));
}

TEST_CASE("Bybit, BitMEX, Gate.io, OKX (made)") {
  const made::Folder folder;
  const auto contract =
      read(folder, "BTCUSDT2024-01-01.csv",
           "timestamp,symbol,side,size,price,tickDirection,trdMatchID,grossValue,homeNotional,foreignNotional,RPI\n"
           "1704067200.0547,BTCUSDT,Sell,0.5,42000.5,ZeroMinusTick,a-1,2.1e+12,0.5,21000,0\n"
           "1704067199,BTCUSDT,Buy,1,42000.5,ZeroMinusTick,a-2,2.1e+12,0.5,21000,0\n",
           preset("bybit"), instrument(0.5, 0.5));
  REQUIRE(contract.ticks.size() == 2);
  CHECK(contract.ticks[0].exch_ts == 1704067200054700000);
  CHECK(contract.ticks[0].flags == (kTrade | kFlagSell));
  CHECK(contract.ticks[1].exch_ts == 1704067199000000000);
  // The id of a spot file counts its rows: it begins anew in the next file and is none.
  const std::string spot =
      "id,timestamp,price,volume,side,rpi\n1,1747612800074,1,2,sell,0\n2,1747612800150,1,3,buy,0\n";
  const auto two = read_csv({folder.file("a.csv", spot), folder.file("b.csv", spot)}, preset("bybit"), instrument(1));
  CHECK(two.ticks.size() == 4);
  CHECK(two.consistent());

  CsvParams bitmex = preset("bitmex");
  bitmex.symbol = "XBTUSD";
  const auto mex =
      read(folder, "20240101.csv",
           "timestamp,symbol,side,size,price,tickDirection,trdMatchID,grossValue,homeNotional,foreignNotional\n"
           "2024-01-01D00:00:01.000000123,XBTUSD,Buy,100,42000.5,PlusTick,00000000-006d-1000-0000-000d2a1b,1,1,1\n"
           "2024-01-01D00:00:01.000000123,ETHUSD,Buy,100,2000.5,PlusTick,00000000-006d-1000-0000-000d2a1c,1,1,1\n"
           "2024-01-01D00:00:01.000000123,XBTUSD,Buy,100,42000.5,PlusTick,00000000-006d-1000-0000-000d2a1b,1,1,1\n",
           bitmex, instrument(0.5));
  REQUIRE(mex.ticks.size() == 1);
  CHECK(mex.ticks[0].exch_ts == at("2024-01-01", kSecond + 123));
  CHECK(mex.ticks[0].order_id == 0);
  CHECK(mex.counts.refused.at("other symbol").line == 3);
  CHECK(mex.counts.refused.at("repeated trade id").line == 4);

  const auto gate = read(folder, "BTC_USDT-202401.csv", "1704067200.123456,77,42000.5,0.5,1\n1704067200.2,78,1,1,2\n",
                         preset("gateio"), instrument(0.5, 0.5));
  REQUIRE(gate.ticks.size() == 2);
  CHECK(gate.ticks[0] == Tick{1704067200123456000, 1704067200123456000, 84001, 1, 77, kTrade | kFlagSell});
  CHECK((gate.ticks[1].flags & kFlagBuy) != 0);

  const auto old_okx = read(
      folder, "o.csv",
      "trade_id/\xB4\xE9\xBA\xCFid,side/\xBD\xBB\xD2\xD7\xB7\xBD\xCF\xF2,size/\xCA\xFD\xC1\xBF,price/\xBC\xDB\xB8\xF1,"
      "created_time/\xB3\xC9\xBD\xBB\xCA\xB1\xBC\xE4\n719977054,buy,0.5,84760.0,1682434103856\n",
      preset("okx"), instrument(0.5, 0.5));
  REQUIRE(old_okx.ticks.size() == 1);
  CHECK(old_okx.ticks[0].px == 169520);
  CHECK(old_okx.ticks[0].flags == (kTrade | kFlagBuy));
  const auto new_okx = read(folder, "n.csv",
                            "instrument_name,trade_id,side,price,size,created_time\n"
                            "BTC-USDT,1,SELL,84760.0,0.5,1682434103856\n",
                            preset("okx"), instrument(0.5, 0.5));
  REQUIRE(new_okx.ticks.size() == 1);
  CHECK(new_okx.ticks[0].px == 169520);
  CHECK(new_okx.ticks[0].flags == (kTrade | kFlagSell));
}

TEST_CASE("Polygon flat files (made): quoted condition lists, corrections, sides that are gone") {
  const made::Folder folder;
  CsvParams params = preset("polygon_trades");
  params.symbol = "SPY";
  const auto trades = read(
      folder, "2024-01-02.csv",
      "ticker,conditions,correction,exchange,id,participant_timestamp,price,sequence_number,sip_timestamp,size,tape\n"
      "SPY,\"12,37\",0,11,52983525029461,1704186000004385536,475.25,1,1704186000004390000,10,2\n"
      "SPY,\"17,41\",0,11,52983525029462,1704186000004385536,475.25,2,1704186000004390001,10,2\n"
      "SPY,,1,11,52983525029463,1704186000004385536,475.25,3,1704186000004390002,10,2\n"
      "A,10,0,11,52983525029463,1704186000004385536,475.25,3,1704186000004390002,10,2\n",
      params, instrument(0.01));
  REQUIRE(trades.ticks.size() == 3);
  CHECK(trades.ticks[0].flags == kTrade);
  CHECK(trades.ticks[0].exch_ts == 1704186000004390000);
  CHECK(trades.ticks[1].flags == (kTrade | kFlagAuction));
  CHECK(trades.ticks[2].flags == (kTrade | kFlagIrregular));
  const auto quotes =
      read(folder, "q.csv",
           "ticker,ask_exchange,ask_price,ask_size,bid_exchange,bid_price,bid_size,conditions,sip_timestamp\n"
           "SPY,1,475.25,2,1,475.24,3,1,1704186000004390000\nSPY,0,0,0,1,475.24,3,1,1704186000004390001\n",
           preset("polygon_quotes"), instrument(0.01));
  REQUIRE(quotes.ticks.size() == 4);
  CHECK(quotes.ticks[3].flags == kind(TickKind::clear, kFlagSell | kFlagLast));
}
