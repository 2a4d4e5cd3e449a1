// The csv source on real files (../shared/ticks) and on files made from the layouts of TICK_FORMATS where no real file
// is at hand: a made file shows that the layout as written down loads, not that the vendor's files do.
#include <doctest/doctest.h>

#include "cuda/base/error.hpp"
#include "cuda/base/time.hpp"
#include "tests/data/sources/made_files.hpp"

using namespace tf;
using data::CsvParams;
using made::error_with;
using made::instrument;
using made::preset;
using made::read_csv;

namespace {

int64_t at(const char* date, int64_t ns_of_day) { return parse_day(date)->start_ns() + ns_of_day; }

const std::string kTicks = std::string(TF_SHARED) + "/ticks/";

struct Count {
  std::string path;
  int64_t rows;
  std::string first, last;
};

// The rows of COUNTS.tsv whose path begins with `prefix`.
std::vector<Count> counts_of(const std::string& prefix) {
  std::vector<Count> found;
  std::ifstream in(kTicks + "COUNTS.tsv");
  for (std::string line; std::getline(in, line);) {
    if (!line.starts_with(prefix)) continue;
    std::vector<std::string> cells(1);
    for (const char c : line)
      if (c == '\t') {
        cells.emplace_back();
      } else {
        cells.back() += c;
      }
    found.push_back({cells[0], std::stoll(cells[2]), cells[3], cells[4]});
  }
  return found;
}

}  // namespace

TEST_CASE("every lean-fx file gives the rows and times that COUNTS.tsv knows") {
  const auto known = counts_of("lean-fx/");
  if (known.empty()) {
    MESSAGE("skipped: no ../shared/ticks");
    return;
  }
  CHECK(known.size() == 20);
  int64_t oanda = 0, fxcm = 0, gold = 0;
  for (const Count& count : known) {
    CAPTURE(count.path);
    const bool is_gold = count.path.find("xauusd") != std::string::npos;
    const auto all = read_csv({kTicks + count.path}, preset("lean_fx"), instrument(is_gold ? 0.001 : 0.00001));
    CHECK(all.consistent());
    CHECK(all.damage == "");
    CHECK(all.counts.refused.empty());
    CHECK(all.counts.rows_stored == count.rows);
    CHECK(all.counts.ticks == 2 * count.rows);
    const int64_t midnight = parse_day(count.path.substr(count.path.find_last_of('/') + 1, 8))->start_ns();
    CHECK(all.ticks.front().exch_ts - midnight == doctest::Approx(std::stod(count.first) * 1e6).epsilon(1e-13));
    CHECK(all.ticks.back().exch_ts - midnight == doctest::Approx(std::stod(count.last) * 1e6).epsilon(1e-13));
    CHECK(all.ticks.front().flags == (static_cast<uint32_t>(TickKind::best_bid) | kFlagNoSize));
    CHECK(all.ticks.back().flags == (static_cast<uint32_t>(TickKind::best_ask) | kFlagNoSize | kFlagLast));
    (is_gold ? gold : count.path.find("fxcm") != std::string::npos ? fxcm : oanda) += count.rows;
  }
  CHECK(oanda == 321559);
  CHECK(fxcm == 675401);
  CHECK(gold == 590852);
}

TEST_CASE("the zone parameter moves FXCM by exactly five hours") {
  const std::string path = kTicks + "lean-fx/forex/fxcm/tick/eurusd/20140504_quote.zip";
  if (!std::filesystem::exists(path)) {
    MESSAGE("skipped: no ../shared/ticks");
    return;
  }
  CsvParams fxcm = preset("lean_fx");
  const auto plain = read_csv({path}, fxcm, instrument(0.00001));
  fxcm.zone = "-05:00";
  const auto moved = read_csv({path}, fxcm, instrument(0.00001));
  REQUIRE(plain.ticks.size() == moved.ticks.size());
  for (std::size_t row = 0; row < plain.ticks.size(); ++row)
    REQUIRE(moved.ticks[row].exch_ts - plain.ticks[row].exch_ts == 5 * kHour);
}

