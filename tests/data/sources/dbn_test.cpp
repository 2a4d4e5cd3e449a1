// The dbn source on the real files of ../shared/ticks. What is expected was read with Databento's own decoder
// (databento-dbn 0.72) and turned into ticks by the rules of dbn_ticks.hpp apart from this code.
#include <doctest/doctest.h>

#include <map>

#include "cuda/base/error.hpp"
#include "data/sources/parse/input_file.hpp"
#include "tests/data/sources/made_files.hpp"

using namespace tf;

namespace {

const std::string kTicks = std::string(TF_SHARED) + "/ticks/";

made::Drained read(const std::string& path, const std::string& symbol, double tick_size = 0.01,
                   std::size_t batch = 4096) {
  const auto& entry = data::find_source("dbn");
  const auto params = entry.params.make();
  Instrument instrument = made::instrument(tick_size);
  instrument.symbol = symbol;
  const auto source = entry.open({{path}, instrument}, params.get());
  return made::drain(*source, batch);
}

struct Expected {
  const char* path;
  const char* symbol;
  int64_t records, stored;
  int64_t first_exch, first_local, last_exch, last_local;  // of the first and the last stored record
  int64_t first_px;                                        // 1e-9; of quotes the bid
  int64_t volume;                                          // of all trades
};

// clang-format off
const Expected kExpected[] = {
    {"databento-dbn/test_data.bbo-1m.v3.dbn.zst", "ESH1", 4, 4, 1609113600000000000, 1609113600000000000, 1609113780000000000, 1609113780000000000, 3702250000000, 0},
    {"databento-dbn/test_data.bbo-1s.v3.dbn.zst", "ESH1", 4, 4, 1609113600000000000, 1609113600000000000, 1609113603000000000, 1609113603000000000, 3702250000000, 0},
    {"databento-dbn/test_data.cbbo-1s.v3.dbn.zst", "ESH1", 2, 2, 1609160400006136329, 1609160400006136329, 1609160400006246513, 1609160400006246513, 3720250000000, 0},
    {"databento-dbn/test_data.cmbp-1.v3.dbn.zst", "ESH1", 2, 2, 1609160400006001487, 1609160400006136329, 1609160400006146661, 1609160400006246513, 3720250000000, 0},
    {"databento-dbn/test_data.definition.v3.dbn.zst", "MSFT", 2, 0, 0, 0, 0, 0, 0, 0},
    {"databento-dbn/test_data.imbalance.v3.dbn.zst", "SPOT", 2, 0, 0, 0, 0, 0, 0, 0},
    {"databento-dbn/test_data.mbo.v3.dbn.zst", "ESH1", 2, 2, 1609160400000429831, 1609160400000704060, 1609160400000431665, 1609160400000711344, 3722750000000, 0},
    {"databento-dbn/test_data.mbp-1.v3.dbn.zst", "ESH1", 2, 2, 1609160400006001487, 1609160400006136329, 1609160400006146661, 1609160400006246513, 3720250000000, 0},
    {"databento-dbn/test_data.mbp-10.v3.dbn.zst", "ESH1", 2, 2, 1609160400000429831, 1609160400000704060, 1609160400000435673, 1609160400000750544, 3720250000000, 0},
    {"databento-dbn/test_data.ohlcv-1d.v3.dbn.zst", "ESH1", 0, 0, 0, 0, 0, 0, 0, 0},
    {"databento-dbn/test_data.ohlcv-1h.v3.dbn.zst", "ESH1", 2, 2, 1609160400000000000, 1609164000000000000, 1609167599999999999, 1609167600000000000, 372025000000000, 122083},
    {"databento-dbn/test_data.ohlcv-1m.v3.dbn.zst", "ESH1", 2, 2, 1609160400000000000, 1609160460000000000, 1609160519999999999, 1609160520000000000, 372025000000000, 505},
    {"databento-dbn/test_data.ohlcv-1s.v3.dbn.zst", "ESH1", 2, 2, 1609160400000000000, 1609160401000000000, 1609160401999999999, 1609160402000000000, 372025000000000, 70},
    {"databento-dbn/test_data.statistics.v3.dbn.zst", "ESZ4", 2, 0, 0, 0, 0, 0, 0, 0},
    {"databento-dbn/test_data.status.v3.dbn.zst", "ESH1", 4, 4, 1609110000000000000, 1609113600000000000, 1609191000000000000, 1609191000007282029, 0, 0},
    {"databento-dbn/test_data.tbbo.v3.dbn.zst", "ESH1", 2, 2, 1609160400098821953, 1609160400099150057, 1609160400107665963, 1609160400108142648, 3720250000000, 26},
    {"databento-dbn/test_data.trades.v3.dbn.zst", "ESH1", 2, 2, 1609160400098821953, 1609160400099150057, 1609160400107665963, 1609160400108142648, 3720250000000, 26},
    {"databento-python/GLBX.MDP3/test_data.bbo-1m.dbn.zst", "ESH1", 4, 4, 1609113600000000000, 1609113600000000000, 1609113780000000000, 1609113780000000000, 3702250000000, 0},
    {"databento-python/GLBX.MDP3/test_data.bbo-1s.dbn.zst", "ESH1", 4, 4, 1609113600000000000, 1609113600000000000, 1609113603000000000, 1609113603000000000, 3702250000000, 0},
    {"databento-python/GLBX.MDP3/test_data.definition.dbn.zst", "ESH1", 1, 0, 0, 0, 0, 0, 0, 0},
    {"databento-python/GLBX.MDP3/test_data.mbo.dbn.zst", "ESH1", 4, 4, 1609113600000000000, 1609113600000000000, 1609113600000000000, 1609113600000000000, 3675750000000, 0},
    {"databento-python/GLBX.MDP3/test_data.mbp-1.dbn.zst", "ESH1", 4, 4, 1609113600005871213, 1609113600006150193, 1609113600076339855, 1609113600076436915, 3702250000000, 0},
    {"databento-python/GLBX.MDP3/test_data.mbp-10.dbn.zst", "ESH1", 4, 4, 1609113600005871213, 1609113600006150193, 1609113600076339855, 1609113600076436915, 3702250000000, 0},
    {"databento-python/GLBX.MDP3/test_data.ohlcv-1d.dbn.zst", "ESH1", 1, 1, 1609113600000000000, 1609200000000000000, 1609199999999999999, 1609200000000000000, 3702750000000, 718174},
    {"databento-python/GLBX.MDP3/test_data.ohlcv-1h.dbn.zst", "ESH1", 4, 4, 1609113600000000000, 1609117200000000000, 1609127999999999999, 1609128000000000000, 3702750000000, 45690},
    {"databento-python/GLBX.MDP3/test_data.ohlcv-1m.dbn.zst", "ESH1", 4, 4, 1609113600000000000, 1609113660000000000, 1609113839999999999, 1609113840000000000, 3702750000000, 870},
    {"databento-python/GLBX.MDP3/test_data.ohlcv-1s.dbn.zst", "ESH1", 4, 4, 1609113600000000000, 1609113601000000000, 1609113607999999999, 1609113608000000000, 3702750000000, 31},
    {"databento-python/GLBX.MDP3/test_data.statistics.dbn.zst", "ESH1", 4, 0, 0, 0, 0, 0, 0, 0},
    {"databento-python/GLBX.MDP3/test_data.status.dbn.zst", "ESH1", 4, 4, 1609110000000000000, 1609113600000000000, 1609191000000000000, 1609191000007282029, 0, 0},
    {"databento-python/GLBX.MDP3/test_data.tbbo.dbn.zst", "ESH1", 4, 4, 1609113600246507011, 1609113600246821748, 1609113600721335895, 1609113600721589695, 3702500000000, 4},
    {"databento-python/GLBX.MDP3/test_data.trades.dbn.zst", "ESH1", 4, 4, 1609113600246507011, 1609113600246821748, 1609113600721335895, 1609113600721589695, 3702750000000, 4},
    {"databento-python/LIVE/test_data.live.dbn.zst", "ESZ4", 46, 15, 1700510400000000000, 1700510460000000000, 1700434846926541843, 1700434846926653231, 4756000000000, 12},
    {"databento-python/XNAS.ITCH/test_data.definition.dbn.zst", "NVDA", 1, 0, 0, 0, 0, 0, 0, 0},
    {"databento-python/XNAS.ITCH/test_data.imbalance.dbn.zst", "NVDA", 4, 0, 0, 0, 0, 0, 0, 0},
    {"databento-python/XNAS.ITCH/test_data.mbo.dbn.zst", "NVDA", 4, 4, 1609146088297098637, 1609146088297109209, 1609146101004651000, 1609146101004661045, 502000000000, 0},
    {"databento-python/XNAS.ITCH/test_data.mbp-1.dbn.zst", "NVDA", 4, 4, 1609146088297098637, 1609146088297109209, 1609146112948319734, 1609146112948330298, 502000000000, 0},
    {"databento-python/XNAS.ITCH/test_data.mbp-10.dbn.zst", "NVDA", 4, 4, 1609146088297098637, 1609146088297109209, 1609146101004651000, 1609146101004661045, 502000000000, 0},
    {"databento-python/XNAS.ITCH/test_data.ohlcv-1d.dbn.zst", "NVDA", 1, 1, 1609113600000000000, 1609200000000000000, 1609199999999999999, 1609200000000000000, 521000000000, 1424253},
    {"databento-python/XNAS.ITCH/test_data.ohlcv-1h.dbn.zst", "NVDA", 4, 4, 1609146000000000000, 1609149600000000000, 1609160399999999999, 1609160400000000000, 521000000000, 4055},
    {"databento-python/XNAS.ITCH/test_data.ohlcv-1m.dbn.zst", "NVDA", 4, 4, 1609146300000000000, 1609146360000000000, 1609146659999999999, 1609146660000000000, 521000000000, 46},
    {"databento-python/XNAS.ITCH/test_data.ohlcv-1s.dbn.zst", "NVDA", 4, 4, 1609146312000000000, 1609146313000000000, 1609146515999999999, 1609146516000000000, 521000000000, 42},
    {"databento-python/XNAS.ITCH/test_data.tbbo.dbn.zst", "NVDA", 4, 4, 1609146312576690768, 1609146312576701886, 1609146515938352105, 1609146515938363127, 520000000000, 42},
    {"databento-python/XNAS.ITCH/test_data.trades.dbn.zst", "NVDA", 4, 4, 1609146312576690768, 1609146312576701886, 1609146515938352105, 1609146515938363127, 521000000000, 42},
};
// clang-format on

std::string unpacked(const std::string& path) {
  data::InputFile file(path);
  std::string bytes, piece(1 << 16, '\0');
  while (file.next_member())
    while (const std::size_t count = file.read(piece)) bytes.append(piece, 0, count);
  return bytes;
}

/// What follows the metadata.
std::string records_of(const std::string& bytes) {
  uint32_t length;
  std::memcpy(&length, bytes.data() + 4, 4);
  return bytes.substr(8 + length);
}

}  // namespace

