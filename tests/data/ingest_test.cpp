// Ingest from files to the store and back: counts, days, judgement, repeats, damage.
#include "data/ingest.hpp"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "data/sources/parse/market_model.hpp"
#include "data/store/digest.hpp"
#include "data/store/trading_day.hpp"
#include "data/validate.hpp"
#include "tests/data/sources/made_files.hpp"

using namespace tf;
using data::CsvParams;
using data::IngestReport;
using data::IngestRequest;
using data::TickStore;
using made::error_with;
using made::preset;

namespace {

Instrument eurusd(const std::string& venue) {
  Instrument instrument = made::instrument(0.00001);
  instrument.venue = venue;
  instrument.symbol = "EURUSD";
  return instrument;
}

IngestRequest request(const std::vector<std::string>& files, const CsvParams& params, const Instrument& instrument) {
  IngestRequest made;
  made.source = "csv";
  made.source_params = std::make_shared<CsvParams>(params);
  made.input = {files, instrument};
  return made;
}

bool consistent(const IngestReport& report) {
  int64_t refused = 0;
  for (const auto& [reason, refusal] : report.counts.refused) refused += refusal.rows;
  return report.counts.rows_read == report.counts.rows_stored + refused;
}

TickStore store_in(const made::Folder& folder, const char* name = "store") {
  return TickStore::open((folder.path / name).string(), true);
}

std::string rows(int from, int to) {  // ms, bid, ask
  std::string text;
  for (int row = from; row < to; ++row)
    text += std::to_string(row * 100) + ",1.10000,1.1000" + std::to_string(row % 5 + 1) + "\n";
  return text;
}

}  // namespace

TEST_CASE("the Oanda week comes out of the store as it went in, with known counts a day") {
  const std::string folder_name = std::string(TF_SHARED) + "/ticks/lean-fx/forex/oanda/tick/eurusd/";
  if (!std::filesystem::exists(folder_name)) {
    MESSAGE("skipped: no ../shared/ticks");
    return;
  }
  const std::pair<const char*, int64_t> known[] = {{"20140501", 24179}, {"20140502", 49341}, {"20140504", 1164},
                                                   {"20140505", 25177}, {"20140506", 44864}, {"20140507", 41367},
                                                   {"20140508", 87833}, {"20140509", 47634}};
  std::vector<std::string> files;
  for (const auto& [day, count] : known) files.push_back(folder_name + day + "_quote.zip");
  const made::Folder folder;
  const TickStore store = store_in(folder);
  auto asked = request(files, preset("lean_fx"), eurusd("oanda"));
  int calls = 0;
  asked.progress = [&](const std::string&, double) { ++calls; };
  const IngestReport report = data::ingest(asked, store);
  CHECK(calls > 8);
  CHECK(consistent(report));
  CHECK(report.counts.rows_stored == 321559);
  REQUIRE(report.days.size() == 8);
  for (std::size_t day = 0; day < 8; ++day) {
    CHECK(report.days[day].written);
    CHECK(report.days[day].day == *parse_day(known[day].first));
    CHECK(report.days[day].quality.quotes == known[day].second);
    CHECK(report.days[day].info.rows == 2 * known[day].second);
    CHECK(report.days[day].quality.crossed == 0);
    CHECK(report.days[day].quality.backward_steps == 0);
    CHECK(store.verify_day("oanda/EURUSD", report.days[day].day).empty());
  }
  const auto parsed = made::read_csv({files[3]}, preset("lean_fx"), eurusd("oanda"));
  const TickColumns stored = store.read_day("oanda/EURUSD", *parse_day("20140505"));
  REQUIRE(stored.size() == parsed.ticks.size());
  for (std::size_t row = 0; row < parsed.ticks.size(); ++row) REQUIRE(stored.span()[row] == parsed.ticks[row]);
  CHECK(report.file_digests[0] == data::file_sha256(files[0]));

  // Once more: nothing is written, the files keep their bytes; and the same input in another store gives the same
  // bytes.
  const std::string path = store.day_path("oanda/EURUSD", *parse_day("20140506"));
  const std::string bytes = made::read_bytes(path);
  const IngestReport again = data::ingest(asked, store);
  for (const auto& day : again.days) {
    CHECK(!day.written);
    CHECK(day.note == "unchanged");
    CHECK(day.info.rows == day.quality.ticks);
  }
  CHECK(made::read_bytes(path) == bytes);
  const TickStore other = store_in(folder, "other");
  data::ingest(asked, other);
  CHECK(made::read_bytes(other.day_path("oanda/EURUSD", *parse_day("20140506"))) == bytes);
}