TEST_CASE("fractions of a millisecond and decimal prices arrive exactly") {
  const std::string path = kTicks + "lean-fx/cfd/oanda/tick/xauusd/20140502_quote.zip";
  if (!std::filesystem::exists(path)) {
    MESSAGE("skipped: no ../shared/ticks");
    return;
  }
  const auto all = read_csv({path}, preset("lean_fx"), instrument(0.001));
  CHECK(all.ticks[0].exch_ts == at("2014-05-02", 46'204'200));  // 46.2042 ms
  CHECK(all.ticks[0].px == 1284065);
  CHECK(all.ticks[1].px == 1284405);
  CHECK(all.ticks[3].px == 1284440);  // written 1284.44
}

TEST_CASE("a custom column map reads the bitcoincharts and Mt.Gox files of pyalgotrade") {
  if (!std::filesystem::exists(kTicks + "pyalgotrade/bitstampUSD.csv")) {
    MESSAGE("skipped: no ../shared/ticks");
    return;
  }
  CsvParams charts;
  charts.time_column = "1";
  charts.price_column = "2";
  charts.size_column = "3";
  const auto bitstamp = read_csv({kTicks + "pyalgotrade/bitstampUSD.csv"}, charts, instrument(0.01, 1e-8));
  CHECK(bitstamp.consistent());
  CHECK(bitstamp.counts.rows_stored == 9999);
  CHECK(bitstamp.ticks.front().exch_ts == 1315922016 * kSecond);
  CHECK(bitstamp.ticks.back().exch_ts == 1338453678 * kSecond);
  CHECK(bitstamp.ticks[0].px == 580);
  CHECK(bitstamp.ticks[0].qty == 100'000'000);
  int64_t zero = 0, equal_time = 0;
  for (std::size_t row = 0; row < bitstamp.ticks.size(); ++row) {
    zero += bitstamp.ticks[row].qty == 0;
    equal_time += row > 0 && bitstamp.ticks[row].exch_ts == bitstamp.ticks[row - 1].exch_ts;
  }
  CHECK(zero == 1);
  CHECK(equal_time == 4243);

  CsvParams gox;
  gox.time_column = "id";  // the id is the time
  gox.time_unit = "us";
  gox.price_column = "price";
  gox.size_column = "amount";
  gox.side_column = "type";
  const auto mtgox = read_csv({kTicks + "pyalgotrade/trades-mgtox-usd-2013-01-01.csv"}, gox, instrument(0.00001, 1e-8));
  CHECK(mtgox.consistent());
  CHECK(mtgox.counts.rows_stored == 2331);
  CHECK(mtgox.ticks[0].exch_ts == 1356998659486096000);
  CHECK(mtgox.ticks[0].px == 1351001);
  CHECK(mtgox.ticks[0].qty == 3687430786);
  CHECK((mtgox.ticks[0].flags & kFlagSell) != 0);
  CHECK((mtgox.ticks[1].flags & kFlagBuy) != 0);
}

TEST_CASE("LEAN equity files (made): one side a row, prices times 10000, New York with summer time") {
  const made::Folder folder;
  const std::string winter =
      folder.file("20140106_quote.csv", "34200000,4567800,3,0,0,P,0,0\n34200001,0,0,4567900,7,P,0,0\n");
  const auto quotes = read_csv({winter}, preset("lean_quote"), instrument(0.01));
  REQUIRE(quotes.ticks.size() == 2);
  CHECK(quotes.ticks[0] == Tick{at("2014-01-06", 14 * kHour + 30 * kMinute),
                                at("2014-01-06", 14 * kHour + 30 * kMinute), 45678, 3, 0,
                                static_cast<uint32_t>(TickKind::best_bid) | kFlagLast});
  CHECK(quotes.ticks[1].kind() == TickKind::best_ask);
  CHECK(quotes.ticks[1].px == 45679);
  CHECK(quotes.ticks[1].qty == 7);
  const std::string summer =
      folder.zip("20140602_trade.zip", {{"20140602_spy_Trade_Tick.csv", "34200000,1924500,100,T,4000,0\n"}});
  const auto trades = read_csv({summer}, preset("lean_trade"), instrument(0.01));
  REQUIRE(trades.ticks.size() == 1);
  CHECK(trades.ticks[0].exch_ts == at("2014-06-02", 13 * kHour + 30 * kMinute));
  CHECK(trades.ticks[0].px == 19245);
  CHECK(trades.ticks[0].qty == 100);
}