TEST_CASE("every real file gives the records that COUNTS.tsv knows, and a .dbz is refused by name") {
  if (!std::filesystem::exists(kTicks + "COUNTS.tsv")) {
    MESSAGE("skipped: no ../shared/ticks");
    return;
  }
  std::ifstream in(kTicks + "COUNTS.tsv");
  int counted = 0, old = 0;
  for (std::string line; std::getline(in, line);) {
    if (!line.starts_with("databento-")) continue;
    const std::size_t tab = line.find('\t');
    const std::string path = line.substr(0, tab);
    CAPTURE(path);
    if (path.ends_with(".dbz")) {
      CHECK(made::error_with(ErrorKind::bad_data, ".dbz file", [&] { read(kTicks + path, "ESH1"); }));
      ++old;
      continue;
    }
    const auto all = read(kTicks + path, "ESH1");
    CHECK(all.consistent());
    CHECK(all.damage == "");
    if (path.find(".frag") != path.npos) {
      // Definitions without metadata, which COUNTS.tsv leaves open: 2 of 360, 400 or 520 bytes; the frames hold 8.
      CHECK(all.counts.rows_read == (path.find("multi-frame") != path.npos ? 8 : 2));
      CHECK(all.counts.refused.at("not a tick record: definition").rows == all.counts.rows_read);
    } else {
      CHECK(all.counts.rows_read == std::stoll(line.substr(line.find('\t', tab + 1) + 1)));
      ++counted;
    }
  }
  CHECK(counted > 80);
  CHECK(old == 10);
}