TEST_CASE("FXCM's crossed and locked quotes are kept and counted") {
  const std::string file = std::string(TF_SHARED) + "/ticks/lean-fx/forex/fxcm/tick/eurusd/20140505_quote.zip";
  if (!std::filesystem::exists(file)) {
    MESSAGE("skipped: no ../shared/ticks");
    return;
  }
  CsvParams params = preset("lean_fx");
  params.zone = "-05:00";
  const made::Folder folder;
  const IngestReport report = data::ingest(request({file}, params, eurusd("fxcm")), store_in(folder));
  REQUIRE(report.days.size() == 2);  // shifted by five hours the day ends in the next one
  int64_t quotes = 0, crossed = 0, locked = 0;
  for (const auto& day : report.days) {
    quotes += day.quality.quotes;
    crossed += day.quality.crossed;
    locked += day.quality.locked;
  }
  CHECK(quotes == 58143);
  CHECK(crossed > 0.02 * 58143);
  CHECK(crossed < 0.13 * 58143);
  CHECK(locked > 0.03 * 58143);
  CHECK(locked < 0.14 * 58143);
}

TEST_CASE("a day with other ticks is an error, or replaced when asked") {
  const made::Folder folder;
  const TickStore store = store_in(folder);
  const Instrument instrument = eurusd("made");
  const std::string one = folder.file("20240102.csv", rows(0, 100)), two = folder.file("20240102b.csv", rows(0, 99)),
                    three = folder.file("20240102c.csv", rows(0, 101));
  data::ingest(request({one}, preset("lean_fx"), instrument), store);
  CHECK(error_with(ErrorKind::usage, "other ticks",
                   [&] { data::ingest(request({two}, preset("lean_fx"), instrument), store); }));
  CHECK(error_with(ErrorKind::usage, "row 200",
                   [&] { data::ingest(request({three}, preset("lean_fx"), instrument), store); }));
  CHECK(store.read_day(instrument.id(), *parse_day("20240102")).size() == 200);
  auto asked = request({three}, preset("lean_fx"), instrument);
  asked.replace = true;
  const IngestReport replaced = data::ingest(asked, store);
  CHECK(replaced.days[0].note == "replaced");
  CHECK(store.read_day(instrument.id(), *parse_day("20240102")).size() == 202);
  CHECK(data::ingest(asked, store).days[0].note == "unchanged");
}

TEST_CASE("a dry run judges and writes nothing") {
  const made::Folder folder;
  const TickStore store = store_in(folder);
  auto asked = request({folder.file("20240102.csv", rows(0, 100) + "x,1,1\n")}, preset("lean_fx"), eurusd("made"));
  asked.dry_run = true;
  const IngestReport report = data::ingest(asked, store);
  CHECK(report.days[0].quality.quotes == 100);
  CHECK(!report.days[0].written);
  CHECK(report.counts.refused.at("bad time").rows == 1);
  CHECK(store.instruments().empty());
}

