// Dukascopy's hour files: the real one of ../shared/ticks, and made ones.
#include <doctest/doctest.h>

#include <bit>

#include "cuda/base/time.hpp"
#include "data/sources/parse/dukascopy.hpp"
#include "data/sources/parse/input_file.hpp"
#include "tests/data/sources/made_files.hpp"
#include "tests/data/sources/made_packings.hpp"

using namespace tf;

namespace {

const std::string kFolder = std::string(TF_SHARED) + "/ticks/dukascopy/";

made::Drained read(const char* source_name, const std::vector<std::string>& files, const Instrument& instrument,
                   const std::vector<std::pair<std::string, std::string>>& texts = {}, double point = 0,
                   std::size_t batch = 4096) {
  const auto& entry = data::find_source(source_name);
  const auto params = entry.params.make();
  for (const Field& field : entry.params.fields) {
    char* const at = static_cast<char*>(params.get()) + field.offset;
    for (const auto& [name, text] : texts)
      if (name == field.name) *reinterpret_cast<std::string*>(at) = text;
    if (std::string(field.name) == "point") *reinterpret_cast<double*>(at) = point;
  }
  const auto source = entry.open({files, instrument}, params.get());
  return made::drain(*source, batch);
}

Instrument pair(const char* symbol, double tick_size, double lot_size = 1) {
  Instrument made = made::instrument(tick_size, lot_size);
  made.symbol = symbol;
  return made;
}

std::string big(uint32_t value) {
  std::string bytes;
  for (int place = 3; place >= 0; --place) bytes += static_cast<char>(value >> (8 * place));
  return bytes;
}
std::string record(uint32_t ms, uint32_t ask, uint32_t bid, float ask_volume, float bid_volume) {
  return big(ms) + big(ask) + big(bid) + big(std::bit_cast<uint32_t>(ask_volume)) +
         big(std::bit_cast<uint32_t>(bid_volume));
}

std::string hour_file(const made::Folder& folder, const std::string& path, const std::string& bytes) {
  std::filesystem::create_directories((folder.path / path).parent_path());
  return folder.file(path, bytes);
}

}  // namespace

TEST_CASE("the real .bi5 file gives the rows, times and extremes that are known") {
  if (!std::filesystem::exists(kFolder)) {
    MESSAGE("skipped: no ../shared/ticks");
    return;
  }
  const std::string path = kFolder + "mayeranalytics-bi5/test.bi5";
  const auto all = read("bi5", {path}, pair("EURUSD", 1e-5), {{"hour", "2020-01-02T03"}});
  CHECK(all.consistent());
  CHECK(all.damage == "");
  CHECK(all.counts.rows_read == 10412);
  CHECK(all.counts.rows_stored == 10412);
  CHECK(all.counts.noted.empty());
  const int64_t hour = parse_day("2020-01-02")->start_ns() + 3 * kHour;
  CHECK(all.ticks.front().exch_ts == hour + 1'860'002'000'000);
  CHECK(all.ticks.back().exch_ts == hour + 3'599'899'000'000);
  int64_t low_bid = INT64_MAX, high_ask = 0;
  for (const Tick& tick : all.ticks) {
    if (tick.kind() == TickKind::best_bid) low_bid = std::min(low_bid, tick.px);
    if (tick.kind() == TickKind::best_ask) high_ask = std::max(high_ask, tick.px);
  }
  CHECK(low_bid == 131288);
  CHECK(high_ask == 133473);
  // Volumes as floats are 0.0199999995 and 0.0149999996 millions: their shortest decimals are 0.02 and 0.015.
  CHECK(all.ticks[0] ==
        Tick{all.ticks[0].exch_ts, all.ticks[0].exch_ts, 133117, 20000, 0, static_cast<uint32_t>(TickKind::best_bid)});
  CHECK(all.ticks[1] == Tick{all.ticks[0].exch_ts, all.ticks[0].exch_ts, 133153, 15000, 0,
                             static_cast<uint32_t>(TickKind::best_ask) | kFlagLast | data::kRowEnd});
  CHECK(all.ticks[2].qty == 43);
  CHECK(read("bi5", {path}, pair("EURUSD", 1e-5), {{"hour", "2020-01-02T03"}}, 0, 3).ticks == all.ticks);
  // Read as yen, the same numbers are a hundred times as large.
  CHECK(read("bi5", {path}, pair("USD/JPY", 1e-3), {{"hour", "2020-01-02T03"}}).ticks[0].px == 133117);
  CHECK(made::error_with(ErrorKind::config, "HHh_ticks.bi5", [&] { read("bi5", {path}, pair("EURUSD", 1e-5)); }));
  std::string raw, bytes;
  CHECK(data::find_source("bi5").guess(data::read_head(path, raw, bytes)).sure == data::Guess::Sure::maybe);
}

