// OKX recordings: the real one of cryptofeed, whose checksums say whether the book is right, and made messages for
// what it does not have (sequence ids, bbo-tbt, books5, aggregated trades), from the venue's published layout.
#include <doctest/doctest.h>

#include "tests/data/sources/recorded_files.hpp"

using namespace tf;
using made::kTicks;
using made::noted;
using made::read_recorded;
using made::refused;
using made::ticks_of;

namespace {

const std::string kFile = "cryptofeed/OKX.ws.1.0";

struct Made {
  std::string text;
  void add(const std::string& channel, const std::string& rest) {
    text += R"(1652459226123456789 {"arg":{"channel":")" + channel + R"(","instId":"A-B"},)" + rest + "}\n";
  }
  made::Drained read() const {
    const made::Folder folder;
    const auto all = read_recorded({folder.file("made", text)}, {"A-B", 0.1, 0.1});
    CHECK(all.consistent());
    CHECK(made::well_ended(all));
    return all;
  }
};

std::string book(int64_t previous, int64_t sequence, const std::string& bids, const std::string& asks) {
  return R"("data":[{"asks":[)" + asks + R"(],"bids":[)" + bids +
         R"(],"ts":"1652459226000","checksum":0,"prevSeqId":)" + std::to_string(previous) + R"(,"seqId":)" +
         std::to_string(sequence) + "}]";
}

}  // namespace

TEST_CASE("every checksum of every instrument is equal") {
  if (!made::have_ticks()) {
    MESSAGE("skipped: no ../shared/ticks");
    return;
  }
  int64_t equal = 0, trade_rows = 0, stored = 0, tickers = 0;
  for (const char* const symbol : {"BTC-USDT", "BTC-USD-220527", "UNI-USD-SWAP"}) {
    CAPTURE(symbol);
    const auto all = read_recorded({kTicks + kFile}, {symbol, 1e-4, 1e-8});
    CHECK(all.consistent());
    CHECK(made::well_ended(all));
    CHECK(all.counts.rows_read == made::rows_known(kFile));
    CHECK(refused(all, "not market data") == 18);
    CHECK(noted(all, "book checksum differs") == 0);
    CHECK(noted(all, "sequence gap") == 0);
    equal += noted(all, "book checksum equal");
    trade_rows += ticks_of(all, TickKind::trade);
    stored += all.counts.rows_stored;
    tickers += refused(all, "best quotes from another stream");
  }
  CHECK(equal == 290);
  CHECK(trade_rows == 74);
  CHECK(stored + tickers == 290 + 74 + 28);

  // A lost update leaves a book whose checksum differs.
  auto lines = made::lines_of(kTicks + kFile);
  const auto update = std::find_if(lines.begin(), lines.end(), [](const std::string& line) {
    return line.find("\"instId\":\"BTC-USDT\"},\"action\":\"update\"") != line.npos;
  });
  REQUIRE(update != lines.end());
  lines.erase(update);
  const made::Folder folder;
  const auto lost = read_recorded({folder.file("lost", made::joined(lines))}, {"BTC-USDT", 1e-4, 1e-8});
  CHECK(noted(lost, "book checksum differs") > 0);
}

TEST_CASE("a gap in the sequence ids stops the deltas until the next snapshot") {
  Made made;
  made.add("books", R"("action":"update",)" + book(1, 2, R"(["1.0","1","0","1"])", ""));
  made.add("books", R"("action":"snapshot",)" + book(-1, 10, R"(["1.0","1","0","1"])", R"(["1.1","1","0","1"])"));
  made.add("books", R"("action":"update",)" + book(10, 12, R"(["0.9","1","0","1"])", ""));
  made.add("books", R"("action":"update",)" + book(12, 12, "", ""));
  made.add("books", R"("action":"update",)" + book(10, 12, R"(["0.9","1","0","1"])", ""));  // doubled
  made.add("books", R"("action":"update",)" + book(12, 5, R"(["0.8","1","0","1"])", ""));   // the venue starts anew
  made.add("books", R"("action":"update",)" + book(7, 8, R"(["0.7","1","0","1"])", ""));    // 6 and 7 are lost
  made.add("books", R"("action":"update",)" + book(8, 9, R"(["0.6","1","0","1"])", ""));
  made.add("books", R"("action":"snapshot",)" + book(-1, 20, R"(["2.0","1","0","1"])", R"(["2.1","1","0","1"])"));
  made.add("books", R"("action":"update",)" + book(20, 21, R"(["1.9","1","0","1"])", ""));
  const auto all = made.read();
  CHECK(refused(all, "delta before the first snapshot") == 1);
  CHECK(refused(all, "book update without a level") == 1);
  CHECK(refused(all, "book update not newer than the book") == 1);
  CHECK(refused(all, "delta after a sequence gap") == 2);
  CHECK(noted(all, "sequence gap") == 1);
  CHECK(all.counts.noted.at("sequence gap").line == 7);
  CHECK(noted(all, "book rebuilt from a snapshot") == 1);
  CHECK(all.counts.rows_stored == 5);
  CHECK(made::book_of(all.ticks) == made::Sides{{{{21, 10}}, {{20, 10}, {19, 10}}}});
}

