// The itch50 source on files made from the layout of the venue's specification, since no real one is at hand: the
// writer here is apart from the reader, and the ticks expected were worked out by hand.
#include <doctest/doctest.h>

#include "cuda/base/time.hpp"
#include "tests/data/sources/made_files.hpp"

using namespace tf;
using made::error_with;
using made::instrument;

namespace {

constexpr int64_t kOpen = 34'200 * kSecond;  // 09:30 in New York

/// Bytes of one message, appended field by field.
struct Bytes {
  std::string text;
  Bytes& n(uint64_t value, int bytes) {
    for (int place = bytes - 1; place >= 0; --place) text += static_cast<char>(value >> (8 * place) & 0xFF);
    return *this;
  }
  Bytes& a(std::string value, std::size_t width) {
    value.resize(width, ' ');
    text += value;
    return *this;
  }
};

Bytes head(char type, int locate, int64_t ns) {
  return Bytes{}.a(std::string(1, type), 1).n(static_cast<uint64_t>(locate), 2).n(7, 2).n(static_cast<uint64_t>(ns), 6);
}
std::string frame(const std::string& message) { return Bytes{}.n(message.size(), 2).text + message; }
std::string frame(const Bytes& message) { return frame(message.text); }

std::string directory(int locate, const std::string& stock) {
  return frame(
      head('R', locate, 11'000 * kSecond).a(stock, 8).a("QN", 2).n(100, 4).a("NCZ PN 1N", 9).n(0, 4).a("N", 1));
}
std::string add(int locate, int64_t ns, uint64_t id, char side, uint32_t shares, const char* stock, uint32_t price) {
  return frame(head('A', locate, ns).n(id, 8).a({side}, 1).n(shares, 4).a(stock, 8).n(price, 4));
}
std::string executed(int64_t ns, uint64_t id, uint32_t shares, uint64_t match) {
  return frame(head('E', 5, ns).n(id, 8).n(shares, 4).n(match, 8));
}
std::string priced(int64_t ns, uint64_t id, uint32_t shares, uint64_t match, char printable, uint32_t price) {
  return frame(head('C', 5, ns).n(id, 8).n(shares, 4).n(match, 8).a({printable}, 1).n(price, 4));
}
std::string system_event(char code) { return frame(head('S', 0, kOpen).a({code}, 1)); }

made::Drained read(const std::vector<std::string>& files, std::map<std::string, std::string> texts = {},
                   std::size_t batch = 4096, double tick = 0.01) {
  const auto& entry = data::find_source("itch50");
  const auto params = entry.params.make();
  for (const Field& field : entry.params.fields)
    if (texts.contains(field.name) && field.type == FieldType::text)
      *reinterpret_cast<std::string*>(static_cast<char*>(params.get()) + field.offset) = texts[field.name];
    else if (texts.contains(field.name))
      *reinterpret_cast<bool*>(static_cast<char*>(params.get()) + field.offset) = texts[field.name] == "true";
  Instrument made = instrument(tick);
  made.symbol = "AAPL";
  const auto source = entry.open({files, made}, params.get());
  return made::drain(*source, batch);
}

// 30 January 2019: New York is UTC-5.
int64_t utc(int64_t ns) { return parse_day("2019-01-30")->start_ns() + 5 * kHour + ns; }

Tick tick(int64_t ns, TickKind kind, uint32_t flags, int64_t px, int64_t qty, uint64_t id) {
  return {utc(ns), utc(ns), px, qty, id, static_cast<uint32_t>(kind) | flags};
}
constexpr uint32_t kEnd = kFlagLast | data::kRowEnd;

std::string small_day() {
  std::string bytes = system_event('O') + directory(5, "AAPL") + directory(6, "MSFT");
  bytes += frame(head('H', 5, kOpen).a("AAPL", 8).a("T", 1).a(" ", 1).a("", 4));
  bytes += add(5, kOpen + 1, 1, 'B', 100, "AAPL", 1'000'000);
  bytes += add(6, kOpen + 1, 2, 'S', 100, "MSFT", 1'010'000);
  bytes += frame(head('F', 5, kOpen + 2).n(3, 8).a("S", 1).n(200, 4).a("AAPL", 8).n(1'001'000, 4).a("NSDQ", 4));
  bytes += executed(kOpen + 3, 1, 30, 77);
  bytes += priced(kOpen + 4, 3, 50, 78, 'Y', 1'000'500);
  bytes += priced(kOpen + 5, 3, 50, 79, 'N', 1'000'500);
  bytes += frame(head('X', 5, kOpen + 6).n(1, 8).n(20, 4));
  bytes += frame(head('U', 5, kOpen + 7).n(1, 8).n(9, 8).n(40, 4).n(1'000'200, 4));
  bytes += frame(head('D', 5, kOpen + 8).n(9, 8));
  bytes += frame(head('P', 5, kOpen + 9).n(0, 8).a("B", 1).n(11, 4).a("AAPL", 8).n(1'000'700, 4).n(80, 8));
  bytes += frame(head('Q', 5, kOpen + 10).n(5'000'000'000, 8).a("AAPL", 8).n(1'000'600, 4).n(81, 8).a("O", 1));
  bytes += frame(head('Q', 5, kOpen + 11).n(0, 8).a("AAPL", 8).n(0, 4).n(82, 8).a("C", 1));
  bytes += frame(head('B', 5, kOpen + 12).n(78, 8));
  bytes += frame(head('B', 5, kOpen + 13).n(999, 8));
  bytes += frame(head('h', 5, kOpen + 14).a("AAPL", 8).a("QH", 2));
  bytes += frame(head('I', 5, kOpen + 15).n(1, 8).n(2, 8).a("B", 1).a("AAPL", 8).n(1, 4).n(2, 4).n(3, 4).a("O1", 2));
  return bytes;
}

}  // namespace

TEST_CASE("every message of a made day gives the ticks worked out by hand") {
  const made::Folder folder;
  const auto all = read({folder.file("01302019.NASDAQ_ITCH50", small_day())});
  const std::vector<Tick> expected = {
      tick(kOpen, TickKind::status, kEnd, 0, 2, 0),
      tick(kOpen + 1, TickKind::order_add, kFlagBuy, 10'000, 100, 1),
      tick(kOpen + 1, TickKind::best_bid, kEnd, 10'000, 100, 0),
      tick(kOpen + 2, TickKind::order_add, kFlagSell, 10'010, 200, 3),
      tick(kOpen + 2, TickKind::best_ask, kEnd, 10'010, 200, 0),
      tick(kOpen + 3, TickKind::order_fill, kFlagBuy, 10'000, 30, 1),
      tick(kOpen + 3, TickKind::trade, kFlagSell, 10'000, 30, 77),
      tick(kOpen + 3, TickKind::best_bid, kEnd, 10'000, 70, 0),
      tick(kOpen + 4, TickKind::order_fill, kFlagSell, 10'010, 50, 3),
      tick(kOpen + 4, TickKind::trade, kFlagBuy, 10'005, 50, 78),
      tick(kOpen + 4, TickKind::best_ask, kEnd, 10'010, 150, 0),
      tick(kOpen + 5, TickKind::order_fill, kFlagSell, 10'010, 50, 3),
      tick(kOpen + 5, TickKind::best_ask, kEnd, 10'010, 100, 0),
      tick(kOpen + 6, TickKind::order_modify, kFlagBuy, 10'000, 50, 1),
      tick(kOpen + 6, TickKind::best_bid, kEnd, 10'000, 50, 0),
      tick(kOpen + 7, TickKind::order_cancel, kFlagBuy, 10'000, 50, 1),
      tick(kOpen + 7, TickKind::order_add, kFlagBuy, 10'002, 40, 9),
      tick(kOpen + 7, TickKind::best_bid, kEnd, 10'002, 40, 0),
      tick(kOpen + 8, TickKind::order_cancel, kFlagBuy, 10'002, 40, 9),
      tick(kOpen + 8, TickKind::clear, kFlagBuy | kEnd, 0, 0, 0),
      tick(kOpen + 9, TickKind::trade, kFlagHidden | kEnd, 10'007, 11, 80),
      tick(kOpen + 10, TickKind::trade, kFlagAuction | kEnd, 10'006, 5'000'000'000, 81),
      tick(kOpen + 12, TickKind::trade_break, kEnd, 10'005, 50, 78),
      tick(kOpen + 14, TickKind::status, kEnd, 0, 0, 0),
  };
  REQUIRE(all.ticks.size() == expected.size());
  for (std::size_t at = 0; at < expected.size(); ++at) {
    CAPTURE(at);
    CHECK(all.ticks[at] == expected[at]);
  }
  CHECK(all.consistent());
  CHECK(all.damage == "");
  CHECK(all.counts.rows_read == 20);
  CHECK(all.counts.refused.at("other symbol").rows == 2);
  CHECK(all.counts.refused.at("not market data").rows == 3);
  CHECK(all.counts.refused.at("cross of size 0").rows == 1);
  CHECK(all.counts.refused.at("broken trade that was not seen").rows == 1);
  CHECK(all.counts.noted.at("execution that is not printable").rows == 1);
}

TEST_CASE("batches of any size and packed files give the same ticks") {
  const made::Folder folder;
  const auto whole = read({folder.file("S013019-v50.txt", small_day())});
  for (const std::size_t batch : {1u, 2u, 5u}) {
    const auto parts = read({folder.file("20190130.itch", small_day())}, {}, batch);
    CHECK(parts.ticks == whole.ticks);
    CHECK(parts.consistent());
  }
  CHECK(read({folder.file("S013019-v50.txt.gz", made::gzip(small_day()))}).ticks == whole.ticks);
}

TEST_CASE("the time of day is New York's, summer and winter, by the date of the name or the parameter") {
  const made::Folder folder;
  const std::string bytes = directory(5, "AAPL") + add(5, kOpen, 1, 'B', 100, "AAPL", 1'000'000);
  const auto first = [&](const std::string& name, std::map<std::string, std::string> texts) {
    return read({folder.file(name, bytes)}, texts).ticks.at(0).exch_ts;
  };
  CHECK(first("07302019.NASDAQ_ITCH50", {}) == parse_day("2019-07-30")->start_ns() + kOpen + 4 * kHour);
  CHECK(first("x.bin", {{"date", "2019-12-02"}}) == parse_day("2019-12-02")->start_ns() + kOpen + 5 * kHour);
  CHECK(error_with(ErrorKind::config, "date", [&] { first("x.bin", {}); }));
  CHECK(error_with(ErrorKind::config, "YYYY-MM-DD", [&] { first("x.bin", {{"date", "soon"}}); }));
}

TEST_CASE("unknown types and wrong lengths are refused with their byte, and the framing goes on") {
  const made::Folder folder;
  const std::string start = directory(5, "AAPL");
  const std::string bytes = start + frame(std::string("Zzz")) + frame(std::string("A too short")) +
                            frame(std::string()) + add(5, kOpen, 1, 'B', 100, "AAPL", 1'000'000) +
                            executed(kOpen, 4, 1, 1) + add(5, kOpen, 2, 'K', 100, "AAPL", 1'000'000) +
                            add(5, kOpen, 2, 'B', 0, "AAPL", 1'000'000) + add(5, kOpen, 2, 'B', 1, "AAPL", 1'000'050) +
                            add(5, 86'400 * kSecond, 2, 'B', 1, "AAPL", 100);
  const auto all = read({folder.file("20190130.bin", bytes)});
  CHECK(all.consistent());
  CHECK(all.counts.rows_stored == 1);
  CHECK(all.counts.refused.at("unknown message type").line == static_cast<int64_t>(start.size()));
  CHECK(all.counts.refused.at("wrong message length").line == static_cast<int64_t>(start.size()) + 5);
  CHECK(all.counts.refused.at("empty message").rows == 1);
  CHECK(all.counts.refused.at("unknown order").rows == 1);
  CHECK(all.counts.refused.at("bad side").rows == 1);
  CHECK(all.counts.refused.at("order of size 0").rows == 1);
  CHECK(all.counts.refused.at("price off the tick grid").rows == 1);
  CHECK(all.counts.refused.at("time out of range").rows == 1);
  CHECK(all.damage == "");
}

TEST_CASE("a message that runs past the end is damage; what came before is given") {
  const made::Folder folder;
  const std::string bytes = small_day();
  for (const std::size_t cut : {bytes.size() - 1, bytes.size() - 30, bytes.size() - 51}) {
    const auto all = read({folder.file("20190130.bin", bytes.substr(0, cut))});
    CHECK(all.consistent());
    CHECK(all.damage.find("20190130.bin: byte ") != std::string::npos);
    CHECK(all.counts.rows_read == 19);
  }
  CHECK(read({folder.file("20190130.bin", bytes.substr(0, bytes.size() - 52))}).damage == "");
}

TEST_CASE("a file that begins after the directory is read from the first message that names the stock") {
  const made::Folder folder;
  const auto all =
      read({folder.file("20190130.bin", executed(kOpen, 1, 1, 1) + add(5, kOpen, 2, 'S', 5, "AAPL", 100))});
  CHECK(all.counts.refused.at("other symbol").rows == 1);
  CHECK(all.counts.rows_stored == 1);
}

TEST_CASE("a second day starts with a clear and an empty book") {
  const made::Folder folder;
  const auto one = folder.file("20190130.bin", add(5, kOpen, 2, 'S', 5, "AAPL", 100));
  const auto two = folder.file("20190131.bin", add(5, kOpen, 2, 'S', 7, "AAPL", 100));
  const auto all = read({one, two});
  REQUIRE(all.ticks.size() == 5);
  CHECK(all.ticks[2].flags == (static_cast<uint32_t>(TickKind::clear) | kFlagSnapshot));
  CHECK(all.ticks[4].qty == 7);
  CHECK(all.ticks[4].exch_ts - all.ticks[1].exch_ts == kDay);
}

TEST_CASE("without order rows the trades and best quotes stay the same") {
  const made::Folder folder;
  const std::string path = folder.file("20190130.bin", small_day());
  std::vector<Tick> wanted;
  for (const Tick& tick : read({path}).ticks)
    if (tick.kind() < TickKind::order_add || tick.kind() > TickKind::order_fill) wanted.push_back(tick);
  const auto all = read({path}, {{"orders", "false"}});
  CHECK(all.ticks == wanted);
  CHECK(all.consistent());
}

TEST_CASE("frames of ITCH are guessed, other bytes are not") {
  const auto guess = data::find_source("itch50").guess;
  const std::string bytes = small_day();
  CHECK(guess({"x.gz", "", bytes, bytes}).sure == data::Guess::Sure::yes);
  CHECK(guess({"x", "", "hello", "hello, world"}).sure == data::Guess::Sure::no);
  CHECK(guess({"x", "", "", ""}).sure == data::Guess::Sure::no);
}