TEST_CASE("days are the instrument's trading days, in its zone and from its own hour") {
  Instrument instrument = eurusd("made");
  instrument.zone = "America/New_York";
  instrument.day_start_s = 17 * 3600;
  data::TradingDays days(instrument);
  const auto day_at = [&](const char* date, int64_t ns) {
    return to_text(days.day_at(parse_day(date)->start_ns() + ns));
  };
  CHECK(day_at("2024-01-03", 22 * kHour - 1) == "2024-01-03");  // 16:59:59 in winter
  CHECK(day_at("2024-01-03", 22 * kHour) == "2024-01-04");
  CHECK(day_at("2024-07-03", 21 * kHour - 1) == "2024-07-03");  // an hour earlier in summer
  CHECK(day_at("2024-07-03", 21 * kHour) == "2024-07-04");
  CHECK(day_at("2024-03-10", 21 * kHour) == "2024-03-11");  // the day on which the clocks go forward
  instrument.day_start_s = 0;
  data::TradingDays plain(instrument);
  CHECK(to_text(plain.day_at(parse_day("2024-01-03")->start_ns())) == "2024-01-02");

  const made::Folder folder;
  const TickStore store = store_in(folder);
  instrument.day_start_s = 17 * 3600;
  const std::string text = "79199999,1.1,1.2\n79200000,1.1,1.2\n";
  const IngestReport report =
      data::ingest(request({folder.file("20240103.csv", text)}, preset("lean_fx"), instrument), store);
  REQUIRE(report.days.size() == 2);
  CHECK(to_text(report.days[0].day) == "2024-01-03");
  CHECK(report.days[0].quality.quotes == 1);
  CHECK(to_text(report.days[1].day) == "2024-01-04");
}

TEST_CASE("rows around midnight may be out of order; rows of a closed day are refused and counted") {
  const made::Folder folder;
  const TickStore store = store_in(folder);
  CsvParams params;
  params.time_column = "1";
  params.time_format = "datetime";
  params.price_column = "2";
  const std::string text =
      "2024-01-01 23:59:58,1\n2024-01-02 00:00:01,2\n2024-01-01 23:59:59,3\n2024-01-02 00:00:02,4\n"
      "2024-01-03 00:00:00,5\n2024-01-02 12:00:00,6\n2024-01-01 12:00:00,7\n2024-01-03 12:00:00,8\n";
  const IngestReport report = data::ingest(request({folder.file("t.csv", text)}, params, made::instrument(1)), store);
  CHECK(consistent(report));
  CHECK(report.counts.rows_stored == 7);
  CHECK(report.counts.refused.at("day already written").rows == 1);
  CHECK(report.counts.refused.at("day already written").line == 7);
  CHECK(report.counts.refused.at("day already written").example.find("trade of 2024-01-01T12:00:00Z") !=
        std::string::npos);
  const TickColumns first = store.read_day("test/TEST", *parse_day("20240101"));
  REQUIRE(first.size() == 2);
  CHECK(first.px[1] == 3);
  CHECK(store.read_day("test/TEST", *parse_day("20240102")).size() == 3);
  CHECK(report.days[1].quality.backward_steps == 0);
}

