// Kraken recordings: the real ones of cryptofeed, whose checksums say whether the book is right, and changed copies.
#include <doctest/doctest.h>

#include "tests/data/sources/recorded_files.hpp"

using namespace tf;
using made::kTicks;
using made::noted;
using made::read_recorded;
using made::refused;
using made::ticks_of;

namespace {

const std::string kBook = "cryptofeed/KRAKEN.ws.50.0", kTrades = "cryptofeed/KRAKEN.ws.48.0",
                  kTicker = "cryptofeed/KRAKEN.ws.49.0";
const std::vector<std::string> kPairs = {"WAVES/EUR", "XMR/USD",   "KSM/XBT", "GRT/ETH", "SC/EUR",
                                         "ETH/CHF",   "OCEAN/XBT", "OMG/USD", "XBT/CHF", "ADA/XBT"};

// Resting orders in francs and dollars go up to prices that would not fit beside nine decimals.
double tick_size(const std::string& pair) { return pair.ends_with("/XBT") || pair.ends_with("/ETH") ? 1e-9 : 1e-6; }

#define SKIP_WITHOUT_TICKS                  \
  if (!made::have_ticks()) {                \
    MESSAGE("skipped: no ../shared/ticks"); \
    return;                                 \
  }

}  // namespace

TEST_CASE("every checksum of every pair is equal, and the ticks make a book no deeper than the channel") {
  SKIP_WITHOUT_TICKS
  int64_t equal = 0, stored = 0;
  for (const std::string& pair : kPairs) {
    CAPTURE(pair);
    const auto all = read_recorded({kTicks + kBook}, {pair, tick_size(pair), 1e-8});
    CHECK(all.consistent());
    CHECK(made::well_ended(all));
    CHECK(all.counts.rows_read == made::rows_known(kBook));
    CHECK(refused(all, "not market data") == 42);
    CHECK(all.refused() == 42 + refused(all, "other symbol"));
    CHECK(noted(all, "book checksum differs") == 0);
    equal += noted(all, "book checksum equal");
    stored += all.counts.rows_stored;
    const auto book = made::book_of(all.ticks);
    CHECK(book[0].size() <= 1000);
    CHECK(book[1].size() <= 1000);
    CHECK(ticks_of(all, TickKind::best_bid) > 0);
  }
  CHECK(equal == 4269);
  CHECK(stored == 4269 + 10);
}

TEST_CASE("a lost line is seen by the checksum; a doubled one changes nothing") {
  SKIP_WITHOUT_TICKS
  auto lines = made::lines_of(kTicks + kBook);
  std::vector<std::size_t> of_pair;
  for (std::size_t at = 100; at < lines.size(); ++at)
    if (lines[at].ends_with("\"XMR/USD\"]")) of_pair.push_back(at);
  const made::Folder folder;
  const made::Wanted wanted{"xmr-usd", 0.01, 1e-8};
  const auto whole = read_recorded({kTicks + kBook}, wanted);
  auto changed = lines;
  changed.insert(changed.begin() + static_cast<std::ptrdiff_t>(of_pair[5]), lines[of_pair[5]]);
  const auto doubled = read_recorded({folder.file("doubled", made::joined(changed))}, wanted);
  CHECK(noted(doubled, "book checksum differs") == 0);
  CHECK(noted(doubled, "book checksum equal") == noted(whole, "book checksum equal") + 1);
  CHECK(made::book_of(doubled.ticks) == made::book_of(whole.ticks));

  int64_t differs = 0;
  for (std::size_t lost = 0; lost < 20; ++lost) {
    changed = lines;
    changed.erase(changed.begin() + static_cast<std::ptrdiff_t>(of_pair[lost]));
    const auto all = read_recorded({folder.file("lost", made::joined(changed))}, wanted);
    CHECK(all.consistent());
    CHECK(noted(all, "book checksum differs") + noted(all, "book checksum equal") ==
          noted(whole, "book checksum equal") - 1);
    differs += noted(all, "book checksum differs") > 0;
  }
  CHECK(differs > 5);

  // Without the snapshot every delta is refused.
  changed = lines;
  std::erase_if(changed, [](const std::string& line) {
    return line.find("\"as\"") != line.npos && line.ends_with("\"XMR/USD\"]");
  });
  const auto none = read_recorded({folder.file("none", made::joined(changed))}, wanted);
  CHECK(none.counts.rows_stored == 0);
  CHECK(refused(none, "delta before the first snapshot") == noted(whole, "book checksum equal"));
}

