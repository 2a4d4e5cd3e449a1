// The npz source on arrays that the test writes byte by byte after numpy's format (numpy.lib.format) and hftbacktest's
// types; tests/data/sources/npz_numpy_test.py does it with numpy itself.
#include <doctest/doctest.h>

#include <cmath>
#include <cstring>

#include "cuda/base/time.hpp"
#include "tests/data/sources/made_files.hpp"

using namespace tf;
using made::error_with;
using made::instrument;

namespace {

constexpr uint64_t kExch = 1ull << 31, kLocal = 1ull << 30, kBuy = 1ull << 29, kSell = 1ull << 28,
                   kBoth = kExch | kLocal;
constexpr int64_t kT = 1'700'000'000 * kSecond;
constexpr uint32_t kRow = data::kRowEnd, kEnd = kFlagLast | data::kRowEnd;

struct Event {
  uint64_t ev;
  int64_t exch, local;
  double px, qty;
  uint64_t id = 0;
};

std::string npy(const std::string& literal, const std::string& rows, int version = 1) {
  std::string header = literal;
  while ((header.size() + (version == 1 ? 11 : 13)) % 64) header += ' ';
  header += '\n';
  std::string bytes = "\x93NUMPY";
  bytes +=
      {static_cast<char>(version), 0, static_cast<char>(header.size() & 0xFF), static_cast<char>(header.size() >> 8)};
  if (version > 1) bytes += std::string(2, '\0');
  return bytes + header + rows;
}

const std::string kFields =
    "[('ev', '<u8'), ('exch_ts', '<i8'), ('local_ts', '<i8'), ('px', '<f8'), ('qty', '<f8'), ('order_id', '<u8'), "
    "('ival', '<i8'), ('fval', '<f8')]";

std::string array(const std::vector<Event>& events, const std::string& fields = kFields, int version = 1) {
  std::string rows;
  for (const Event& event : events) {
    char record[64] = {};
    std::memcpy(record, &event, 48);
    rows.append(record, 64);
  }
  return npy("{'descr': " + fields + ", 'fortran_order': False, 'shape': (" + std::to_string(events.size()) + ",), }",
             rows, version);
}

made::Drained read(const std::vector<std::string>& files, const std::string& events = "merged",
                   std::size_t batch = 4096) {
  const auto& entry = data::find_source("npz");
  const auto params = entry.params.make();
  for (const Field& field : entry.params.fields)
    if (std::string(field.name) == "events")
      *reinterpret_cast<std::string*>(static_cast<char*>(params.get()) + field.offset) = events;
  const auto source = entry.open({files, instrument(0.01, 0.001)}, params.get());
  return made::drain(*source, batch);
}

Tick tick(int64_t exch, int64_t local, TickKind kind, uint32_t flags, int64_t px, int64_t qty, uint64_t id = 0) {
  return {exch, local, px, qty, id, static_cast<uint32_t>(kind) | flags};
}

const std::vector<Event> kEvents = {
    {3 | kBoth | kBuy, kT, kT + 5, 0, 0},
    {4 | kBoth | kBuy, kT, kT + 5, 100.01, 1.5},
    {4 | kBoth | kBuy, kT, kT + 5, 100.00, 2},
    {4 | kBoth | kSell, kT, kT + 5, 100.02, 1},
    {1 | kBoth | kSell, kT + 10, kT + 15, 100.03, 0.25},
    {2 | kBoth | kSell, kT + 10, kT + 15, 100.01, 0.5, 7},
    {2 | kBoth, kT + 11, kT + 15, 100.02, 0.001},
    {5 | kBoth | kBuy, kT + 12, kT + 20, 100.01, 1},
    {5 | kBoth | kSell, kT + 12, kT + 20, 26.310000000000002, 0.1 + 0.2},
    {10 | kBoth | kBuy, kT + 13, kT + 20, 99.99, 3, 41},
    {12 | kBoth | kBuy, kT + 14, kT + 20, 99.99, 2, 41},
    {13 | kBoth | kBuy, kT + 15, kT + 20, 99.99, 1, 41},
    {11 | kBoth | kBuy, kT + 16, kT + 20, 99.99, 1, 41},
    {3 | kBoth | kBuy, kT + 17, kT + 20, 100.01, 0},
};

}  // namespace