TEST_CASE("a damaged input leaves the rows before the damage; the sound file completes the day in which it lies") {
  const made::Folder folder;
  std::string text;
  for (int day = 1; day <= 3; ++day)
    for (int row = 0; row < 5000; ++row)
      text += std::to_string(1704067200000 + day * 86400000LL + row * 1000 + row * 7919 % 997) + "," +
              std::to_string(row * 7919 % 1000 + 1) + "\n";
  const std::string packed = made::gzip(text);
  CsvParams params;
  params.time_column = "1";
  params.price_column = "2";
  const std::string file = folder.file("t.csv.gz", packed.substr(0, packed.size() / 2));
  auto asked = request({file}, params, made::instrument(1));
  const TickStore store = store_in(folder);
  const auto complete = [&](Day day) {
    for (const auto& [name, text] : store.day_attributes("test/TEST", day))
      if (name == "complete") return text;
    return std::string();
  };

  // Left out when the policy says so.
  asked.policy.damaged_day = "refuse";
  const IngestReport report = data::ingest(asked, store);
  CHECK(report.damage.find("truncated") != std::string::npos);
  CHECK(report.damage.find(file) != std::string::npos);
  CHECK(consistent(report));
  REQUIRE(report.days.size() == 2);
  CHECK(report.days[0].written);
  CHECK(report.days[0].quality.trades == 5000);
  CHECK(!report.days[1].written);
  CHECK(report.counts.refused.at("day not written, input damaged").rows == report.days[1].quality.trades);
  CHECK(!store.has_day("test/TEST", report.days[1].day));
  CHECK(complete(report.days[0].day) == "yes");

  // Written, and marked, by default; once more it is the same day.
  asked.policy.damaged_day = "keep";
  const IngestReport all = data::ingest(asked, store);
  CHECK(all.days[0].note == "unchanged");
  CHECK(all.days[1].written);
  CHECK(!all.days[1].complete);
  CHECK(consistent(all));
  const Day second = all.days[1].day;
  CHECK(complete(second) == "no");
  CHECK(store.read_day("test/TEST", second).size() == static_cast<std::size_t>(all.days[1].quality.trades));
  CHECK(data::ingest(asked, store).days[1].note == "unchanged");

  // A shorter beginning does not replace a longer one, a longer one a shorter one does.
  folder.file("t.csv.gz", packed.substr(0, packed.size() * 4 / 10));
  const IngestReport shorter = data::ingest(asked, store);
  CHECK(shorter.days.back().note.find("more of this day is there") != std::string::npos);
  CHECK(consistent(shorter));
  folder.file("t.csv.gz", packed.substr(0, packed.size() * 6 / 10));
  const IngestReport longer = data::ingest(asked, store);
  CHECK(longer.days[1].note == "replaced");
  CHECK(longer.days[1].quality.trades > all.days[1].quality.trades);

  // The sound file needs no --replace; after it a damaged one leaves the whole day alone.
  folder.file("t.csv.gz", packed);
  const IngestReport sound = data::ingest(asked, store);
  REQUIRE(sound.days.size() == 3);
  CHECK(sound.days[1].note == "completed");
  CHECK(sound.days[2].note == "written");
  CHECK(complete(second) == "yes");
  CHECK(store.read_day("test/TEST", second).size() == 5000);
  folder.file("t.csv.gz", packed.substr(0, packed.size() / 2));
  const IngestReport late = data::ingest(asked, store);
  CHECK(late.days[1].note.find("the whole day is there") != std::string::npos);
  CHECK(store.read_day("test/TEST", second).size() == 5000);
  CHECK(consistent(late));
}

TEST_CASE("damage at the very end of a day is mended by the sound file though its ticks are the same") {
  const made::Folder folder;
  const std::string packed = made::gzip("86399000,1.1,1.2\n86399900,1.1,1.3\n");
  const std::string file = folder.file("20240102.csv.gz", packed.substr(0, packed.size() - 4));
  const auto asked = request({file}, preset("lean_fx"), eurusd("made"));
  const TickStore store = store_in(folder);
  const IngestReport cut = data::ingest(asked, store);
  CHECK(!cut.damage.empty());
  REQUIRE(cut.days.size() == 1);
  CHECK(!cut.days[0].complete);
  folder.file("20240102.csv.gz", packed);
  CHECK(data::ingest(asked, store).days[0].note == "completed");
  CHECK(data::ingest(asked, store).days[0].note == "unchanged");
}

TEST_CASE("the report is one JSON object and a text that people can read") {
  const made::Folder folder;
  auto asked = request({folder.file("20240102 \"odd\"\\n\xC3\xA4me.csv", rows(0, 10) + "1,\"\x01\xFF,\\\n")},
                       preset("lean_fx"), eurusd("made"));
  const IngestReport report = data::ingest(asked, store_in(folder));
  const auto json = nlohmann::json::parse(report.to_json());
  CHECK(json["schema"] == "tickfold.ingest.1");
  CHECK(json["rows_read"] == 11);
  CHECK(json["days"][0]["quality"]["quotes"] == 10);
  CHECK(json["refused"].begin().value()["line"] == 11);
  const std::string text = report.to_text();
  CHECK(text.find("rows read 11 = stored 10 + refused 1") != std::string::npos);
  CHECK(text.find("2024-01-02") != std::string::npos);
  const auto attributes = store_in(folder).day_attributes("made/EURUSD", report.days[0].day);
  const auto found = std::find_if(attributes.begin(), attributes.end(),
                                  [](const auto& pair) { return pair.first == "ingest_report"; });
  REQUIRE(found != attributes.end());
  CHECK(nlohmann::json::parse(found->second)["ticks"] == 20);
  CHECK(report.days[0].info.source_digest == report.file_digests[0]);
}

