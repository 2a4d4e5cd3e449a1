// The lobster source on files made from the layout that lobsterdata.com describes (DataStructure), since no real one is
// at hand: a made file shows that the layout as written down loads.
#include <doctest/doctest.h>

#include "cuda/base/time.hpp"
#include "tests/data/sources/made_files.hpp"

using namespace tf;
using made::error_with;
using made::instrument;

namespace {

constexpr uint32_t kEnd = kFlagLast | data::kRowEnd;
const std::string kMessage = "AAPL_2012-06-21_34200000_57600000_message_2.csv";
const std::string kBook = "AAPL_2012-06-21_34200000_57600000_orderbook_2.csv";

const std::string kMessages =
    "34200.004241176,1,11,18,5853300,1\n"
    "34200.00426064,1,12,10,5859100,-1\n"
    "34200.004447484,4,11,8,5853300,1\n"
    "34200.025551909,2,12,4,5859100,-1\n"
    "34200.5,2,99,5,5850000,1\n"
    "34200.6,5,0,7,5855000,-1\n"
    "34201.123456789,6,-1,500,5856000,-1\n"
    "34202,7,0,0,-1,-1\n"
    "34203.1,7,0,0,0,-1\n"
    "34204.1,7,0,0,1,-1\n"
    "34205.12345,3,11,10,5853300,1\n";
const std::string kBooks =
    "5860000,20,5853300,18,9999999999,0,5850000,9\n"
    "5859100,10,5853300,18,5860000,20,5850000,9\n"
    "5859100,10,5853300,10,5860000,20,5850000,9\n"
    "5859100,6,5853300,10,5860000,20,5850000,9\n"
    "5859100,6,5853300,10,5860000,20,5850000,4\n"
    "5859100,6,5853300,10,5860000,20,5850000,4\n"
    "5859100,6,5853300,10,5860000,20,5850000,4\n"
    "5859100,6,5853300,10,5860000,20,5850000,4\n"
    "5859100,6,5853300,10,5860000,20,5850000,4\n"
    "5859100,6,5853300,10,5860000,20,5850000,4\n"
    "5859100,6,5850000,4,5860000,20,-9999999999,0\n";

struct Choice {
  std::string date = {}, off_grid = "refuse";
  int depth = 0;
};

made::Drained read(const std::vector<std::string>& files, const Choice& choice = {}, std::size_t batch = 4096) {
  const auto& entry = data::find_source("lobster");
  const auto params = entry.params.make();
  for (const Field& field : entry.params.fields) {
    char* const at = static_cast<char*>(params.get()) + field.offset;
    const std::string name = field.name;
    if (name == "date") *reinterpret_cast<std::string*>(at) = choice.date;
    if (name == "off_grid") *reinterpret_cast<std::string*>(at) = choice.off_grid;
    if (name == "depth") *reinterpret_cast<int*>(at) = choice.depth;
  }
  Instrument made = instrument(0.01);
  made.symbol = "AAPL";
  const auto source = entry.open({files, made}, params.get());
  return made::drain(*source, batch);
}

// 21 June 2012: New York is UTC-4.
int64_t utc(int64_t ns) { return parse_day("2012-06-21")->start_ns() + 4 * kHour + ns; }
Tick tick(int64_t ns, TickKind kind, uint32_t flags, int64_t px, int64_t qty, uint64_t id) {
  return {utc(ns), utc(ns), px, qty, id, static_cast<uint32_t>(kind) | flags};
}

}  // namespace

