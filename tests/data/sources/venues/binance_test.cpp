// Binance recordings: the real ones of hftbacktest and cryptofeed, and copies of their lines with lines taken away,
// doubled or moved.
#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "tests/data/sources/recorded_files.hpp"

using namespace tf;
using made::book_of;
using made::kTicks;
using made::noted;
using made::read_recorded;
using made::refused;
using made::ticks_of;

namespace {

const std::string kUsdm = "hftbacktest/usdm/ethusdt_20240808.gz";
const std::string kSpot = "hftbacktest/spot/btcusdt_20240808.gz", kSpotNext = "hftbacktest/spot/btcusdt_20240809.gz";
const std::string kCoinm = "hftbacktest/cm/btcusd_perp_20240808.gz";
const made::Wanted kEth{"ETHUSDT", 0.01, 0.001}, kBtc{"btcusdt", 0.01, 1e-8}, kPerp{"BTCUSD_PERP", 0.1, 1};

#define SKIP_WITHOUT_TICKS                  \
  if (!made::have_ticks()) {                \
    MESSAGE("skipped: no ../shared/ticks"); \
    return;                                 \
  }

// A message without its receive time, and the member "data" of it where there is one.
nlohmann::json message_of(const std::string& line) {
  auto json = nlohmann::json::parse(line.substr(line.find('{')));
  return json.contains("data") ? json["data"] : json;
}

// The book by the venue's rules, written apart from ours: deltas kept from the start, those newer than the snapshot
// applied to it.
made::Sides brute_book(const std::vector<std::string>& lines, int px_decimals, int qty_decimals) {
  made::Sides book;
  std::vector<nlohmann::json> deltas;
  nlohmann::json snapshot;
  for (const std::string& line : lines) {
    auto message = message_of(line);
    if (message.contains("lastUpdateId")) snapshot = message;
    if (message.value("e", "") == "depthUpdate") deltas.push_back(message);
  }
  const auto apply = [&](const nlohmann::json& levels, bool bid) {
    for (const auto& level : levels) {
      const int64_t px = made::steps(level[0], px_decimals), qty = made::steps(level[1], qty_decimals);
      if (qty == 0) {
        book[bid].erase(px);
      } else {
        book[bid][px] = qty;
      }
    }
  };
  if (!snapshot.is_null()) {
    apply(snapshot["bids"], true);
    apply(snapshot["asks"], false);
  }
  for (const auto& delta : deltas) {
    if (!snapshot.is_null() && delta["u"].get<int64_t>() <= snapshot["lastUpdateId"].get<int64_t>()) continue;
    apply(delta["b"], true);
    apply(delta["a"], false);
  }
  return book;
}

}  // namespace