TEST_CASE("every count of the judgement, on ticks made by hand") {
  const uint32_t bid = static_cast<uint32_t>(TickKind::best_bid), ask = static_cast<uint32_t>(TickKind::best_ask),
                 trade = static_cast<uint32_t>(TickKind::trade);
  const std::vector<Tick> ticks = {
      {100, 110, 10, 1, 0, bid},
      {100, 110, 12, 1, 0, ask | kFlagLast},                // spread 2
      {100, 110, 11, 0, 0, trade | kFlagLast},              // equal time, zero size
      {90, 110, 13, 1, 0, bid | kFlagLast},                 // back; crossed
      {500, 400, 13, 0, 0, ask | kFlagLast | kFlagNoSize},  // gap; locked; received before sent
      {510, 520, -1, 1, 0, bid},
      {510, 519, 5000, 1, 0, ask | kFlagLast},
      {511, 530, 0, 1, 0, trade | kFlagLast}};
  data::QualityMeter meter;
  meter.add(std::span(ticks).first(3));
  meter.add(std::span(ticks).subspan(3));
  const data::QualityCounts counts = meter.counts();
  CHECK(counts.ticks == 8);
  CHECK(counts.quotes == 4);
  CHECK(counts.trades == 2);
  CHECK(counts.first_ts == 100);
  CHECK(counts.last_ts == 511);
  CHECK(counts.backward_steps == 1);
  CHECK(counts.local_backward_steps == 1);
  CHECK(counts.equal_ts == 1);
  CHECK(counts.largest_gap_ns == 410);
  CHECK(counts.largest_gap_at == 90);
  CHECK(counts.crossed == 1);
  CHECK(counts.locked == 1);
  CHECK(counts.zero_px == 1);
  CHECK(counts.negative_px == 1);
  CHECK(counts.zero_qty == 1);
  CHECK(counts.negative_latency == 1);
  CHECK(counts.spread_max_ticks == 5001);
  CHECK(counts.spread_median_ticks == 1);  // of -1, 0, 2, 5001
}

TEST_CASE("a made market is ingested like any other input") {
  const made::Folder folder;
  const TickStore store = store_in(folder);
  data::SyntheticParams params;
  params.days = 3;
  params.ticks_per_day = 2000;
  IngestRequest asked;
  asked.source = "synthetic";
  asked.source_params = std::make_shared<data::SyntheticParams>(params);
  asked.input.instrument = made::instrument(0.01);
  const IngestReport report = data::ingest(asked, store);
  CHECK(report.days.size() == 3);
  CHECK(report.days[0].quality.crossed == 0);
  CHECK(report.days[0].info.source_digest.empty());
  params.days = 5;  // two days more: the first three are as they were
  asked.source_params = std::make_shared<data::SyntheticParams>(params);
  const IngestReport longer = data::ingest(asked, store);
  CHECK(longer.days[2].note == "unchanged");
  CHECK(longer.days[3].written);
}

TEST_CASE("what cannot be ingested is named") {
  const made::Folder folder;
  const TickStore store = store_in(folder);
  CHECK(error_with(ErrorKind::no_input, "20240101.csv", [&] {
    data::ingest(request({(folder.path / "20240101.csv").string()}, preset("lean_fx"), eurusd("made")), store);
  }));
  CHECK(error_with(ErrorKind::no_input, "folder",
                   [&] { data::ingest(request({folder.path.string()}, preset("lean_fx"), eurusd("made")), store); }));
  IngestRequest asked;
  asked.source = "cvs";
  CHECK(error_with(ErrorKind::config, "csv, ", [&] { data::ingest(asked, store); }));
  CHECK(error_with(ErrorKind::config, "synthetic", [&] { data::ingest(asked, store); }));
}