TEST_CASE("first and last ticks of the real files are those that Databento's own decoder reads") {
  if (!std::filesystem::exists(kTicks + "COUNTS.tsv")) {
    MESSAGE("skipped: no ../shared/ticks");
    return;
  }
  for (const Expected& expected : kExpected) {
    CAPTURE(std::string(expected.path));
    const auto all = read(kTicks + expected.path, expected.symbol);
    CHECK(all.counts.rows_read == expected.records);
    CHECK(all.counts.rows_stored == expected.stored);
    CHECK(all.consistent());
    if (expected.stored == 0) continue;
    CHECK(all.ticks.front().exch_ts == expected.first_exch);
    CHECK(all.ticks.front().local_ts == expected.first_local);
    CHECK(all.ticks.back().exch_ts == expected.last_exch);
    CHECK(all.ticks.back().local_ts == expected.last_local);
    int64_t volume = 0, ends = 0, first_px = INT64_MIN;
    for (const Tick& tick : all.ticks) {
      ends += (tick.flags & data::kRowEnd) != 0;
      if (tick.kind() == TickKind::trade) volume += tick.qty;
      if (first_px == INT64_MIN && tick.kind() != TickKind::clear && tick.kind() != TickKind::depth_bid &&
          tick.kind() != TickKind::depth_ask)
        first_px = tick.px;
    }
    CHECK(first_px * 10'000'000 == expected.first_px);
    CHECK(volume == expected.volume);
    CHECK(ends == expected.stored);
  }
}

