// Dukascopy's JSON: the real files of ../shared/ticks, and made ones.
#include <doctest/doctest.h>

#include "data/sources/parse/input_file.hpp"
#include "tests/data/sources/made_files.hpp"
#include "tests/data/sources/made_packings.hpp"

using namespace tf;

namespace {

const std::string kFolder = std::string(TF_SHARED) + "/ticks/dukascopy/";

made::Drained read(const char* source_name, const std::vector<std::string>& files, const Instrument& instrument,
                   std::size_t batch = 4096) {
  const auto& entry = data::find_source(source_name);
  const auto params = entry.params.make();
  const auto source = entry.open({files, instrument}, params.get());
  return made::drain(*source, batch);
}

Instrument pair(const char* symbol, double tick_size, double lot_size = 1) {
  Instrument made = made::instrument(tick_size, lot_size);
  made.symbol = symbol;
  return made;
}

}  // namespace

TEST_CASE("the real JSON files give the rows, times and sums that are known") {
  if (!std::filesystem::exists(kFolder)) {
    MESSAGE("skipped: no ../shared/ticks");
    return;
  }
  const std::string differences = kFolder + "dukascopy-node/ticks-EUR-USD-2026-7-13-12.json",
                    rows = kFolder + "dukascopy-node/sample_tick_data.json";
  const auto one = read("dukascopy_json", {differences}, pair("EURUSD", 1e-5));
  CHECK(one.consistent());
  CHECK(one.damage == "");
  CHECK(one.counts.rows_stored == 3551);
  CHECK(one.ticks.front().exch_ts == 1783944000093 * 1'000'000);
  CHECK(one.ticks.back().exch_ts == 1783947597150 * 1'000'000);
  CHECK(one.ticks[0].px == 114273);
  CHECK(one.ticks[1].px == 114277);
  CHECK(one.ticks[0].qty == 2'700'000);
  CHECK(one.ticks[1].qty == 1'800'000);
  CHECK(one.ticks[one.ticks.size() - 1].px == 114277 + 33);  // sums of the differences, by a plain reader
  CHECK(one.ticks[one.ticks.size() - 2].px == 114273 + 36);
  const auto two = read("dukascopy_json", {rows}, pair("EURUSD", 1e-5));
  CHECK(two.consistent());
  CHECK(two.counts.rows_stored == 3733);
  CHECK(two.ticks.front().exch_ts == 1549238400994 * 1'000'000);
  CHECK(two.ticks.back().exch_ts == 1549241999808 * 1'000'000);
  CHECK(two.ticks[0].px == 114543);
  CHECK(two.ticks[1].px == 114545);
  CHECK(two.ticks[0].qty == 2'060'000);
  CHECK(two.ticks[1].qty == 1'000'000);
  const auto both = read("dukascopy_json", {rows, differences}, pair("EURUSD", 1e-5), 5);
  CHECK(both.ticks.size() == one.ticks.size() + two.ticks.size());
  std::string raw, bytes;
  const auto guess = [&](const std::string& path) {
    return data::find_source("dukascopy_json").guess(data::read_head(path, raw, bytes)).sure;
  };
  CHECK(guess(differences) == data::Guess::Sure::yes);
  CHECK(guess(rows) == data::Guess::Sure::yes);
  CHECK(guess(kFolder + "mayeranalytics-bi5/test.bi5") == data::Guess::Sure::no);
}

TEST_CASE("JSON that is cut or odd keeps its good rows and says where it ends (made)") {
  const made::Folder folder;
  const Instrument instrument = pair("EURUSD", 1e-5);
  const std::string rows =
      "[[1549238400994,1.14545,1.14543,1,2.06],\n [1549238401000,1.1,1.0,1],null,"
      "[1549238401001,1.100001,1.0,1,1],[1549238401002,1.2,1.1,-1,1],[1549238401003,1.2,1.1,1,0]]";
  const auto all = read("dukascopy_json", {folder.file("a.json", rows)}, instrument);
  CHECK(all.consistent());
  CHECK(all.damage == "");
  CHECK(all.counts.rows_read == 6);
  CHECK(all.counts.rows_stored == 2);
  CHECK(all.counts.refused.at("not a row of five numbers").rows == 2);
  CHECK(all.counts.refused.at("price off the tick grid").rows == 1);
  CHECK(all.counts.refused.at("negative size").rows == 1);
  const auto cut = read("dukascopy_json", {folder.file("b.json", rows.substr(0, 50))}, instrument);
  CHECK(cut.consistent());
  CHECK(cut.counts.rows_stored == 1);
  CHECK(cut.counts.refused.at("truncated input").rows == 1);
  CHECK(cut.damage.find("ends early") != std::string::npos);
  const std::string object =
      "{\"bid\":1.14273,\"times\":[93,104,1],\"asks\":[0,-2,1],\"bids\":[0,-2,2],\"multiplier\":1.0E-5,"
      "\"timestamp\":1783944000000,\"ask\":1.14277,\"note\":{\"a\":[\"]}\"]},\"bidVolumes\":[1,2,3.5],\"askVolumes\":"
      "[1,2,3]}";
  const auto packed = read("dukascopy_json", {folder.file("c.json.zst", made::zstd(object))}, instrument);
  CHECK(packed.counts.rows_stored == 3);
  CHECK(packed.ticks.back().px == 114276);
  CHECK(packed.counts.noted.at("size rounded to the lot grid").rows == 1);
  const auto part = read("dukascopy_json", {folder.file("d.json", object.substr(0, object.size() - 4))}, instrument);
  CHECK(part.consistent());
  CHECK(part.counts.rows_stored == 2);
  CHECK(!part.damage.empty());
  std::string broken = object;
  broken.replace(broken.find("104"), 3, "1.5");
  const auto stopped = read("dukascopy_json", {folder.file("e.json", broken)}, instrument);
  CHECK(stopped.consistent());
  CHECK(stopped.counts.rows_stored == 1);
  CHECK(stopped.damage.find("difference") != std::string::npos);
  CHECK(made::error_with(ErrorKind::bad_data, "multiplier",
                         [&] { read("dukascopy_json", {folder.file("f.json", "{\"a\":1}")}, instrument); }));
  CHECK(made::error_with(ErrorKind::bad_data, "neither",
                         [&] { read("dukascopy_json", {folder.file("g.json", "1,2,3")}, instrument); }));
  CHECK(read("dukascopy_json", {folder.file("h.json", " \n")}, instrument).counts.rows_read == 0);
}
