// The framing of recordings: how lines may look, who the venue is, and what becomes of damage. Lines are made here from
// the layouts that hftbacktest and cryptofeed write; the venues have tests of their own with the real files.
#include <doctest/doctest.h>

#include "cuda/base/philox.hpp"
#include "data/sources/venues/venue.hpp"
#include "tests/data/sources/recorded_files.hpp"

using namespace tf;
using made::error_with;
using made::kTicks;
using made::noted;
using made::read_recorded;
using made::refused;

namespace {

// A Binance USD-M trade.
std::string trade(int64_t id, const std::string& symbol = "BTCUSDT") {
  return R"({"e":"trade","E":1723161255343,"T":1723161255342,"s":")" + symbol + R"(","t":)" + std::to_string(id) +
         R"(,"p":"61837.6","q":"0.02","X":"MARKET","m":true})";
}

const made::Wanted kWanted{"BTCUSDT", 0.1, 0.001};

// As Python writes bytes.
std::string python_bytes(const std::string& bytes) {
  std::string text = "b'";
  char code[8];
  for (const char c : bytes) {
    if (c == '\\' || c == '\'') {
      text += std::string("\\") + c;
    } else if (c >= ' ' && c <= '~') {
      text += c;
    } else {
      std::snprintf(code, sizeof code, "\\x%02x", static_cast<unsigned char>(c));
      text += code;
    }
  }
  return text + "'";
}

std::string hexadecimal(const std::string& bytes) {
  std::string text;
  char code[8];
  for (const char c : bytes) {
    std::snprintf(code, sizeof code, "%02x", static_cast<unsigned char>(c));
    text += code;
  }
  return text;
}

}  // namespace

TEST_CASE("each way of writing a line gives the same trade") {
  const made::Folder folder;
  std::string escaped = trade(1);
  for (std::size_t at = 0; (at = escaped.find('"', at)) != escaped.npos; at += 2) escaped.insert(at, "\\");
  for (const std::string& line :
       {"1723161254206652067 " + trade(1), "1723161254206652067\t" + trade(1) + "\r",
        "1723161254.206652067: " + trade(1), "1723161254206652067: " + python_bytes(trade(1)),
        "1723161254206652067: " + python_bytes(made::gzip(trade(1))), "1723161254206652067 \"" + escaped + "\"",
        "1723161254206652067 " + hexadecimal(trade(1)), "1723161254206652067 " + hexadecimal(made::gzip(trade(1))),
        "\xEF\xBB\xBF" + std::string("1723161254206652067 ") + trade(1)}) {
    CAPTURE(line);
    const auto all = read_recorded({folder.file("line", line)}, kWanted);
    CHECK(all.consistent());
    REQUIRE(all.ticks.size() == 1);
    CHECK(all.ticks[0] == Tick{1723161255342000000, 1723161254206652067, 618376, 20, 1,
                               static_cast<uint32_t>(TickKind::trade) | kFlagSell | kFlagLast | data::kRowEnd});
  }
  // Receive times in other units; none at all: the venue's time stands for it.
  CHECK(read_recorded({folder.file("ms", "1723161254206 " + trade(1))}, kWanted).ticks.at(0).local_ts ==
        1723161254206000000);
  CHECK(read_recorded({folder.file("none", trade(1))}, kWanted).ticks.at(0).local_ts == 1723161255342000000);
}

TEST_CASE("JSON lines with members for the time and the message") {
  const made::Folder folder;
  made::Wanted wanted = kWanted;
  wanted.params.time_member = "at";
  wanted.params.message_member = "msg";
  std::string escaped = trade(2);
  for (std::size_t at = 0; (at = escaped.find('"', at)) != escaped.npos; at += 2) escaped.insert(at, "\\");
  const std::string text = R"({"at":1723161254206652067,"msg":)" + trade(1) + "}\n" + R"({"msg":")" + escaped +
                           R"(","at":"2024-08-08T23:54:14.206652067Z"})" + "\n" + R"({"msg":)" + trade(3) + "}\n" +
                           R"({"at":1723161254206652067})" + "\n" + R"({"at":1723161254206652067,"msg":[1,)" + "\n";
  const auto all = read_recorded({folder.file("lines.jsonl", text)}, wanted);
  CHECK(all.consistent());
  REQUIRE(all.ticks.size() == 2);
  CHECK(all.ticks[0].local_ts == 1723161254206652067);
  CHECK(all.ticks[1].local_ts == 1723161254206652067);
  CHECK(all.ticks[1].order_id == 2);
  CHECK(refused(all, "no receive time before the message") == 1);
  CHECK(refused(all, "no message in the line") == 1);
  CHECK(refused(all, "bad JSON") == 1);

  wanted.params.message_member.clear();
  const std::string own = R"({"at":1723161254,)" + trade(1).substr(1);
  CHECK(read_recorded({folder.file("own.jsonl", own)}, wanted).ticks.at(0).local_ts == 1723161254000000000);
}

