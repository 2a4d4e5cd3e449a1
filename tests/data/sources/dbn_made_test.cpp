// The dbn source on files made from the layout: what no real file at hand shows.
#include <doctest/doctest.h>

#include <map>

#include "cuda/base/philox.hpp"
#include "cuda/base/time.hpp"
#include "tests/data/sources/made_dbn.hpp"
#include "tests/data/sources/made_files.hpp"
#include "tests/data/sources/made_packings.hpp"

using namespace tf;
using made::dbn_metadata;
using made::dbn_order;
using made::dbn_quote;
using made::Quote;
using made::Record;

namespace {

constexpr int64_t kUnit = 1'000'000'000;  // one unit of price
constexpr int64_t kNone = INT64_MAX;
constexpr uint64_t kNever = UINT64_MAX;

std::string mapped(int version = 3) { return dbn_metadata(version, {{"ABC", 20200101, 20300101, "7"}}); }

made::Drained read(const std::string& path, const std::string& symbol = "ABC", std::size_t batch = 4096,
                   const std::vector<std::pair<std::string, std::string>>& texts = {}, bool touch = true) {
  const auto& entry = data::find_source("dbn");
  const auto params = entry.params.make();
  for (const Field& field : entry.params.fields) {
    char* const at = static_cast<char*>(params.get()) + field.offset;
    for (const auto& [name, text] : texts)
      if (name == field.name) *reinterpret_cast<std::string*>(at) = text;
    if (std::string(field.name) == "touch") *reinterpret_cast<bool*>(at) = touch;
  }
  Instrument instrument = made::instrument(0.01);
  instrument.symbol = symbol;
  const auto source = entry.open({{path}, instrument}, params.get());
  return made::drain(*source, batch);
}

std::string kinds_of(const std::vector<Tick>& ticks) {
  constexpr const char* kNames[] = {"-",   "trade",  "bid",    "ask",  "dbid",   "dask", "clear",
                                    "add", "modify", "cancel", "fill", "status", "break"};
  std::string text;
  for (const Tick& tick : ticks) {
    text += kNames[static_cast<std::size_t>(tick.kind())];
    if (tick.flags & kFlagBuy) text += "+";
    if (tick.flags & kFlagSell) text += "-";
    if (tick.flags & kFlagAuction) text += "!";
    text += " " + std::to_string(tick.px) + "x" + std::to_string(tick.qty);
    if (tick.flags & kFlagLast) text += ".";
    text += tick.flags & data::kRowEnd ? "; " : ", ";
  }
  return text;
}

}  // namespace

TEST_CASE("orders become L3 ticks; fills do not change the book; the touch follows at the end of an event") {
  const made::Folder folder;
  Record inside, last;
  inside.flags = 0;
  const std::string file =
      mapped() + dbn_order(last, 'R', 'N', 0, kNone, 0) + dbn_order(last, 'A', 'B', 1, 10 * kUnit, 5) +
      dbn_order(last, 'A', 'A', 2, 11 * kUnit, 4) + dbn_order(last, 'A', 'A', 3, 12 * kUnit, 9) +
      // an aggressor buys 6: 4 of order 2, 2 of order 3
      dbn_order(inside, 'T', 'B', 0, 11 * kUnit, 4) + dbn_order(inside, 'F', 'A', 2, 11 * kUnit, 4) +
      dbn_order(inside, 'T', 'B', 0, 12 * kUnit, 2) + dbn_order(inside, 'F', 'A', 3, 12 * kUnit, 2) +
      dbn_order(inside, 'C', 'A', 2, 11 * kUnit, 4) + dbn_order(last, 'C', 'A', 3, 12 * kUnit, 2) +
      dbn_order(last, 'M', 'B', 1, 9 * kUnit, 3) + dbn_order(last, 'C', 'B', 1, 9 * kUnit, 3) +
      dbn_order(last, 'T', 'N', 0, 12 * kUnit, 1);
  const auto all = read(folder.file("a.dbn", file));
  CHECK(all.consistent());
  CHECK(kinds_of(all.ticks) ==
        "clear 0x0.; add+ 1000x5, bid 1000x5.; add- 1100x4, ask 1100x4.; add- 1200x9.; "
        "trade+ 1100x4; fill- 1100x4; trade+ 1200x2; fill- 1200x2; cancel- 1100x4; cancel- 1200x2, ask 1200x7.; "
        "modify+ 900x3, bid 900x3.; cancel+ 900x3, clear+ 0x0.; trade! 1200x1.; ");
  CHECK(all.counts.noted.empty());
  for (const std::size_t batch : {1, 2, 5, 64, 70})
    CHECK(read((folder.path / "a.dbn").string(), "ABC", batch).ticks == all.ticks);
  const auto plain = read((folder.path / "a.dbn").string(), "ABC", 4096, {{"unsided_trades", "plain"}}, false);
  CHECK(kinds_of(plain.ticks).find("bid") == std::string::npos);
  CHECK(kinds_of(plain.ticks).ends_with("trade 1200x1.; "));
  CHECK(all.ticks[1].order_id == 1);
  CHECK(all.ticks[6].order_id == 0);
}