TEST_CASE("best quotes: tickers until there is a book, the book until there is bbo-tbt") {
  Made made;
  const std::string ticker = R"("data":[{"instId":"A-B","last":"1","bidPx":"1.0","bidSz":"1","askPx":"","askSz":"",)"
                             R"("ts":"1652459226001"}])";
  made.add("tickers", ticker);
  made.add("books5", book(-1, 10, R"(["1.0","1","0","1"])", R"(["1.1","1","0","1"])"));
  made.add("tickers", ticker);
  made.add("bbo-tbt", R"("data":[{"asks":[["1.2","3","0","1"]],"bids":[["1.1","2","0","1"]],"ts":"1652459226002"}])");
  made.add("books5", book(-1, 11, R"(["0.9","1","0","1"])", R"(["1.1","1","0","1"])"));
  made.add("books", R"("action":"update",)" + book(11, 12, R"(["0.9","1","0","1"])", ""));
  made.add("funding-rate", R"("data":[{"fundingRate":"0.1"}])");
  const auto all = made.read();
  CHECK(refused(all, "best quotes from another stream") == 1);
  CHECK(refused(all, "same book in another channel") == 1);
  CHECK(refused(all, "not market data") == 1);
  CHECK(noted(all, "best quotes of the feed, not of the book") == 1);
  REQUIRE(all.ticks.size() == 1 + 5 + 2 + 3);
  CHECK(all.ticks[0].kind() == TickKind::best_bid);
  CHECK((all.ticks[0].flags & kFlagLast) != 0);
  CHECK(all.ticks[4].kind() == TickKind::best_bid);
  CHECK(all.ticks[6].px == 11);
  CHECK(all.ticks[7].qty == 30);
  CHECK(all.ticks[7].exch_ts == 1652459226002000000);
  CHECK(all.ticks[7].local_ts == 1652459226123456789);
}

TEST_CASE("trades: the taker's side, aggregated ids, doubled and missing ones") {
  Made made;
  const auto trade = [](int64_t id, const std::string& rest) {
    return R"({"instId":"A-B","tradeId":")" + std::to_string(id) + R"(","px":"1.0","sz":"2","side":"buy",)" + rest +
           R"("ts":"1652459226000"})";
  };
  made.add("trades", R"("data":[)" + trade(5, "") + "," + trade(6, "") + "]");
  made.add("trades", R"("data":[)" + trade(9, R"("count":"3",)") + "]");
  made.add("trades", R"("data":[)" + trade(9, R"("count":"3",)") + "]");
  made.add("trades", R"("data":[)" + trade(9, "") + "," + trade(11, "") + "]");
  made.add("trades-all", R"("data":[)" + trade(12, "") + "]");
  const auto all = made.read();
  REQUIRE(all.ticks.size() == 4);
  CHECK((all.ticks[0].flags & (kFlagBuy | kFlagSell | kFlagLast | data::kRowEnd)) == (kFlagBuy | kFlagLast));
  CHECK((all.ticks[1].flags & data::kRowEnd) != 0);
  CHECK(all.ticks[2].order_id == 9);
  CHECK(refused(all, "repeated trade id") == 1);
  CHECK(noted(all, "repeated trade id") == 1);
  CHECK(noted(all, "sequence gap") == 1);
  CHECK(refused(all, "same trades in another stream") == 1);
}