TEST_CASE("the path of a .bi5 file tells symbol and hour, its month counted from zero (made)") {
  const made::Folder folder;
  const std::string one =
      hour_file(folder, "GBPJPY/2012/11/03/05h_ticks.bi5",
                made::lzma(record(1, 132001, 132000, 1.5f, 2.25f) + record(2, 132002, 132001, 0, 1)));
  const std::string none = hour_file(folder, "GBPJPY/2012/11/03/06h_ticks.bi5", "");
  const std::string two =
      hour_file(folder, "GBPJPY/2012/11/03/07h_ticks.bi5", made::lzma(record(3, 132001, 132000, 1, 1), false));
  const auto all = read("bi5", {one, none, two}, pair("GBPJPY", 0.001, 1000));
  CHECK(all.consistent());
  CHECK(all.damage == "");
  CHECK(all.counts.rows_read == 3);
  CHECK(all.ticks[0].exch_ts == parse_day("2012-12-03")->start_ns() + 5 * kHour + 1'000'000);
  CHECK(all.ticks[4].exch_ts == parse_day("2012-12-03")->start_ns() + 7 * kHour + 3'000'000);
  CHECK(all.ticks[0].px == 132000);
  CHECK(all.ticks[0].qty == 2250);
  const auto empty = read("bi5", {none}, pair("GBPJPY", 0.001));
  CHECK(empty.counts.rows_read == 0);
  CHECK(empty.damage == "");
  CHECK(
      made::error_with(ErrorKind::config, "the path says GBPJPY", [&] { read("bi5", {one}, pair("USDJPY", 0.001)); }));
  std::string raw, bytes;
  const data::Guess guess = data::find_source("bi5").guess(data::read_head(one, raw, bytes));
  CHECK(guess.sure == data::Guess::Sure::yes);
  CHECK(guess.why == "hour file of GBPJPY, 2012-12-03T05:00:00Z");
  CHECK(data::find_source("bi5").guess(data::read_head(none, raw, bytes)).sure == data::Guess::Sure::yes);
}

TEST_CASE("rows of a .bi5 file that cannot be are refused, sizes off the lot are rounded, a cut end is damage (made)") {
  const made::Folder folder;
  const std::string bytes = record(1, 132001, 132000, 0.0000015f, 1) + record(3'600'000, 1, 1, 1, 1) +
                            record(5, 1, 1, -1.0f, 1) + record(6, 1, 1, std::bit_cast<float>(0x7fc00000u), 1) +
                            record(7, 1, 1, 1e30f, 1) + record(8, 132002, 132001, 1, 1);
  const std::string path = hour_file(folder, "EURUSD/2012/00/31/23h_ticks.bi5", made::lzma(bytes + "cut"));
  const auto all = read("bi5", {path}, pair("EURUSD", 1e-5));
  CHECK(all.consistent());
  CHECK(all.counts.rows_read == 7);
  CHECK(all.counts.rows_stored == 2);
  CHECK(all.ticks[1].qty == 2);
  CHECK(all.counts.noted.at("size rounded to the lot grid").rows == 1);
  CHECK(all.counts.refused.at("time outside the hour").line == 20);
  CHECK(all.counts.refused.at("bad size").rows == 3);
  CHECK(all.counts.refused.at("truncated input").line == 120);
  CHECK(all.damage.find("byte 120") != std::string::npos);
  CHECK(read("bi5", {path}, pair("EURUSD", 1e-5), {{"off_grid_size", "refuse"}}).counts.rows_stored == 1);
  CHECK(read("bi5", {path}, pair("EURUSD", 1e-4)).counts.refused.at("price off the tick grid").rows == 5);
}

TEST_CASE("the point of a symbol is known for pairs, metals, indices and shares, and asked for otherwise") {
  using data::dukascopy::point_of;
  CHECK(point_of("EUR/USD") == 1e-5);
  CHECK(point_of("usdjpy") == 1e-3);
  CHECK(point_of("EURHUF") == 1e-3);
  CHECK(point_of("XAUUSD") == 1e-3);
  CHECK(point_of("USA500.IDX/USD") == 1e-3);
  CHECK(point_of("AAPL.US/USD") == 1e-3);
  CHECK(point_of("GAS.CMD/USD") == 1e-4);
  CHECK(point_of("BTCUSD") == 0.1);
  CHECK(!point_of("ETHUSD"));
  CHECK(made::error_with(ErrorKind::config, "point of 'ETHUSD'", [] { read("bi5", {"x.bi5"}, pair("ETHUSD", 0.1)); }));
}