TEST_CASE("a batch ends with a whole event where it can") {
  const made::Folder folder;
  Record inside, last;
  inside.flags = 0;
  std::string file = mapped();
  for (int event = 0; event < 40; ++event) {
    for (int order = 0; order < 6; ++order)
      file += dbn_order(inside, 'A', 'B', static_cast<uint64_t>(10 * event + order), (100 + event) * kUnit, 1);
    file += dbn_order(last, 'A', 'B', static_cast<uint64_t>(10 * event + 9), (100 + event) * kUnit, 1);
  }
  const std::string path = folder.file("a.dbn", file);
  const auto& entry = data::find_source("dbn");
  Instrument instrument = made::instrument(0.01);
  instrument.symbol = "ABC";
  const auto source = entry.open({{path}, instrument}, entry.params.make().get());
  std::vector<Tick> batch(100);
  std::size_t ticks = 0;
  while (const std::size_t count = source->next_batch(batch)) {
    CHECK((batch[count - 1].flags & kFlagLast) != 0);
    ticks += count;
  }
  CHECK(ticks == 40 * 8);
}

TEST_CASE("a snapshot has the time it was made in both clocks; the orders' own times on request") {
  const made::Folder folder;
  Record old{1600000000000000000, 1609113600000000000, 7, 1, 40};
  Record end = old;
  end.flags = 40 + 128;
  const std::string path =
      folder.file("a.dbn", mapped() + dbn_order(old, 'R', 'N', 0, kNone, 0) + dbn_order(old, 'A', 'B', 1, kUnit, 5) +
                               dbn_order(end, 'A', 'A', 2, 2 * kUnit, 5));
  const auto all = read(path);
  CHECK(kinds_of(all.ticks) == "clear 0x0; add+ 100x5; add- 200x5, bid 100x5, ask 200x5.; ");
  for (const Tick& tick : all.ticks) {
    CHECK(tick.exch_ts == 1609113600000000000);
    CHECK((tick.flags & kFlagSnapshot) != 0);
  }
  CHECK(read(path, "ABC", 64, {{"snapshot_time", "event"}}).ticks[1].exch_ts == 1600000000000000000);
}

TEST_CASE("one-level records give what changed, a clear for a side without a price, then the trade") {
  const made::Folder folder;
  const Record at;
  const Quote quote{10 * kUnit, 11 * kUnit, 5, 6};
  const auto record = [&](uint8_t type, char action, char side, const Quote& now) {
    return dbn_quote(at, type, action, side, 11 * kUnit, 2, {now});
  };
  const std::string file = mapped() + record(1, 'A', 'B', {10 * kUnit, kNone, 5, 0}) + record(1, 'A', 'A', quote) +
                           record(1, 'A', 'A', quote) +  // an order count changed: the side is repeated
                           record(1, 'T', 'B', quote) + record(1, 'M', 'N', {10 * kUnit, 11 * kUnit, 7, 8}) +
                           record(1, 'C', 'B', {kNone, 11 * kUnit, 0, 8}) + record(1, 'R', 'N', {}) +
                           record(1, 'N', 'N', {});
  const auto all = read(folder.file("a.dbn", file));
  CHECK(all.consistent());
  CHECK(kinds_of(all.ticks) ==
        "bid 1000x5, clear- 0x0.; ask 1100x6.; ask 1100x6.; trade+ 1100x2.; bid 1000x7, ask 1100x8.; clear+ 0x0.; "
        "clear- 0x0.; clear- 0x0.; ");
  // A consolidated feed gives no sides: no auction.
  const auto consolidated = read(folder.file("b.dbn", mapped() + record(0xC2, 'T', 'N', quote)));
  CHECK(kinds_of(consolidated.ticks) == "bid 1000x5, ask 1100x6, trade 1100x2.; ");
  // A subsampled one gives the state at the end of its interval and no trade.
  const auto sampled = read(folder.file("c.dbn", mapped() + record(0xC3, 'T', 'B', quote)));
  CHECK(kinds_of(sampled.ticks) == "bid 1000x5, ask 1100x6.; ");
  CHECK(sampled.ticks[0].exch_ts == static_cast<int64_t>(at.receive));
}