TEST_CASE("the three versions hold the same record bytes and give the same ticks") {
  if (!std::filesystem::exists(kTicks + "databento-dbn")) {
    MESSAGE("skipped: no ../shared/ticks");
    return;
  }
  for (const std::string schema :
       {"mbo", "trades", "mbp-1", "mbp-10", "tbbo", "ohlcv-1s", "ohlcv-1m", "ohlcv-1h", "imbalance"}) {
    CAPTURE(schema);
    const std::string base = kTicks + "databento-dbn/test_data." + schema + ".v";
    const std::string one = base + "1.dbn.zst", two = base + "2.dbn.zst", three = base + "3.dbn.zst";
    const std::string bytes = records_of(unpacked(one));
    CHECK(!bytes.empty());
    CHECK(bytes == records_of(unpacked(two)));
    CHECK(bytes == records_of(unpacked(three)));
    const auto ticks = read(one, "ESH1").ticks;
    CHECK((schema == "imbalance" || !ticks.empty()));
    CHECK(ticks == read(two, "ESH1").ticks);
    CHECK(ticks == read(three, "ESH1").ticks);
  }
}

TEST_CASE("a live file of nine record types gives its ticks by the symbol that its mappings tell") {
  const std::string path = kTicks + "databento-python/LIVE/test_data.live.dbn.zst";
  if (!std::filesystem::exists(path)) {
    MESSAGE("skipped: no ../shared/ticks");
    return;
  }
  const auto all = read(path, "ESZ4", 0.25);
  std::map<TickKind, int64_t> kinds;
  for (const Tick& tick : all.ticks) ++kinds[tick.kind()];
  CHECK(kinds[TickKind::order_add] == 5);
  CHECK(kinds[TickKind::trade] == 2 + 2 + 4 * 4);
  CHECK(all.counts.refused.at("not a tick record: symbol mapping").rows == 20);
  CHECK(all.counts.refused.at("not a tick record: statistics").rows == 9);
  CHECK(all.counts.refused.at("not a tick record: definition").rows == 2);
  CHECK(all.counts.noted.count("several schemas: a trade may come in each; `schema` takes one") == 1);

  const auto other = read(path, "ESH1", 0.25);
  CHECK(other.ticks.empty());
  CHECK(other.counts.refused.at("other symbol").rows == 15);
  CHECK(other.counts.noted.at("symbols in the file").example == "ESZ4");
  CHECK(read(path, "183748", 0.25).ticks == all.ticks);
  for (const std::size_t batch : {1, 3, 63, 64, 65}) CHECK(read(path, "ESZ4", 0.25, batch).ticks == all.ticks);
}

TEST_CASE("the source knows its files by their first bytes") {
  const std::string folder = kTicks + "databento-dbn/";
  if (!std::filesystem::exists(folder)) {
    MESSAGE("skipped: no ../shared/ticks");
    return;
  }
  std::string raw, bytes;
  const auto guess = [&](const std::string& path) {
    return data::find_source("dbn").guess(data::read_head(path, raw, bytes));
  };
  const data::Guess plain = guess(folder + "test_data.mbp-1.v1.dbn.zst");
  CHECK(plain.sure == data::Guess::Sure::yes);
  CHECK(plain.why == "magic DBN, version 1, schema mbp-1, dataset GLBX.MDP3");
  const data::Guess fragment = guess(folder + "multi-frame.definition.v1.dbn.frag.zst");
  CHECK(fragment.sure == data::Guess::Sure::yes);
  REQUIRE(fragment.params.size() == 1);
  CHECK(fragment.params[0] == std::pair<std::string, std::string>("fragment", "yes"));
  CHECK(guess(folder + "test_data.mbo.dbz").why.find("DBZ") != std::string::npos);
  CHECK(guess(kTicks + "pyalgotrade/bitstampUSD.csv").sure == data::Guess::Sure::no);
  CHECK(guess(kTicks + "dukascopy/mayeranalytics-bi5/test.bi5").sure == data::Guess::Sure::no);
}