TEST_CASE("all seven types and the orderbook's quotes come as worked out by hand") {
  const made::Folder folder;
  folder.file(kBook, kBooks);
  const auto all = read({folder.file(kMessage, kMessages)});
  using K = TickKind;
  const std::vector<Tick> expected = {
      tick(34'200'004'241'176, K::order_add, kFlagBuy, 58'533, 18, 11),
      tick(34'200'004'241'176, K::best_bid, 0, 58'533, 18, 0),
      tick(34'200'004'241'176, K::best_ask, kEnd, 58'600, 20, 0),
      tick(34'200'004'260'640, K::order_add, kFlagSell, 58'591, 10, 12),
      tick(34'200'004'260'640, K::best_ask, kEnd, 58'591, 10, 0),
      tick(34'200'004'447'484, K::order_fill, kFlagBuy, 58'533, 8, 11),
      tick(34'200'004'447'484, K::trade, kFlagSell, 58'533, 8, 0),
      tick(34'200'004'447'484, K::best_bid, kEnd, 58'533, 10, 0),
      tick(34'200'025'551'909, K::order_modify, kFlagSell, 58'591, 6, 12),
      tick(34'200'025'551'909, K::best_ask, kEnd, 58'591, 6, 0),
      tick(34'200'500'000'000, K::order_cancel, kFlagBuy | kEnd, 58'500, 5, 99),
      tick(34'200'600'000'000, K::trade, kFlagHidden | kFlagBuy | kEnd, 58'550, 7, 0),
      tick(34'201'123'456'789, K::trade, kFlagAuction | kEnd, 58'560, 500, 0),
      tick(34'202'000'000'000, K::status, kEnd, 0, 0, 0),
      tick(34'203'100'000'000, K::status, kEnd, 0, 1, 0),
      tick(34'204'100'000'000, K::status, kEnd, 0, 2, 0),
      tick(34'205'123'450'000, K::order_cancel, kFlagBuy, 58'533, 10, 11),
      tick(34'205'123'450'000, K::best_bid, kEnd, 58'500, 4, 0),
  };
  REQUIRE(all.ticks.size() == expected.size());
  for (std::size_t at = 0; at < expected.size(); ++at) {
    CAPTURE(at);
    CHECK(all.ticks[at] == expected[at]);
  }
  CHECK(all.consistent());
  CHECK(all.counts.refused.empty());
  CHECK(all.counts.rows_read == 11);
  CHECK(all.damage == "");
  CHECK(all.counts.noted.at("order from before the file").rows == 1);
  CHECK(!all.counts.noted.contains("orderbook row does not fit its message"));
}

TEST_CASE("one file of a pair finds the other, both given are one day, an archive may hold both") {
  const made::Folder folder, zipped, resaved;
  const auto message = folder.file(kMessage, kMessages), book = folder.file(kBook, kBooks);
  const auto by_message = read({message});
  CHECK(read({book}).ticks == by_message.ticks);
  CHECK(read({book, message}).ticks == by_message.ticks);
  CHECK(read({message}, {}, 1).ticks == by_message.ticks);
  CHECK(read({zipped.zip("LOBSTER_Sample.zip", {{kMessage, kMessages}, {kBook, kBooks}, {"readme.txt", "hello"}})})
            .ticks == by_message.ticks);
  const made::Folder alone;
  CHECK(error_with(ErrorKind::no_input, "message", [&] { read({alone.file(kBook, kBooks)}); }));
  CHECK(error_with(ErrorKind::bad_data, "7-zip", [&] { read({alone.file("AAPL_2012-06-21_1_2_2.7z", "7z")}); }));
  CHECK(error_with(ErrorKind::config, "twice", [&] { read({message, message}); }));
}

TEST_CASE("copies saved by a spreadsheet load to the same ticks") {
  const made::Folder plain, saved;
  plain.file(kBook, kBooks);
  const auto wanted = read({plain.file(kMessage, kMessages)});
  for (const bool decimal_comma : {false, true}) {
    const auto resave = [&](std::string text, bool times) {
      std::string out;
      for (const char c : text)
        out += c == ',' ? ";" : c == '\n' ? "\r\n" : times && decimal_comma && c == '.' ? "," : std::string(1, c);
      return out;
    };
    saved.file(kBook, resave(kBooks, false));
    CHECK(read({saved.file(kMessage, resave(kMessages, true))}).ticks == wanted.ticks);
  }
}

TEST_CASE("without an orderbook file the quotes come from the orders, and that is noted") {
  const made::Folder folder;
  const auto all = read({folder.file(kMessage, kMessages)});
  CHECK(all.consistent());
  CHECK(all.counts.noted.at("opening book unknown").rows == 1);
  std::vector<Tick> quotes;
  for (const Tick& tick : all.ticks)
    if (tick.kind() == TickKind::best_bid || tick.kind() == TickKind::best_ask || tick.kind() == TickKind::clear)
      quotes.push_back(tick);
  REQUIRE(quotes.size() == 5);
  CHECK(quotes[2].qty == 10);
  CHECK(quotes[3].qty == 6);
  CHECK(quotes[4].kind() == TickKind::clear);
}

TEST_CASE("a missing row of either file is damage that names it") {
  const made::Folder folder;
  const auto without_last = [](const std::string& text) {
    return text.substr(0, text.rfind('\n', text.size() - 2) + 1);
  };
  const auto message = folder.file(kMessage, kMessages);
  folder.file(kBook, without_last(kBooks));
  const auto short_book = read({message});
  CHECK(short_book.damage.find("row 11 is missing") != std::string::npos);
  CHECK(short_book.counts.rows_stored == 10);
  CHECK(short_book.consistent());
  folder.file(kBook, kBooks);
  const auto short_messages = read({folder.file(kMessage, without_last(kMessages))});
  CHECK(short_messages.damage.find("line 11") != std::string::npos);
  CHECK(short_messages.counts.rows_stored == 10);
  // A row lost in the middle: the rows behind it no longer fit.
  folder.file(kMessage, kMessages);
  folder.file(kBook, kBooks.substr(kBooks.find('\n') + 1));
  CHECK(read({message}).counts.noted.contains("orderbook row does not fit its message"));
}

TEST_CASE("depth levels follow the orderbook file") {
  const made::Folder folder;
  folder.file(kBook, kBooks);
  const auto all = read({folder.file(kMessage, kMessages)}, {"", "refuse", 2});
  REQUIRE(all.ticks.size() > 8);
  CHECK(all.ticks[0].flags == (static_cast<uint32_t>(TickKind::clear) | kFlagSnapshot));
  std::map<int64_t, int64_t> bids, asks;
  for (const Tick& tick : all.ticks) {
    if (tick.kind() == TickKind::depth_bid) bids[tick.px] = tick.qty;
    if (tick.kind() == TickKind::depth_ask) asks[tick.px] = tick.qty;
  }
  CHECK(bids == std::map<int64_t, int64_t>{{58'500, 4}, {58'533, 0}});
  CHECK(asks == std::map<int64_t, int64_t>{{58'591, 6}, {58'600, 20}});
}

TEST_CASE("hidden prices off the cent grid are refused, or rounded when asked") {
  const made::Folder folder;
  const auto path = folder.file(kMessage, "34200.5,5,0,7,5855050,-1\n34201,1,5,7,5855000,1\n");
  const auto refused = read({path});
  CHECK(refused.counts.refused.at("price off the tick grid").line == 1);
  CHECK(refused.counts.rows_stored == 1);
  CHECK(read({path}, {"", "round"}).ticks[0].px == 58'551);
}

TEST_CASE("the side of a hidden execution is taken until July 2014 only") {
  const made::Folder folder;
  const auto path = folder.file("x_message.csv", "34200.5,5,0,7,5855000,1\n");
  CHECK(read({path}, {"2014-07-13"}).ticks[0].flags ==
        (static_cast<uint32_t>(TickKind::trade) | kFlagHidden | kFlagSell | kEnd));
  CHECK(read({path}, {"2014-07-14"}).ticks[0].flags == (static_cast<uint32_t>(TickKind::trade) | kFlagHidden | kEnd));
  CHECK(error_with(ErrorKind::config, "date", [&] { read({path}); }));
}

TEST_CASE("rows that cannot be read are refused and the pairing holds") {
  const made::Folder folder;
  folder.file(kBook, kBooks);
  std::string messages = kMessages;
  messages.replace(messages.find(",1,12"), 5, ",8,12");
  const auto all = read({folder.file(kMessage, messages)});
  CHECK(all.counts.refused.at("unknown event type").line == 2);
  CHECK(all.damage == "");
  CHECK(all.consistent());
  const made::Folder more;
  const auto bad = read({more.file(kMessage,
                                   "x,1,2,3,4,1\n34200,1,2,3,4\n34200,1,2,-3,100,1\n34200,1,2,3,100,0\n"
                                   "86400,1,2,3,100,1\n34200,1,2,3.5,100,1\n34200,7,0,0,5,-1\n")});
  CHECK(bad.counts.rows_stored == 0);
  CHECK(bad.consistent());
  CHECK(bad.counts.rows_read == 6);  // a first line that begins with a letter is a header
}

TEST_CASE("several days follow each other, a clear between them") {
  const made::Folder folder;
  const auto next = [](std::string name) { return name.replace(name.find("06-21"), 5, "06-22"); };
  folder.file(kBook, kBooks);
  folder.file(next(kBook), kBooks);
  const auto one = read({folder.file(kMessage, kMessages)});
  const auto two = read({folder.file(kMessage, kMessages), folder.file(next(kMessage), kMessages)});
  REQUIRE(two.ticks.size() == 2 * one.ticks.size() + 1);
  CHECK(two.ticks[one.ticks.size()].kind() == TickKind::clear);
  CHECK(two.counts.rows_read == 22);
}

TEST_CASE("files are guessed by their names, unnamed rows only perhaps") {
  const auto guess = data::find_source("lobster").guess;
  CHECK(guess({"/a/" + kMessage, "", kMessages, kMessages}).sure == data::Guess::Sure::yes);
  CHECK(guess({"/a/x.zip", kBook, "PK", kBooks}).sure == data::Guess::Sure::yes);
  CHECK(guess({"/a/m.csv", "", kMessages, kMessages}).sure == data::Guess::Sure::maybe);
  CHECK(guess({"/a/m.csv", "", kBooks, kBooks}).sure == data::Guess::Sure::no);
}