TEST_CASE("the USD-M recording gives every row, no gap, and negative latency as it was recorded") {
  SKIP_WITHOUT_TICKS
  const auto all = read_recorded({kTicks + kUsdm}, kEth);
  CHECK(all.consistent());
  CHECK(made::well_ended(all));
  CHECK(all.damage == "");
  CHECK(all.counts.rows_read == made::rows_known(kUsdm));
  CHECK(all.counts.refused.empty());
  CHECK(noted(all, "sequence gap") == 0);
  CHECK(noted(all, "delta before the first snapshot") == 7);
  CHECK(noted(all, "book rebuilt from a snapshot") == 1);
  CHECK(noted(all, "best quotes of the feed, not of the book") == 1);
  CHECK(ticks_of(all, TickKind::trade) == 14076);
  CHECK(ticks_of(all, TickKind::best_bid) == 53992);
  CHECK(ticks_of(all, TickKind::best_ask) == 53992);
  const Tick& first = all.ticks.front();
  CHECK(first.local_ts == 1723161255088156767);
  CHECK(first.exch_ts == 1723161256302000000);
  CHECK(first.px == 20000);
  CHECK(first.qty == 10229);
  int64_t least = 0, crossed = 0;
  Tick bid;
  for (const Tick& tick : all.ticks) {
    if (tick.kind() == TickKind::best_bid) bid = tick;
    if (tick.kind() != TickKind::best_ask) continue;
    crossed += bid.px >= tick.px;
    least = std::min(least, tick.local_ts - tick.exch_ts);
  }
  CHECK(crossed == 0);
  CHECK(least < -1'260'000'000);
  CHECK(least > -1'280'000'000);
}

TEST_CASE("futures trades by exchange time are at or through the touch on the aggressor's side") {
  SKIP_WITHOUT_TICKS
  const auto all = read_recorded({kTicks + kUsdm}, kEth);
  struct Quote {
    int64_t exch_ts, bid, ask;
  };
  std::vector<Quote> quotes;
  std::vector<Tick> trades;
  for (const Tick& tick : all.ticks) {
    if (tick.kind() == TickKind::best_bid) quotes.push_back({tick.exch_ts, tick.px, 0});
    if (tick.kind() == TickKind::best_ask) quotes.back().ask = tick.px;
    if (tick.kind() == TickKind::trade) trades.push_back(tick);
  }
  std::stable_sort(quotes.begin(), quotes.end(), [](const Quote& a, const Quote& b) { return a.exch_ts < b.exch_ts; });
  int sells_at_bid = 0, buys_at_ask = 0;
  for (const Tick& trade : trades) {
    auto quote = std::lower_bound(quotes.begin(), quotes.end(), trade.exch_ts,
                                  [](const Quote& a, int64_t time) { return a.exch_ts < time; });
    if (quote == quotes.begin()) continue;
    --quote;
    sells_at_bid += (trade.flags & kFlagSell) && trade.px <= quote->bid;
    buys_at_ask += (trade.flags & kFlagBuy) && trade.px >= quote->ask;
  }
  CHECK(sells_at_bid == 7087);
  CHECK(buys_at_ask == 6983);
  CHECK(trades.size() == 14076);
}

TEST_CASE("the book of the ticks equals one rebuilt by brute force") {
  SKIP_WITHOUT_TICKS
  const struct {
    const std::string& path;
    const made::Wanted& wanted;
    int px_decimals, qty_decimals;
  } cases[] = {{kUsdm, kEth, 2, 3}, {kSpot, kBtc, 2, 8}, {kCoinm, kPerp, 1, 0}};
  for (const auto& one : cases) {
    CAPTURE(one.path);
    const auto all = read_recorded({kTicks + one.path}, one.wanted);
    const auto book = brute_book(made::lines_of(kTicks + one.path), one.px_decimals, one.qty_decimals);
    CHECK(book[0].size() > 500);
    CHECK(book_of(all.ticks) == book);
  }
}

TEST_CASE("spot: a snapshot older than the deltas before it, and a file that goes on without one") {
  SKIP_WITHOUT_TICKS
  const auto both = read_recorded({kTicks + kSpot, kTicks + kSpotNext}, kBtc);
  CHECK(both.consistent());
  CHECK(made::well_ended(both));
  CHECK(both.counts.rows_read == made::rows_known(kSpot) + made::rows_known(kSpotNext));
  CHECK(both.counts.refused.empty());
  CHECK(noted(both, "sequence gap") == 0);
  CHECK(noted(both, "delta before the first snapshot") == 3);

  const auto next = read_recorded({kTicks + kSpotNext}, kBtc);
  CHECK(next.counts.rows_stored == made::rows_known(kSpotNext));
  CHECK(noted(next, "delta before the first snapshot") == 3044);
  CHECK(noted(next, "sequence gap") == 0);
  // A quote has no time of its own: the latest event time before it, so no quote is before the message that gave it.
  int64_t clock = 0, strange = 0;
  for (const Tick& tick : both.ticks) {
    if (tick.kind() != TickKind::best_bid || clock == 0) {
      clock = std::max(clock, tick.exch_ts);
      continue;
    }
    strange += tick.exch_ts - clock < -1'000'000 || tick.exch_ts - clock > 100'000'000;
  }
  CHECK(strange == 0);
}

TEST_CASE("without bookTicker the best quotes come from the book, and only from a whole one") {
  SKIP_WITHOUT_TICKS
  auto lines = made::lines_of(kTicks + kUsdm);
  std::erase_if(lines, [](const std::string& line) { return line.find("@bookTicker") != line.npos; });
  const made::Folder folder;
  const auto book = read_recorded({folder.file("book.gz", made::gzip(made::joined(lines)))}, kEth);
  CHECK(book.consistent());
  CHECK(ticks_of(book, TickKind::best_bid) > 3000);
  const auto first = std::find_if(book.ticks.begin(), book.ticks.end(),
                                  [](const Tick& tick) { return tick.kind() == TickKind::best_bid; });
  CHECK((first->flags & kFlagSnapshot) != 0);
  // Each event's touch is the top of the book that its depth ticks make.
  made::Sides sides;
  int64_t bid = 0, ask = 0, compared = 0, wrong = 0;
  for (const Tick& tick : book.ticks) {
    if (tick.kind() == TickKind::clear) sides = {};
    if (tick.kind() == TickKind::depth_bid || tick.kind() == TickKind::depth_ask) {
      auto& side = sides[tick.kind() == TickKind::depth_bid];
      if (tick.qty == 0) {
        side.erase(tick.px);
      } else {
        side[tick.px] = tick.qty;
      }
    }
    if (tick.kind() == TickKind::best_bid) bid = tick.px;
    if (tick.kind() == TickKind::best_ask) ask = tick.px;
    if (bid == 0 || !(tick.flags & data::kRowEnd)) continue;
    ++compared;
    wrong += bid != sides[1].rbegin()->first || ask != sides[0].begin()->first;
  }
  CHECK(wrong == 0);
  CHECK(compared > 6000);

  made::Wanted silent = kEth;
  silent.params.touch = false;
  const auto none = read_recorded({folder.path / "book.gz"}, silent);
  CHECK(ticks_of(none, TickKind::best_bid) == 0);
  CHECK(book_of(none.ticks) == book_of(book.ticks));

  std::erase_if(lines, [](const std::string& line) { return line.find("\"lastUpdateId\"") != line.npos; });
  const auto partial = read_recorded({folder.file("deltas", made::joined(lines))}, kEth);
  CHECK(ticks_of(partial, TickKind::best_bid) == 0);
  CHECK(noted(partial, "delta before the first snapshot") == 6586);
}

TEST_CASE("a missing, a doubled and a moved line are noted or refused, each by name") {
  SKIP_WITHOUT_TICKS
  const auto lines = made::lines_of(kTicks + kUsdm);
  std::vector<std::size_t> depth, trades, quotes;
  for (std::size_t at = 1000; at < 3000; ++at) {
    if (lines[at].find("@depth") != std::string::npos) depth.push_back(at);
    if (lines[at].find("@trade") != std::string::npos) trades.push_back(at);
    if (lines[at].find("@bookTicker") != std::string::npos) quotes.push_back(at);
  }
  const made::Folder folder;
  const auto read = [&](std::vector<std::string> changed) {
    const auto all = read_recorded({folder.file("changed", made::joined(changed))}, kEth);
    CHECK(all.consistent());
    return all;
  };
  auto changed = lines;
  changed.erase(changed.begin() + static_cast<std::ptrdiff_t>(depth[10]));
  const auto gap = read(changed);
  CHECK(noted(gap, "sequence gap") == 1);
  CHECK(gap.counts.noted.at("sequence gap").line == static_cast<int64_t>(depth[11]));
  CHECK(gap.counts.refused.empty());
  CHECK(noted(gap, "delta after a sequence gap") > 1000);

  changed = lines;
  changed.erase(changed.begin() + static_cast<std::ptrdiff_t>(trades[10]));
  const auto lost = read(changed);
  CHECK(noted(lost, "sequence gap") == 1);
  CHECK(noted(lost, "delta after a sequence gap") == 0);

  changed = lines;
  std::vector<std::size_t> places{quotes[20], trades[20], depth[20]};
  std::sort(places.rbegin(), places.rend());  // from the last line on: the others stay where they are
  for (const std::size_t at : places) changed.insert(changed.begin() + static_cast<std::ptrdiff_t>(at), lines[at]);
  const auto doubled = read(changed);
  CHECK(doubled.counts.rows_read == static_cast<int64_t>(lines.size()) + 3);
  CHECK(refused(doubled, "repeated trade id") + refused(doubled, "book update not newer than the book") +
            refused(doubled, "repeated best quote") ==
        3);
  CHECK(noted(doubled, "sequence gap") == 0);
  CHECK(book_of(doubled.ticks) == book_of(read(lines).ticks));

  changed = lines;
  std::swap(changed[depth[30]], changed[depth[31]]);
  const auto moved = read(changed);
  CHECK(noted(moved, "sequence gap") == 1);
  CHECK(refused(moved, "book update not newer than the book") == 1);
}

TEST_CASE("the two cryptofeed recordings give the rows that COUNTS.tsv knows, symbol by symbol") {
  SKIP_WITHOUT_TICKS
  const struct {
    const char* path;
    std::vector<std::string> symbols;
    int64_t not_data;
  } cases[] = {{"cryptofeed/BINANCE.ws.1.0", {"NKNUSDT", "BLZETH", "LRCBTC", "RUNEEUR"}, 2},
               {"cryptofeed/BINANCE_DELIVERY.ws.1.0",
                {"BCHUSD_PERP", "ETHUSD_210924", "XRPUSD_PERP", "ETCUSD_PERP", "LINKUSD_211231", "LINKUSD_PERP",
                 "TRXUSD_PERP", "BTCUSD_211231", "EOSUSD_PERP", "BCHUSD_210924"},
                33}};
  for (const auto& one : cases) {
    int64_t stored = 0;
    for (const std::string& symbol : one.symbols) {
      CAPTURE(symbol);
      const auto all = read_recorded({kTicks + one.path}, {symbol, 1e-8, 1e-8});
      CHECK(all.consistent());
      CHECK(made::well_ended(all));
      CHECK(all.counts.rows_read == made::rows_known(one.path));
      CHECK(noted(all, "sequence gap") == 0);
      CHECK(refused(all, "not market data") == one.not_data);
      CHECK(all.refused() == one.not_data + refused(all, "other symbol"));
      stored += all.counts.rows_stored;
    }
    CHECK(stored == made::rows_known(one.path) - one.not_data);
  }
}

TEST_CASE("made messages: partial books, trades beside aggTrades, odd trades, microseconds, REST answers") {
  const made::Folder folder;
  const auto read = [&](const std::string& text) {
    made::Wanted wanted{"BTCUSDT", 0.1, 0.001};
    wanted.params.venue = "binance_spot";
    const auto all = read_recorded({folder.file("made", text)}, wanted);
    CHECK(all.consistent());
    return all;
  };
  const std::string time = "1723161254000000000 ";
  const auto partial = read(
      time +
      R"({"stream":"btcusdt@depth5@100ms","data":{"lastUpdateId":7,"bids":[["1.1","2"]],"asks":[["1.2","3"]]}})" +
      "\n" + time + R"({"stream":"btcusdt@depth5@100ms","data":{"lastUpdateId":7,"bids":[["1.1","2"]],"asks":[]}})" +
      "\n" + time + R"({"stream":"btcusdt@depth5@100ms","data":{"lastUpdateId":9,"bids":[["1.0","2"]],"asks":[]}})");
  REQUIRE(partial.ticks.size() == 8);
  CHECK(refused(partial, "book update not newer than the book") == 1);
  CHECK(partial.ticks[0].flags == (static_cast<uint32_t>(TickKind::clear) | kFlagSnapshot));
  CHECK(partial.ticks[0].exch_ts == 1723161254000000000);
  CHECK(partial.ticks[1].px == 11);
  CHECK(partial.ticks[3].kind() == TickKind::best_bid);
  CHECK(partial.ticks[5].kind() == TickKind::clear);  // of both sides: the asks are gone with it
  CHECK(partial.ticks[7].kind() == TickKind::best_bid);

  const std::string agg = R"({"e":"aggTrade","E":1723161255343,"s":"BTCUSDT","a":5,"p":"1.1","q":"2","f":8,"l":9,)"
                          R"("T":1723161255342123,"m":true,"M":true})";
  const std::string trade =
      R"({"e":"trade","E":1723161255343,"s":"BTCUSDT","t":8,"p":"1.1","q":"2","X":"INSURANCE_FUND",)"
      R"("T":1723161255342,"m":false})";
  const auto first = read(time + agg + "\n" + time + trade + "\n");
  REQUIRE(first.ticks.size() == 1);
  CHECK(first.ticks[0].exch_ts == 1723161255342123000);
  CHECK(first.ticks[0].order_id == 5);
  CHECK((first.ticks[0].flags & (kFlagSell | kFlagBuy)) == kFlagSell);
  CHECK(refused(first, "same trades in another stream") == 1);
  const auto odd = read(time + trade + "\n");
  REQUIRE(odd.ticks.size() == 1);
  CHECK((odd.ticks[0].flags & (kFlagSell | kFlagBuy | kFlagIrregular)) == (kFlagBuy | kFlagIrregular));

  const std::string answer = R"({"lastUpdateId":7,"bids":[["1.1","2"]],"asks":[["1.2","3"]]})";
  const auto rest = read("https://api.binance.com/api/v3/depth?symbol=ETHUSDT&limit=5 -> 1723161254.5: " + answer +
                         "\nhttps://api.binance.com/api/v3/depth?symbol=BTCUSDT&limit=5 -> 1723161254.5: " + answer);
  CHECK(rest.counts.rows_stored == 1);
  // Without a name the snapshot tells the market: it may be the first line of all.
  CHECK(read_recorded({folder.file("first", time + answer + "\n")}, {"BTCUSDT", 0.1, 0.001}).counts.rows_stored == 1);
  CHECK(refused(rest, "other symbol") == 1);

  const auto bad =
      read(time + R"({"e":"trade","E":1723161255343,"s":"BTCUSDT","t":8,"p":"1.15","q":"2","T":1723161255342,)" +
           R"("m":false})" + "\n" + time + R"({"e":"trade","s":"BTCUSDT","t":9)" + "\n" + time +
           R"({"e":"trade","s":"BTCUSDT","t":9,"p":"1","q":"1","T":5,"m":false})" + "\n" + time +
           R"({"e":"trade","s":"BTCUSDT","t":9,"p":"1","q":"-1","T":1723161255342,"m":false})" + "\n");
  CHECK(bad.ticks.empty());
  CHECK(refused(bad, "price off the tick grid") == 1);
  CHECK(refused(bad, "bad JSON") == 1);
  CHECK(refused(bad, "bad time") == 1);
  CHECK(refused(bad, "negative size") == 1);
}