TEST_CASE("undefined times and prices are told apart from real ones") {
  const made::Folder folder;
  const Quote quote{-37 * kUnit, kUnit / 300, 1, 1};
  const auto record = [&](uint64_t event, uint64_t receive, uint8_t type, const Quote& now) {
    return dbn_quote({event, receive, 7, 1, 128}, type, 'T', 'B', now.bid, 1, {now});
  };
  const uint64_t time = 1609160400000000000;
  const std::string file =
      mapped() + record(kNever, time, 1, {kUnit, 2 * kUnit, 1, 1}) + record(time, kNever, 1, {kUnit, 2 * kUnit, 1, 1}) +
      record(kNever, kNever, 1, {kUnit, 2 * kUnit, 1, 1}) + record(time, time, 1, quote) +
      record(time, time, 1, {-37 * kUnit, -36 * kUnit, 1, 1}) + record(time, time, 1, {kNone, -36 * kUnit, 1, 1}) +
      record(uint64_t{1} << 63, uint64_t{1} << 63, 1, {kUnit, 2 * kUnit, 1, 1});
  const auto all = read(folder.file("a.dbn", file), "*");
  CHECK(all.consistent());
  CHECK(all.counts.rows_read == 7);
  CHECK(read((folder.path / "a.dbn").string()).counts.refused.at("no time").rows == 1);
  CHECK(all.counts.rows_stored == 3);
  CHECK(all.counts.noted.at("no event time: the receive time is taken").rows == 1);
  CHECK(all.counts.noted.at("no receive time: the event time is taken").rows == 1);
  CHECK(all.counts.refused.at("no time").rows == 1);
  CHECK(all.counts.refused.at("price off the tick grid").rows == 1);
  CHECK(all.counts.refused.at("no price").rows == 1);
  CHECK(all.counts.refused.at("time out of range").rows == 1);
  CHECK(all.ticks.back().px == -3700);
}