TEST_CASE("headers and blank lines are no rows; lines that cannot be read are refused with their place") {
  const made::Folder folder;
  const std::string text =
      "configuration: {'a': 1}\nwss://fstream.binance.com/stream?streams=x <-> 1723161254.1\n"
      "wss://fstream.binance.com/stream <- 1723161254.2: {\"op\":\"subscribe\"}\n\n"
      "<- 1723161254.2: {\"op\":\"subscribe\"}\n"
      "1723161254.3: {\"result\":null,\"id\":1}\n1723161254.4: " +
      trade(1) + "\n1723161254.5: " + trade(2).substr(0, 60) + "\nhello\n12345 {}\n1723161254.6\n" +
      "1723161254.7: b'\\xzz'\n1723161254.8: b'\\x1f\\x8b\\x00'\n1723161254.9: " + trade(3) + " rubbish\n\n";
  const auto all = read_recorded({folder.file("cryptofeed.txt", text)}, kWanted);
  CHECK(all.consistent());
  CHECK(all.counts.rows_read == 9);
  CHECK(all.counts.rows_stored == 1);
  CHECK(refused(all, "not market data") == 1);
  CHECK(refused(all, "bad JSON") == 2);
  CHECK(all.counts.refused.at("bad JSON").line == 8);
  CHECK(all.counts.refused.at("bad JSON").file.ends_with("cryptofeed.txt"));
  CHECK(all.counts.refused.at("bad JSON").example.starts_with("1723161254.5: {"));
  CHECK(refused(all, "no receive time before the message") == 3);
  CHECK(refused(all, "message with a broken escape") == 1);
  CHECK(refused(all, "message that does not unpack") == 1);
}

TEST_CASE("another symbol is refused, and all are named when none is the one wanted") {
  const made::Folder folder;
  std::string text;
  for (const char* const symbol : {"ETHUSDT", "BTCUSDT", "SOLUSDT"}) text += "1723161254.5: " + trade(1, symbol) + "\n";
  const std::string path = folder.file("three", text);
  const auto one = read_recorded({path}, kWanted);
  CHECK(one.counts.rows_stored == 1);
  CHECK(refused(one, "other symbol") == 2);
  CHECK(one.counts.noted.empty());
  made::Wanted wanted = kWanted;
  wanted.params.symbol = "SOL-USDT";
  const auto none = read_recorded({path}, wanted);
  CHECK(noted(none, "no message of SOL-USDT; the recording has BTCUSDT, ETHUSDT, SOLUSDT") == 3);
  wanted.params.symbol = "solusdt";
  CHECK(read_recorded({path}, wanted).counts.rows_stored == 1);
}

TEST_CASE("the venue is told or named; a name or bytes of none end in a clear error") {
  const made::Folder folder;
  const auto fails = [&](ErrorKind kind, const std::string& word, const std::string& text, const made::Wanted& wanted) {
    CHECK(error_with(kind, word, [&] { read_recorded({folder.file("some", text)}, wanted); }));
  };
  fails(ErrorKind::bad_data, "kraken", "1723161254 {\"a\":1}\n", kWanted);
  fails(ErrorKind::bad_data, "venue", "1,2,3\n4,5,6\n", kWanted);
  made::Wanted wanted = kWanted;
  wanted.params.venue = "krake";
  fails(ErrorKind::config, "auto, binance_spot", trade(1), wanted);
  wanted.params.venue = "kraken";
  CHECK(refused(read_recorded({folder.file("some", "1723161254 " + trade(1))}, wanted), "not market data") == 1);
  wanted.tick_size = 0;
  fails(ErrorKind::config, "tick_size", trade(1), wanted);
  fails(ErrorKind::bad_data, "HDF5", "\x89HDF\r\n\x1a\n", kWanted);
  CHECK(read_recorded({folder.file("empty", "")}, kWanted).counts.rows_read == 0);
}