TEST_CASE("trades and tickers of every pair") {
  SKIP_WITHOUT_TICKS
  int64_t trade_rows = 0, ticker_rows = 0;
  for (const std::string& pair : kPairs) {
    const auto trades = read_recorded({kTicks + kTrades}, {pair, tick_size(pair), 1e-8});
    CHECK(trades.consistent());
    CHECK(trades.counts.rows_read == made::rows_known(kTrades));
    CHECK(refused(trades, "not market data") == 41);
    trade_rows += trades.counts.rows_stored;
    const auto tickers = read_recorded({kTicks + kTicker}, {pair, tick_size(pair), 1e-8});
    CHECK(tickers.counts.rows_read == made::rows_known(kTicker));
    CHECK(ticks_of(tickers, TickKind::best_bid) == tickers.counts.rows_stored);
    CHECK(ticks_of(tickers, TickKind::best_ask) == tickers.counts.rows_stored);
    ticker_rows += tickers.counts.rows_stored;
  }
  CHECK(trade_rows == 8);
  CHECK(ticker_rows == 18);
  // [993,[["354.11000000","0.89594024","1618678142.557535","s","l",""]],"trade","XMR/USD"]
  const auto xmr = read_recorded({kTicks + kTrades}, {"XMR/USD", 0.01, 1e-8});
  REQUIRE(!xmr.ticks.empty());
  CHECK(xmr.ticks[0].px == 35411);
  CHECK(xmr.ticks[0].qty == 89594024);
  CHECK(xmr.ticks[0].exch_ts == 1618678142557535000);
  CHECK((xmr.ticks[0].flags & (kFlagBuy | kFlagSell)) == kFlagSell);
}

TEST_CASE("made messages: a shallow book says which levels fell out, a spread is the best quote") {
  const made::Folder folder;
  std::string text;
  const auto add = [&](const std::string& message) { text += "1618678142.5: " + message + "\n"; };
  add(R"([1,{"as":[["3.0","1.0","1618678140.1"],["4.0","1.0","1618678140.0"]],"bs":[["2.0","1.0","1618678140.2"]]},"book-2","A/B"])");
  add(R"([1,{"a":[["2.5","1.0","1618678141.1"]]},{"b":[["2.0","0.0","1618678141.0"]]},"book-2","A/B"])");
  add(R"([1,["2.3","2.6","1618678142.000001","5.0","6.0"],"spread","A/B"])");
  add(R"([1,["3","2.6","3"],"ohlc-5","A/B"])");
  add(R"([1,[["2.5","1.0","1618678142.0","x","l",""]],"trade","A/B"])");
  add(R"([1,[["2.5","1.0","soon","b","l",""]],"trade","A/B"])");
  const auto all = read_recorded({folder.file("made", text)}, {"A/B", 0.1, 0.1});
  CHECK(all.consistent());
  REQUIRE(all.ticks.size() == 6 + 5 + 2);
  CHECK(all.ticks[0].exch_ts == 1618678140200000000);
  CHECK(all.ticks[6].px == 25);
  CHECK(all.ticks[8].px == 40);  // pushed out by 2.5
  CHECK(all.ticks[8].qty == 0);
  CHECK(all.ticks[8].kind() == TickKind::depth_ask);
  CHECK(all.ticks[9].kind() == TickKind::clear);  // no bid is left
  CHECK((all.ticks[9].flags & kFlagBuy) != 0);
  CHECK(all.ticks[10].kind() == TickKind::best_ask);
  CHECK(all.ticks[11].qty == 50);
  CHECK(all.ticks[12].px == 26);
  CHECK(refused(all, "not market data") == 1);
  CHECK(refused(all, "bad side") == 1);
  CHECK(refused(all, "bad time") == 1);
}