TEST_CASE("HistData and TrueFX files (made) give UTC") {
  const made::Folder folder;
  const auto hist = read_csv({folder.file("DAT_ASCII_EURUSD_T_202001.csv",
                                          "20200101 170000065,1.121200,1.121690,0\r\n20200701 170000,1.1,1.2,0")},
                             preset("histdata"), instrument(0.00001));
  REQUIRE(hist.ticks.size() == 4);
  CHECK(hist.ticks[0].exch_ts == at("2020-01-01", 22 * kHour + 65'000'000));
  CHECK(hist.ticks[0].px == 112120);
  CHECK(hist.ticks[2].exch_ts == at("2020-07-01", 22 * kHour));
  for (const char* header : {"", "pair,time,bid,ask\n"}) {
    const auto fx = read_csv(
        {folder.file("EURUSD-2013-01.csv", std::string(header) + "EUR/USD,20130101 21:59:59.981,1.32023,1.32054\n")},
        preset("truefx"), instrument(0.00001));
    REQUIRE(fx.ticks.size() == 2);
    CHECK(fx.ticks[0].exch_ts == at("2013-01-01", 22 * kHour - 19'000'000));
    CHECK(fx.counts.rows_read == 1);
  }
}

TEST_CASE("Tardis files (made): ask first, two clocks, unknown sides") {
  const made::Folder folder;
  const auto quotes = read_csv(
      {folder.file("q.csv.gz",
                   made::gzip("exchange,symbol,timestamp,local_timestamp,ask_amount,ask_price,bid_price,bid_amount\n"
                              "bitmex,XBTUSD,1585699200000123,1585699200001456,10,6500.5,6500,20\n"))},
      preset("tardis_quotes"), instrument(0.5));
  REQUIRE(quotes.ticks.size() == 2);
  CHECK(quotes.ticks[0] ==
        Tick{1585699200000123000, 1585699200001456000, 13000, 20, 0, static_cast<uint32_t>(TickKind::best_bid)});
  CHECK(quotes.ticks[1] == Tick{1585699200000123000, 1585699200001456000, 13001, 10, 0,
                                static_cast<uint32_t>(TickKind::best_ask) | kFlagLast});
  const std::string rows =
      "exchange,symbol,timestamp,local_timestamp,id,side,price,amount\n"
      "bitmex,XBTUSD,1585699200000000,1585699200000001,a-1,buy,6500,1\n"
      "bitmex,XBTUSD,1585699200000000,1585699200000001,a-2,sell,6500,1\n"
      "bitmex,ETHUSD,1585699200000000,1585699200000001,a-3,sell,130,1\n"
      "bitmex,XBTUSD,1585699200000000,1585699200000001,a-2,sell,6500,1\n"
      "bitmex,XBTUSD,1585699200000000,1585699200000001,a-4,unknown,6500,1\n"
      "bitmex,XBTUSD,1585699200000000,1585699200000001,a-5,up,6500,1\n";
  CsvParams params = preset("tardis_trades");
  params.symbol = "XBTUSD";
  const auto trades = read_csv({folder.file("t.csv", rows)}, params, instrument(0.5));
  CHECK(trades.consistent());
  REQUIRE(trades.ticks.size() == 3);
  CHECK(trades.ticks[0].flags == (static_cast<uint32_t>(TickKind::trade) | kFlagLast | kFlagBuy));
  CHECK(trades.ticks[1].flags == (static_cast<uint32_t>(TickKind::trade) | kFlagLast | kFlagSell));
  CHECK(trades.ticks[2].flags == (static_cast<uint32_t>(TickKind::trade) | kFlagLast));
  CHECK(trades.counts.refused.at("other symbol").rows == 1);
  CHECK(trades.counts.refused.at("repeated trade id").line == 5);
  CHECK(trades.counts.refused.at("bad side").example.ends_with("a-5,up,6500,1"));
}