TEST_CASE("guess names the venue of every real recording, whose rows are those that COUNTS.tsv knows") {
  const auto guess = data::find_source("recorded").guess;
  REQUIRE((guess != nullptr));
  const auto of = [&](const std::string& bytes) { return guess({"path", "", bytes, bytes}); };
  CHECK(of("").sure == data::Guess::Sure::no);
  CHECK(of("1,1.1,1.2\n2,1.1,1.2\n").sure == data::Guess::Sure::no);
  CHECK(of("[[1,2,3],[4,5,6]]").sure == data::Guess::Sure::no);
  CHECK(of("1723161254206652067 {\"a\":1}\n").sure == data::Guess::Sure::maybe);
  CHECK(of("1723161254206652067 " + trade(1)).sure == data::Guess::Sure::yes);
  if (!made::have_ticks()) {
    MESSAGE("skipped: no ../shared/ticks");
    return;
  }
  const std::pair<const char*, const char*> files[] = {{"hftbacktest/usdm/ethusdt_20240808.gz", "binance_usdm"},
                                                       {"hftbacktest/spot/btcusdt_20240808.gz", "binance_spot"},
                                                       {"hftbacktest/spot/btcusdt_20240809.gz", "binance_spot"},
                                                       {"hftbacktest/cm/btcusd_perp_20240808.gz", "binance_coinm"},
                                                       {"cryptofeed/BINANCE.ws.1.0", "binance_spot"},
                                                       {"cryptofeed/BINANCE_DELIVERY.ws.1.0", "binance_coinm"},
                                                       {"cryptofeed/KRAKEN.ws.48.0", "kraken"},
                                                       {"cryptofeed/KRAKEN.ws.49.0", "kraken"},
                                                       {"cryptofeed/KRAKEN.ws.50.0", "kraken"},
                                                       {"cryptofeed/OKX.ws.1.0", "okx"},
                                                       {"cryptofeed/COINBASE.ws.28.0", "coinbase"},
                                                       {"cryptofeed/BYBIT.ws.25.0", "bybit"},
                                                       {"cryptofeed/BITMEX.ws.1.0", "bitmex"},
                                                       {"cryptofeed/BITSTAMP.ws.1.0", "bitstamp"},
                                                       {"cryptofeed/DERIBIT.ws.1.0", "deribit"},
                                                       {"hftbacktest/hyperliquid/btcusd_20250126.gz", "hyperliquid"}};
  for (const auto& [path, venue] : files) {
    CAPTURE(std::string(path));
    const auto lines = made::lines_of(kTicks + path);
    const auto found = of(made::joined(lines).substr(0, 65536));
    CHECK(found.sure == data::Guess::Sure::yes);
    REQUIRE(found.params.size() == 1);
    CHECK(found.params[0].second == venue);
    const auto all = read_recorded({kTicks + path}, {"NONE", 0.01, 0.01});
    CHECK(all.consistent());
    CHECK(all.damage == "");
    CHECK(all.counts.rows_read == made::rows_known(path));
    CHECK(all.counts.rows_stored == 0);
    CHECK(noted(all, all.counts.noted.empty() ? "" : all.counts.noted.rbegin()->first) > 0);
    // Without the header the messages alone tell.
    std::string rest;
    for (const std::string& line : lines)
      if (!line.starts_with("wss:")) rest += line + "\n";
    const auto bare = of(rest.substr(0, 65536));
    CHECK(bare.sure == data::Guess::Sure::yes);
    REQUIRE(bare.params.size() == 1);
    CHECK(bare.params[0].second == venue);
  }
}

TEST_CASE("no venue claims the messages of another") {
  if (!made::have_ticks()) {
    MESSAGE("skipped: no ../shared/ticks");
    return;
  }
  for (const auto& entry : std::filesystem::directory_iterator(kTicks + "cryptofeed")) {
    const std::string name = entry.path().filename();
    if (name.find(".ws.") == name.npos) continue;
    CAPTURE(name);
    std::map<std::string, int64_t> claimed;
    for (const std::string& line : made::lines_of(entry.path())) {
      const std::size_t colon = line.find(": ");
      if (colon == line.npos || line.starts_with("wss:")) continue;
      for (const data::VenueEntry& venue : data::venues())
        if (venue.claims("", std::string_view(line).substr(colon + 2))) ++claimed[venue.name];
    }
    CHECK(claimed.size() <= 1);
    for (const auto& [venue, rows] : claimed) {
      std::string upper = venue.substr(0, venue.find('_'));
      std::transform(upper.begin(), upper.end(), upper.begin(), ::toupper);
      CHECK(name.starts_with(upper));
    }
  }
}