TEST_CASE("every kind of event becomes the tick worked out by hand") {
  const made::Folder folder;
  using K = TickKind;
  const std::vector<Tick> expected = {
      tick(kT, kT + 5, K::clear, kFlagBuy | kRow, 0, 0),
      tick(kT, kT + 5, K::depth_bid, kFlagSnapshot | kRow, 10'001, 1500),
      tick(kT, kT + 5, K::depth_bid, kFlagSnapshot | kRow, 10'000, 2000),
      tick(kT, kT + 5, K::depth_ask, kFlagSnapshot | kEnd, 10'002, 1000),
      tick(kT + 10, kT + 15, K::depth_ask, kEnd, 10'003, 250),
      tick(kT + 10, kT + 15, K::trade, kFlagSell | kEnd, 10'001, 500, 7),
      tick(kT + 11, kT + 15, K::trade, kEnd, 10'002, 1),
      tick(kT + 12, kT + 20, K::best_bid, kRow, 10'001, 1000),
      tick(kT + 12, kT + 20, K::best_ask, kEnd, 2631, 300),
      tick(kT + 13, kT + 20, K::order_add, kFlagBuy | kEnd, 9999, 3000, 41),
      tick(kT + 14, kT + 20, K::order_modify, kFlagBuy | kEnd, 9999, 2000, 41),
      tick(kT + 15, kT + 20, K::order_fill, kFlagBuy | kEnd, 9999, 1000, 41),
      tick(kT + 16, kT + 20, K::order_cancel, kFlagBuy | kEnd, 9999, 1000, 41),
      // A clear down to 100.01 takes one level of two.
      tick(kT + 17, kT + 20, K::depth_bid, kEnd, 10'001, 0),
  };
  const auto plain = read({folder.file("a.npy", array(kEvents))});
  REQUIRE(plain.ticks.size() == expected.size());
  for (std::size_t at = 0; at < expected.size(); ++at) {
    CAPTURE(at);
    CHECK(plain.ticks[at] == expected[at]);
  }
  CHECK(plain.consistent());
  CHECK(plain.counts.refused.empty());
  const std::string other = array({{2 | kBoth, kT, kT, 1, 1}});
  CHECK(read({folder.zip("a.npz", {{"aaa.npy", other}, {"data.npy", array(kEvents)}})}).ticks == expected);
  CHECK(read({folder.zip("b.npz", {{"x.npy", array(kEvents)}})}, "merged", 1).ticks == expected);
  CHECK(read({folder.file("c.npy", array(kEvents, kFields, 2))}).ticks == expected);
}

TEST_CASE("an event written once for each clock comes once") {
  const made::Folder folder;
  const Event first = {1 | kBuy, kT, kT + 50, 100, 1}, second = {2 | kSell, kT + 10, kT + 20, 100, 1};
  const auto with = [](Event event, uint64_t whose) {
    event.ev |= whose;
    return event;
  };
  // The receiver hears the second one first.
  const auto path = folder.file("a.npy", array({with(first, kExch), with(second, kBoth), with(first, kLocal)}));
  const auto merged = read({path}), exchange = read({path}, "exchange"), local = read({path}, "local");
  REQUIRE(merged.ticks.size() == 2);
  CHECK(merged.ticks[0].kind() == TickKind::depth_bid);
  CHECK(merged.counts.refused.at("second copy of an event").rows == 1);
  CHECK(exchange.ticks == merged.ticks);
  REQUIRE(local.ticks.size() == 2);
  CHECK(local.ticks[0].kind() == TickKind::trade);
  // A copy that never comes leaves the event in; equal events are two.
  const auto alone = folder.file("b.npy", array({with(first, kLocal), with(second, kExch), with(second, kExch)}));
  CHECK(read({alone}).ticks.size() == 3);
  CHECK(read({alone}).consistent());
}

TEST_CASE("missing fields, other orders and other types of fields are read") {
  const made::Folder folder;
  std::string row(40, '\0');
  const int32_t qty = 3;
  const uint64_t ev = __builtin_bswap64(2 | kBoth | kBuy);
  const float px = 1.1f;
  const int64_t ts = kT;
  std::memcpy(row.data(), &qty, 4);
  std::memcpy(row.data() + 7, &ev, 8);
  std::memcpy(row.data() + 15, &px, 4);
  std::memcpy(row.data() + 32, &ts, 8);
  const std::string fields =
      "[('qty', '<i4'), ('', '|V3'), ('ev', '>u8'), ('px', '<f4'), ('more', '<f4', (3,)), ('b', '|b1'), ('exch_ts', "
      "'<i8')]";
  const auto all =
      read({folder.file("a.npy", npy("{\"descr\": " + fields + ", 'fortran_order': False, 'shape': (1,)}", row))});
  REQUIRE(all.ticks.size() == 1);
  CHECK(all.ticks[0] == tick(kT, kT, TickKind::trade, kFlagBuy | kEnd, 110, 3000));
  CHECK(all.counts.noted.contains("no local_ts in the array"));
}

TEST_CASE("what cannot be a tick is refused with its row") {
  const made::Folder folder;
  const auto all = read({folder.file("a.npy", array({{9 | kBoth, kT, kT, 1, 1},
                                                     {2 | kBoth, kT, kT, std::nan(""), 1},
                                                     {2 | kBoth, kT, kT, 1.001, 1},
                                                     {2 | kBoth, kT, kT, 1, -1},
                                                     {2 | kBoth, -5, kT, 1, 1},
                                                     {2 | kBoth, kT, kT, INFINITY, 1},
                                                     {1 | kBoth, kT, kT, 1, 1},
                                                     {2 | kBoth, kT, kT, 1e300, 1}}))});
  CHECK(all.ticks.empty());
  CHECK(all.consistent());
  CHECK(all.counts.refused.at("unknown event").rows == 1);
  CHECK(all.counts.refused.at("not a number").example.find("row 1") == 0);
  CHECK(all.counts.refused.at("price off the tick grid").rows == 1);
  CHECK(all.counts.refused.at("negative size").rows == 1);
  CHECK(all.counts.refused.at("time out of range").rows == 1);
  CHECK(all.counts.refused.at("number out of range").rows == 2);
  CHECK(all.counts.refused.at("event without a side").rows == 1);
}

TEST_CASE("a cut array yields its whole rows and says where it ends") {
  const made::Folder folder;
  const std::string bytes = array(kEvents);
  const auto all = read({folder.file("a.npy", bytes.substr(0, bytes.size() - 100))});
  CHECK(all.counts.rows_stored == 12);
  CHECK(all.consistent());
  CHECK(all.damage.find("12 of 14 rows") != std::string::npos);
}

TEST_CASE("arrays that are something else are refused by name") {
  const made::Folder folder;
  const auto refused = [&](const std::string& bytes, const std::string& word) {
    return error_with(ErrorKind::bad_data, word, [&] { read({folder.file("x.npy", bytes)}); });
  };
  CHECK(refused(npy("{'descr': '<f8', 'fortran_order': False, 'shape': (3, 6), }", std::string(144, 0)), "version 1"));
  CHECK(refused(npy("{'descr': '<f4', 'fortran_order': False, 'shape': (3,), }", std::string(12, 0)), "plain array"));
  CHECK(
      refused(npy("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (0,), }", ""), "no field ev px exch_ts"));
  CHECK(refused(npy("{'descr': [", ""), "cannot be read"));
  CHECK(refused("time,price\n1,2\n3,4\n", "no .npy array"));
}

TEST_CASE("event arrays are guessed, version 1 only perhaps") {
  const auto guess = data::find_source("npz").guess;
  CHECK(guess({"a.npz", "data.npy", "PK", array(kEvents)}).sure == data::Guess::Sure::yes);
  CHECK(guess({"a.npy", "", "", npy("{'descr': '<f8', 'fortran_order': False, 'shape': (3, 6), }", "")}).sure ==
        data::Guess::Sure::maybe);
  CHECK(guess({"a.csv", "", "1,2", "1,2"}).sure == data::Guess::Sure::no);
}