TEST_CASE("Binance files (made): header or none, ms or us, maker flag, scientific notation") {
  const made::Folder folder;
  const auto old_spot = read_csv(
      {folder.zip("T-aggTrades-2024-01-01.zip",
                  {{"T-aggTrades-2024-01-01.csv",
                    "1,0.05,2.5E-4,10,11,1704067200123,True,True\n2,5e-2,1.0,12,12,1704067200124,False,True\n"}})},
      preset("binance_agg_trades"), instrument(0.01, 1e-8));
  REQUIRE(old_spot.ticks.size() == 2);
  CHECK(old_spot.ticks[0] == Tick{1704067200123000000, 1704067200123000000, 5, 25000, 1,
                                  static_cast<uint32_t>(TickKind::trade) | kFlagLast | kFlagSell});
  CHECK(old_spot.ticks[1].px == 5);
  CHECK((old_spot.ticks[1].flags & kFlagBuy) != 0);
  const auto new_spot = read_csv({folder.file("t.csv", "7,42.5,1.5,63.75,1735689600123456,true,true\n")},
                                 preset("binance_trades"), instrument(0.1, 0.1));
  REQUIRE(new_spot.ticks.size() == 1);
  CHECK(new_spot.ticks[0].exch_ts == 1735689600123456000);
  CHECK(new_spot.ticks[0].qty == 15);
  const auto futures = read_csv({folder.file("f.csv",
                                             "agg_trade_id,price,quantity,first_trade_id,last_trade_id,transact_time,"
                                             "is_buyer_maker\n1,2,3,4,5,1704067200123,false\n")},
                                preset("binance_agg_trades"), instrument(1, 1));
  REQUIRE(futures.ticks.size() == 1);
  CHECK(futures.ticks[0].qty == 3);
  const auto book =
      read_csv({folder.file("b.csv",
                            "update_id,best_bid_price,best_bid_qty,best_ask_price,best_ask_qty,transaction_time,event_"
                            "time\n9,100.1,5,100.2,6,1704067200123,1704067200125\n"),
                folder.file("c.csv", "10,100.1,5,100.2,6,1704067200124,1704067200126\n")},
               preset("binance_book_ticker"), instrument(0.1, 1));
  REQUIRE(book.ticks.size() == 4);
  CHECK(book.ticks[1].px == 1002);
  CHECK(book.ticks[2].exch_ts == 1704067200124000000);
  CHECK(error_with(ErrorKind::config, "transact_time", [&] {  // a header of another kind is never read by position
    read_csv({folder.file("w.csv", "id,price,quantity,x,y,when,is_buyer_maker\n1,2,3,4,5,1704067200123,false\n")},
             preset("binance_agg_trades"), instrument(1, 1));
  }));
}