TEST_CASE("a batch of any size gives the same ticks; a cut or damaged gz gives what was before it") {
  if (!made::have_ticks()) {
    MESSAGE("skipped: no ../shared/ticks");
    return;
  }
  const made::Wanted wanted{"BTC-USDT", 0.1, 1e-8};
  const std::string path = kTicks + "cryptofeed/OKX.ws.1.0";
  const auto whole = read_recorded({path}, wanted);
  for (const std::size_t batch : {1, 2, 7, 1000}) CHECK(read_recorded({path}, wanted, batch).ticks == whole.ticks);

  const made::Folder folder;
  const std::string packed = made::gzip(made::read_bytes(path));
  CHECK(read_recorded({folder.file("whole.gz", packed)}, wanted).ticks == whole.ticks);
  const auto cut = read_recorded({folder.file("cut.gz", packed.substr(0, packed.size() / 2))}, wanted);
  CHECK(cut.consistent());
  CHECK(cut.damage.find("cut.gz") != std::string::npos);
  CHECK(refused(cut, "truncated input") == 1);
  CHECK(cut.ticks.size() > 1000);
  CHECK(cut.ticks.size() < whole.ticks.size());
  CHECK(std::equal(cut.ticks.begin(), cut.ticks.end(), whole.ticks.begin()));
  std::string flipped = packed;
  flipped[packed.size() / 2] ^= 0x10;
  const auto broken = read_recorded({folder.file("broken.gz", flipped)}, wanted);
  CHECK(broken.consistent());
  CHECK(!broken.damage.empty());
}

TEST_CASE("lines up to 16 MiB are read, a longer one is refused and the next is read") {
  const made::Folder folder;
  const auto padded = [](int64_t id, std::size_t bytes) {
    std::string text = trade(id);
    text.insert(1, "\"pad\":\"" + std::string(bytes, 'x') + "\",");
    return "1723161254 " + text + "\n";
  };
  const std::string text = padded(1, 100) + padded(2, 15 << 20) + padded(3, 17 << 20) + padded(4, 100);
  const auto all = read_recorded({folder.file("long", text)}, kWanted);
  CHECK(all.consistent());
  CHECK(all.counts.rows_stored == 3);
  CHECK(all.ticks.back().order_id == 4);
  CHECK(refused(all, "line too long") == 1);
  CHECK(all.counts.refused.at("line too long").line == 3);
}

TEST_CASE("random changes of the bytes never break a venue or the counts") {
  if (!made::have_ticks()) {
    MESSAGE("skipped: no ../shared/ticks");
    return;
  }
  const struct {
    const char *path, *symbol;
  } seeds[] = {{"cryptofeed/OKX.ws.1.0", "BTC-USDT"},
               {"cryptofeed/KRAKEN.ws.50.0", "SC/EUR"},
               {"cryptofeed/KRAKEN.ws.48.0", "XMR/USD"},
               {"cryptofeed/BINANCE.ws.1.0", "NKNUSDT"},
               {"cryptofeed/BINANCE_DELIVERY.ws.1.0", "BCHUSD_PERP"}};
  const made::Folder folder;
  const RandomStream random{3, Purpose::test, 2};
  uint64_t step = 0;
  int64_t stored = 0, refused = 0;
  for (const auto& seed : seeds) {
    auto lines = made::lines_of(kTicks + seed.path);
    std::erase_if(lines, [](const std::string& line) { return line.size() > 3000; });
    if (lines.size() > 200) lines.resize(200);
    const std::string text = made::joined(lines);
    for (int round = 0; round < 30; ++round) {
      std::string changed = text;
      for (int change = 0; change < 40; ++change) {
        const std::size_t where = random.below(step++, static_cast<uint32_t>(changed.size()));
        switch (random.below(step++, 3)) {
          case 0:
            changed[where] = static_cast<char>(random.below(step++, 256));
            break;
          case 1:
            changed.erase(where, 1 + random.below(step++, 9));
            break;
          default:
            changed.insert(where, 1, "[]{}\",:\n-e0"[random.below(step++, 11)]);
        }
      }
      try {
        const auto all = read_recorded({folder.file("changed", changed)}, {seed.symbol, 1e-6, 1e-8}, 64);
        REQUIRE(all.consistent());
        REQUIRE(made::well_ended(all));
        stored += all.counts.rows_stored;
        refused += all.refused();
      } catch (const Error&) {
        // bytes that no venue claims any more, or that look like another format
      }
    }
  }
  CHECK(stored > 2000);
  CHECK(refused > 2000);
}
