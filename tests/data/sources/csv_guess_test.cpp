// What the sources csv and json_rows think of files: real ones of ../shared/ticks, and heads made from the layouts.
#include <doctest/doctest.h>

#include "data/sources/parse/input_file.hpp"
#include "tests/data/sources/made_files.hpp"

using namespace tf;
using data::Guess;

namespace {

std::string word(const Guess& guess) {
  std::string text = guess.sure == Guess::Sure::yes ? "yes" : guess.sure == Guess::Sure::maybe ? "maybe" : "no";
  for (const auto& [name, value] : guess.params) text += " " + value;
  return text;
}

std::string guess(const std::string& bytes, const std::string& path = "ticks.csv", const std::string& member = "",
                  const char* source = "csv") {
  return word(data::find_source(source).guess({path, member, bytes, bytes}));
}

}  // namespace

TEST_CASE("real files are told: LEAN by its path, Mt.Gox, bitcoincharts, JSON rows; recordings and archives are not") {
  const std::string ticks = std::string(TF_SHARED) + "/ticks/";
  if (!std::filesystem::exists(ticks)) {
    MESSAGE("skipped: no ../shared/ticks");
    return;
  }
  const auto of = [&](const std::string& path, const char* source = "csv") {
    std::string raw, bytes;
    return word(data::find_source(source).guess(data::read_head(ticks + path, raw, bytes)));
  };
  CHECK(of("lean-fx/forex/oanda/tick/eurusd/20140501_quote.zip") == "yes lean_fx");
  CHECK(of("lean-fx/forex/fxcm/tick/eurusd/20140501_quote.zip") == "yes lean_fx -05:00");
  CHECK(of("lean-fx/cfd/oanda/tick/xauusd/20140502_quote.zip") == "yes lean_fx");
  CHECK(of("pyalgotrade/trades-mgtox-usd-2013-01-01.csv") == "yes mtgox");
  CHECK(of("pyalgotrade/bitstampUSD.csv") == "yes bitcoincharts");
  CHECK(of("dukascopy/dukascopy-node/sample_tick_data.json") == "no");
  CHECK(of("dukascopy/dukascopy-node/sample_tick_data.json", "json_rows") == "maybe dukascopy_rows");
  CHECK(of("dukascopy/dukascopy-node/ticks-EUR-USD-2026-7-13-12.json", "json_rows") == "no");
  for (const char* other :
       {"cryptofeed/KRAKEN.ws.50.0", "cryptofeed/BINANCE.ws.1.0", "hftbacktest/usdm/ethusdt_20240808.gz",
        "dukascopy/mayeranalytics-bi5/test.bi5", "databento-dbn/test_data.mbo.dbn", "README.md"}) {
    CAPTURE(other);
    CHECK(of(other) == "no");
    CHECK(of(other, "json_rows") == "no");
  }
}