TEST_CASE("dialects: byte order mark, CRLF, semicolons, quotes, comments, blank lines, no last newline") {
  const made::Folder folder;
  CsvParams params;
  params.time_column = "Time";
  params.time_format = "datetime";
  params.bid_column = "Bid";
  params.ask_column = "Ask";
  params.comment = "#";
  const std::string text =
      "\xEF\xBB\xBF# "
      "made\r\n\"Time\";\"Ask\";\"Bid\"\r\n\r\n\"2024-01-02T03:04:05.123456789Z\";1.5;\"1.25\"\r\n2024-01-02 "
      "03:04:06+01:00; 1.5 ;1.25";
  const auto all = read_csv({folder.file("d.csv", text)}, params, instrument(0.25));
  REQUIRE(all.ticks.size() == 4);
  CHECK(all.ticks[0].exch_ts == at("2024-01-02", 3 * kHour + 4 * kMinute + 5'123'456'789));
  CHECK(all.ticks[0].px == 5);
  CHECK(all.ticks[1].px == 6);
  CHECK(all.ticks[2].exch_ts == at("2024-01-02", 2 * kHour + 4 * kMinute + 6 * kSecond));

  CsvParams day_first;  // Dukascopy csv (made)
  day_first.time_column = "Gmt time";
  day_first.time_format = "datetime";
  day_first.date_order = "dmy";
  day_first.bid_column = "Bid";
  day_first.ask_column = "Ask";
  const auto duka =
      read_csv({folder.file("e.csv", "Gmt time,Ask,Bid,AskVolume,BidVolume\n01.02.2024 00:00:00.036,1.5,1.25,1,1\n")},
               day_first, instrument(0.25));
  REQUIRE(duka.ticks.size() == 2);
  CHECK(duka.ticks[0].exch_ts == at("2024-02-01", 36'000'000));

  CsvParams mt5;  // MT5 export (made): empty cells are unchanged sides
  mt5.time_column = "<TIME>";
  mt5.date_column = "<DATE>";
  mt5.time_format = "clock";
  mt5.bid_column = "<BID>";
  mt5.ask_column = "<ASK>";
  mt5.one_sided = "empty";
  const auto broker =
      read_csv({folder.file("m.csv",
                            "<DATE>\t<TIME>\t<BID>\t<ASK>\t<LAST>\t<VOLUME>\n2024.01.01\t00:00:00.036\t1.25\t1."
                            "5\t\t\n2024.01.01\t00:00:01.036\t\t1.75\t\t\n2024.01.01\t00:00:02\t\t\t\t\n")},
               mt5, instrument(0.25));
  REQUIRE(broker.ticks.size() == 3);
  CHECK(broker.ticks[2].kind() == TickKind::best_ask);
  CHECK(broker.ticks[2].px == 7);
  CHECK((broker.ticks[2].flags & kFlagLast) != 0);
  CHECK(broker.counts.refused.at("no price on either side").line == 4);
}

TEST_CASE("zones: a skipped hour is refused, a repeated hour is its first") {
  const made::Folder folder;
  CsvParams params;
  params.time_column = "1";
  params.time_format = "datetime";
  params.zone = "America/New_York";
  params.price_column = "2";
  const auto all = read_csv({folder.file("z.csv",
                                         "2024-03-10 01:59:59,1\n2024-03-10 02:30:00,1\n2024-03-10 "
                                         "03:00:00,1\n2024-11-03 01:30:00,1\n2024-07-01 12:00:00,1\n")},
                            params, instrument(1));
  CHECK(all.consistent());
  REQUIRE(all.ticks.size() == 4);
  CHECK(all.ticks[1].exch_ts - all.ticks[0].exch_ts == kSecond);
  CHECK(all.ticks[2].exch_ts == at("2024-11-03", 5 * kHour + 30 * kMinute));
  CHECK(all.ticks[3].exch_ts == at("2024-07-01", 16 * kHour));
  CHECK(all.counts.refused.at("time skipped by the zone's clock change").line == 2);
  CHECK(error_with(ErrorKind::config, "America/New_York", [&] {
    params.zone = "Mars/Olympus";
    read_csv({"x.csv"}, params, instrument(1));
  }));
}

TEST_CASE("epoch times: seconds to nanoseconds by magnitude, every digit kept") {
  const made::Folder folder;
  CsvParams params;
  params.time_column = "1";
  params.price_column = "2";
  const auto all = read_csv({folder.file("u.csv",
                                         "1704067200,1\n1704067200.0547,1\n1704067200123.25,1\n1704067200123456,1\n"
                                         "1704067200123456789,1\n12345,1\n99999999999999999999,1\n")},
                            params, instrument(1));
  CHECK(all.consistent());
  REQUIRE(all.ticks.size() == 5);
  const int64_t second = 1704067200 * kSecond;
  const int64_t expected[] = {0, 54'700'000, 123'250'000, 123'456'000, 123'456'789};
  for (std::size_t row = 0; row < 5; ++row) CHECK(all.ticks[row].exch_ts - second == expected[row]);
  CHECK(all.counts.refused.at("time out of range").rows == 2);
}

TEST_CASE("prices and sizes off the grid are refused by name, or rounded when asked") {
  const made::Folder folder;
  CsvParams params;
  params.time_column = "1";
  params.price_column = "2";
  params.size_column = "3";
  const std::string path = folder.file("g.csv",
                                       "1704067200,26.310000000000002,1\n1704067200,26.315,1\n1704067200,26.31,0."
                                       "5\n1704067200,-37.63,1\n1704067200,1,-1\n1704067200,1e30,1\n");
  const auto strict = read_csv({path}, params, instrument(0.01));
  CHECK(strict.consistent());
  REQUIRE(strict.ticks.size() == 2);
  CHECK(strict.ticks[0].px == 2631);
  CHECK(strict.ticks[1].px == -3763);
  CHECK(strict.counts.refused.at("price off the tick grid").line == 2);
  CHECK(strict.counts.refused.at("size off the lot grid").line == 3);
  CHECK(strict.counts.refused.at("negative size").line == 5);
  CHECK(strict.counts.refused.at("number out of range").line == 6);
  params.off_grid = "round";
  const auto loose = read_csv({path}, params, instrument(0.01));
  REQUIRE(loose.ticks.size() == 4);
  CHECK(loose.ticks[1].px == 2632);
  CHECK(loose.ticks[2].qty == 1);
}