TEST_CASE("the depth ticks of ten-level records rebuild every record's levels") {
  const made::Folder folder;
  const RandomStream random{3, Purpose::test, 0};
  uint64_t step = 0;
  std::map<int64_t, uint32_t> bids, asks;
  std::vector<std::vector<Quote>> states;
  std::string file = mapped();
  Record at;
  for (int row = 0; row < 600; ++row) {
    for (int change = 0; change < 3; ++change) {
      const int64_t px = 1000 + random.below(step++, 30);
      const uint32_t qty = random.below(step++, 3) ? random.below(step++, 50) : 0;
      auto& side = px < 1015 ? bids : asks;
      if (qty) {
        side[px] = qty;
      } else {
        side.erase(px);
      }
    }
    std::vector<Quote> levels(10);
    std::size_t rank = 0;
    for (auto level = bids.rbegin(); level != bids.rend() && rank < 10; ++level, ++rank) {
      levels[rank].bid = level->first * kUnit / 100;
      levels[rank].bid_qty = level->second;
    }
    rank = 0;
    for (auto level = asks.begin(); level != asks.end() && rank < 10; ++level, ++rank) {
      levels[rank].ask = level->first * kUnit / 100;
      levels[rank].ask_qty = level->second;
    }
    states.push_back(levels);
    ++at.event;
    file += dbn_quote(at, 10, row % 7 ? 'A' : 'T', 'B', 10 * kUnit, 1, levels);
  }
  const auto all = read(folder.file("a.dbn", file), "ABC", 100);
  CHECK(all.counts.rows_stored == 600);
  std::map<int64_t, int64_t> seen_bids, seen_asks;
  int64_t best_bid = INT64_MIN, best_ask = INT64_MIN;
  std::size_t row = 0;
  for (const Tick& tick : all.ticks) {
    if (tick.kind() == TickKind::clear) {
      if (!(tick.flags & kFlagSell)) best_bid = INT64_MIN;
      if (!(tick.flags & kFlagBuy)) best_ask = INT64_MIN;
    }
    if (tick.kind() == TickKind::best_bid) best_bid = tick.px;
    if (tick.kind() == TickKind::best_ask) best_ask = tick.px;
    if (tick.kind() == TickKind::depth_bid || tick.kind() == TickKind::depth_ask) {
      auto& side = tick.kind() == TickKind::depth_bid ? seen_bids : seen_asks;
      side.erase(tick.px);
      if (tick.qty) side[tick.px] = tick.qty;
    }
    if (!(tick.flags & data::kRowEnd)) continue;
    std::size_t rank = 0;
    const auto& levels = states[row++];
    for (auto level = seen_bids.rbegin(); level != seen_bids.rend(); ++level, ++rank) {
      REQUIRE(rank < 10);
      REQUIRE(level->first * kUnit / 100 == levels[rank].bid);
      REQUIRE(level->second == levels[rank].bid_qty);
    }
    REQUIRE((rank == 10 || levels[rank].bid == kNone));
    rank = 0;
    for (auto level = seen_asks.begin(); level != seen_asks.end(); ++level, ++rank) {
      REQUIRE(rank < 10);
      REQUIRE(level->first * kUnit / 100 == levels[rank].ask);
    }
    REQUIRE((rank == 10 || levels[rank].ask == kNone));
    REQUIRE((best_bid == INT64_MIN ? seen_bids.empty() : best_bid == seen_bids.rbegin()->first));
    REQUIRE((best_ask == INT64_MIN ? seen_asks.empty() : best_ask == seen_asks.begin()->first));
  }
  CHECK(row == 600);
}

TEST_CASE("a continuous symbol follows its number from day to day and begins its books anew") {
  const made::Folder folder;
  const int64_t monday = parse_day("2024-03-04")->start_ns();
  const auto order = [&](int day, uint32_t number, uint64_t id) {
    const uint64_t time = static_cast<uint64_t>(monday + day * kDay + kHour);
    return dbn_order({time, time, number, 1, 128}, 'A', 'B', id, kUnit, 1);
  };
  for (const int version : {1, 3}) {
    const std::string path =
        folder.file("a.dbn", dbn_metadata(version, {{"ES.c.0", 20240304, 20240305, "7"},
                                                    {"ES.c.1", 20240304, 20240305, "8"},
                                                    {"ES.c.0", 20240305, 20240306, "8"}}) +
                                 order(0, 7, 1) + order(0, 8, 2) + order(1, 7, 3) + order(1, 8, 4));
    const auto all = read(path, "ES.c.0");
    CHECK(kinds_of(all.ticks) == "add+ 100x1, bid 100x1.; clear 0x0, add+ 100x1, bid 100x1.; ");
    CHECK(all.counts.refused.at("other symbol").rows == 2);
    CHECK(all.counts.refused.at("other symbol").line > 200);
    const auto none = read(path, "ESH4");
    CHECK(none.counts.noted.at("symbols in the file").example == "ES.c.0, ES.c.1, ES.c.0");
    CHECK(read(path, "8").counts.rows_stored == 2);
    CHECK(read(path, "*").counts.rows_stored == 4);
  }
}

TEST_CASE("records of one publisher or of all are taken; several are noted") {
  const made::Folder folder;
  Record first, second;
  second.publisher = 2;
  const Quote quote{kUnit, 2 * kUnit, 1, 1}, other{3 * kUnit, 4 * kUnit, 1, 1};
  const std::string path = folder.file("a.dbn", mapped() + dbn_quote(first, 1, 'A', 'B', kUnit, 1, {quote}) +
                                                    dbn_quote(second, 1, 'A', 'B', kUnit, 1, {other}));
  const auto all = read(path);
  CHECK(all.counts.rows_stored == 2);
  CHECK(all.counts.noted.size() == 1);
  const auto& entry = data::find_source("dbn");
  const auto params = entry.params.make();
  for (const Field& field : entry.params.fields)
    if (std::string(field.name) == "publisher")
      *reinterpret_cast<int*>(static_cast<char*>(params.get()) + field.offset) = 2;
  Instrument instrument = made::instrument(0.01);
  instrument.symbol = "ABC";
  const auto source = entry.open({{path}, instrument}, params.get());
  const auto one = made::drain(*source);
  CHECK(kinds_of(one.ticks) == "bid 300x1, ask 400x1.; ");
  CHECK(one.counts.refused.at("other publisher").rows == 1);
}