TEST_CASE("vendors' headers are told (made)") {
  CHECK(guess("exchange,symbol,timestamp,local_timestamp,id,side,price,amount\nx,S,1,2,3,buy,1,1\n") ==
        "yes tardis_trades");
  CHECK(guess("exchange,symbol,timestamp,local_timestamp,ask_amount,ask_price,bid_price,bid_amount\n") ==
        "yes tardis_quotes");
  CHECK(guess("exchange,symbol,timestamp,local_timestamp,is_snapshot,side,price,amount\n") == "yes tardis_l2");
  CHECK(guess("exchange,symbol,timestamp,local_timestamp,asks[0].price,asks[0].amount\n") ==
        "yes tardis_book_snapshot");
  CHECK(
      guess("exchange,symbol,timestamp,local_timestamp,id,side,price,amount\nx,S,1,2,3,buy,1,1\nx,T,1,2,3,buy,1,1\n") ==
      "maybe tardis_trades");
  CHECK(guess("exchange,symbol,timestamp,local_timestamp,type,strike_price\n") == "no");
  CHECK(guess("<DATE>\t<TIME>\t<BID>\t<ASK>\t<LAST>\t<VOLUME>\t<FLAGS>\n") == "maybe mt5 broker/NY+7");
  CHECK(guess("Gmt time,Ask,Bid,AskVolume,BidVolume\n") == "yes dukascopy_csv");
  CHECK(guess("agg_trade_id,price,quantity,first_trade_id,last_trade_id,transact_time,is_buyer_maker\n") ==
        "yes binance_agg_trades");
  CHECK(guess("id,price,qty,quote_qty,time,is_buyer_maker\n") == "yes binance_trades");
  CHECK(guess("update_id,best_bid_price,best_bid_qty,best_ask_price,best_ask_qty,transaction_time,event_time\n") ==
        "yes binance_book_ticker");
  CHECK(guess("symbol,timestamp,first_update_id,last_update_id,side,update_type,price,qty,pu\n") ==
        "yes binance_depth");
  const std::string mex = "timestamp,symbol,side,size,price,tickDirection,trdMatchID,grossValue\n";
  CHECK(guess(mex + "2024-01-01D00:00:01.000000000,XBTUSD,Buy,1,1,x,y,1\n") == "yes bitmex");
  CHECK(guess(mex + "1704067200.05,BTCUSDT,Buy,1,1,x,y,1\n") == "yes bybit");
  CHECK(guess("id,timestamp,price,volume,side,rpi\n1,1747612800074,1,2,sell,0\n") == "yes bybit");
  CHECK(guess("trade_id/\xB4\xE9,side/\xBD,size/\xCA,price/\xBC,created_time/\xB3\n") == "yes okx");
  CHECK(guess("id,timestamp,exchange.timestamp,price,volume,action,direction\n") == "yes bitstamp_l3");
  CHECK(guess("ticker,conditions,exchange,id,participant_timestamp,price,sip_timestamp,size\n") ==
        "yes polygon_trades");
  CHECK(guess("Time,Bid,Ask\n2024-01-01 00:00:00,1,2\n") == "maybe Time datetime Bid Ask");
  CHECK(guess("date,open,high,low,close\n") == "no");
}

TEST_CASE("files without header are told by the shape of a row (made)") {
  CHECK(guess("20200101 170000065,1.121200,1.121690,0\n") == "yes histdata");
  CHECK(guess("EUR/USD,20130101 21:59:59.981,1.32023,1.32054\n") == "yes truefx");
  CHECK(guess("pair,time,bid,ask\nEUR/USD,20130101 21:59:59.981,1.32023,1.32054\n") == "yes truefx");
  CHECK(guess("1,0.05,2.5E-4,10,11,1704067200123,True,True\n") == "yes binance_agg_trades");
  CHECK(guess("7,42.5,1.5,63.75,1735689600123456,true,true\n") == "yes binance_trades");
  CHECK(guess("9,100.1,5,100.2,6,1704067200123,1704067200125\n") == "maybe binance_book_ticker");
  CHECK(guess("1704067200.12,7,1,2,1\n") == "maybe gateio");
  CHECK(guess("1704067200,1,2\n", "/data/kraken/XBTUSD.csv") == "yes bitcoincharts");
  CHECK(guess("1704067200,1,2\n", "/data/XBTUSD_kraken.csv") == "yes kraken");
  const std::string ms = "34200000,4567800,3,0,0,P,0,0\n";
  CHECK(guess(ms, "/d/equity/usa/tick/spy/20140106_quote.zip", "20140106_spy_tick_quote.csv") == "yes lean_quote");
  CHECK(guess("34200000,1924500,100,T,4000,0\n", "/d/equity/usa/tick/spy/20140106_trade.zip",
              "20140106_spy_Trade_Tick.csv") == "yes lean_trade");
  CHECK(guess("939243,402.01,203,usa,null,0\n", "/d/future/cme/tick/es/20200102_trade.zip",
              "20200102_es_tick_trade_202003.csv") == "maybe lean_futures_trade");
  CHECK(guess("1,1.1,1.2\n", "20140106_quote.zip", "20140106_eurusd_tick_quote.csv") == "maybe lean_fx");
  CHECK(guess("1,2,3\n") == "no");
  CHECK(guess("") == "no");
  CHECK(guess(std::string("\0\1\2\3", 4)) == "no");
  CHECK(guess("[[1570752011620,\"1\",null,\"sell\",0.14,23.5,3.29]]", "t.json", "", "json_rows") == "yes ccxt_trades");
  CHECK(guess("{\"a\":1}", "t.json", "", "json_rows") == "no");
}