TEST_CASE("megabytes of metadata, files end to end, members of a zip and send times are all stepped over") {
  const made::Folder folder;
  const Record at;
  const std::string order = dbn_order(at, 'A', 'B', 1, kUnit, 1);
  std::string longer = order + std::string(8, '\x11');
  longer[0] = 16;
  const std::string big = dbn_metadata(3, {{"ABC", 20200101, 20300101, "7"}}, 0, 80'000);
  CHECK(big.size() > 5'600'000);
  CHECK(read(folder.file("a.dbn", big + order + longer + order)).counts.rows_stored == 3);
  CHECK(read(folder.file("b.dbn.zst", made::zstd(mapped(1) + order) + made::zstd(mapped(3) + order + order)))
            .counts.rows_stored == 3);
  CHECK(read(folder.zip("c.zip", {{"a.dbn", mapped() + order}, {"b.dbn.zst", made::zstd(mapped() + order)}}))
            .counts.rows_stored == 2);
  CHECK(read(folder.file("d.bin", order + longer), "7", 64, {{"fragment", "yes"}}).counts.rows_stored == 2);
  CHECK(read(folder.file("e.dbn.frag", order + longer), "7").counts.rows_stored == 2);
  CHECK(made::error_with(ErrorKind::bad_data, "fragment", [&] { read(folder.file("f.bin", order), "7"); }));
}

TEST_CASE("what is cut or damaged keeps the records before it and names the byte") {
  const made::Folder folder;
  const Record at;
  std::string file = mapped();
  const std::size_t start = file.size();
  for (uint64_t id = 0; id < 1000; ++id) file += dbn_order(at, 'A', 'B', id, kUnit, 1);
  const auto cut = read(folder.file("a.dbn", file.substr(0, start + 56 * 10 + 20)));
  CHECK(cut.consistent());
  CHECK(cut.counts.rows_stored == 10);
  CHECK(cut.counts.refused.at("truncated input").line == static_cast<int64_t>(start + 560));
  CHECK(cut.damage.find("a.dbn: ends within the record at byte " + std::to_string(start + 560)) != std::string::npos);
  std::string zero = file;
  zero[start + 56 * 20] = 0;
  const auto broken = read(folder.file("b.dbn", zero));
  CHECK(broken.consistent());
  CHECK(broken.counts.rows_stored == 20);
  CHECK(broken.damage.find("less than its header") != std::string::npos);
  const std::string packed = made::zstd(file);
  const auto half = read(folder.file("c.dbn.zst", packed.substr(0, packed.size() / 2)));
  CHECK(half.consistent());
  CHECK(half.damage.find("truncated zstd") != std::string::npos);
  CHECK(read(folder.file("d.dbn", file.substr(0, start - 5))).damage.find("within the metadata") != std::string::npos);
  CHECK(read(folder.file("e.dbn", file.substr(0, 6))).damage.find("within the metadata") != std::string::npos);
  std::string newer = file;
  newer[3] = 4;
  CHECK(made::error_with(ErrorKind::bad_data, "version 4", [&] { read(folder.file("f.dbn", newer)); }));
  CHECK(made::error_with(ErrorKind::bad_data, "HDF5", [&] { read(folder.file("g.dbn", "\x89HDF\r\n\x1a\n")); }));
  CHECK(read(folder.file("h.dbn", "")).counts.rows_read == 0);
  CHECK(made::error_with(ErrorKind::config, "mbp-10|", [&] {
    read(folder.file("i.dbn", file), "ABC", 64, {{"schema", "mbp10"}});
  }));
  const auto other = read(folder.file("j.dbn", file), "ABC", 64, {{"schema", "trades"}});
  CHECK(other.counts.refused.at("other schema").rows == 1000);
}
