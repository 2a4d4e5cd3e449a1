#include "data/store/upgrade.hpp"

#include <doctest/doctest.h>

#include "data/store/day_file.hpp"
#include "data/store/versions.hpp"
#include "made_days.hpp"

using namespace tf;
using namespace tf::data;

namespace {

namespace fs = std::filesystem;
using End = UpgradedDay::End;

constexpr int64_t kRows[] = {1, 700, 300, 2 * 256 * 1024 + 50};

/// The ticks that the writer of schema 1 was given for tests/data/store/legacy, by these formulas.
std::vector<Tick> legacy_ticks(int file) {
  std::vector<Tick> ticks(static_cast<std::size_t>(kRows[file]));
  const bool full = file < 2;
  for (int64_t row = 0; row < kRows[file]; ++row) {
    Tick& tick = ticks[static_cast<std::size_t>(row)];
    const int64_t start = 1'398'902'400'000'000'000;
    if (file == 3) {
      tick = {start + row / 4096 * 1000, start + row / 4096 * 1000, 130'000 + row / 65536, 7, 0, 1u};
      continue;
    }
    tick.exch_ts = start + row / 2 * 1'000'003;
    tick.local_ts = full ? tick.exch_ts + row % 977 * 101 : tick.exch_ts;
    tick.px = 130'000 + row % 31 - 15;
    tick.qty = row % 100;
    tick.order_id = full ? 1000 + static_cast<uint64_t>(row) * 3 : 0;
    tick.flags = row % 2 ? 3u | kFlagLast : 2u;
  }
  return ticks;
}

/// A copy of the store that schema 1 wrote.
struct Legacy {
  made::Folder folder;
  std::string root = folder.path() + "/old";
  Legacy() { fs::copy(TF_SOURCE "/tests/data/store/legacy", root, fs::copy_options::recursive); }
  TickStore store() const { return TickStore::open(root); }
  DayFooter footer(int day) const {
    return open_sound_day(store().day_path(made::kId, made::kDay + day), made::kId, made::kDay + day, 0).footer;
  }
};

std::string attribute(const TickStore& store, Day day, const std::string& name) {
  for (const auto& [key, text] : store.day_attributes(made::kId, day))
    if (key == name) return text;
  return "none";
}

}  // namespace

TEST_CASE("files of schema 1 read as ever, and an upgrade makes them current with equal ticks and attributes") {
  const Legacy legacy;
  const TickStore store = legacy.store();
  for (int day = 0; day < 4; ++day) {
    CHECK(legacy.footer(day).version == 1);
    CHECK(made::read(store, {made::kDay + day}) == legacy_ticks(day));
    CHECK(store.verify_day(made::kId, made::kDay + day).empty());
  }
  UpgradeOptions options;
  options.dry_run = true;
  for (const UpgradedDay& day : upgrade_store(store, {made::kId}, options)) CHECK(day.end == End::would_rewrite);
  CHECK(legacy.footer(0).version == 1);

  options.dry_run = false;
  const auto results = upgrade_store(store, {made::kId}, options);
  REQUIRE(results.size() == 4);
  for (int day = 0; day < 4; ++day) {
    CHECK(results[static_cast<std::size_t>(day)].end == End::rewritten);
    CHECK(results[static_cast<std::size_t>(day)].rows == kRows[day]);
    CHECK(legacy.footer(day).version == kSchemaVersion);
    CHECK(legacy.footer(day).codec == Codec::packed);
    CHECK(made::read(store, {made::kDay + day}) == legacy_ticks(day));
    CHECK(store.verify_day(made::kId, made::kDay + day).empty());
    CHECK(attribute(store, made::kDay + day, "note") == "made by schema 1");
    CHECK(attribute(store, made::kDay + day, "source_files") == "a.csv\nb.csv");
    CHECK(attribute(store, made::kDay + day, "schema_version") == std::to_string(kSchemaVersion));
    CHECK(attribute(store, made::kDay + day, "zone") == "America/New_York");
    CHECK(attribute(store, made::kDay + day, "upgraded_from").starts_with("schema 1, codec zstd, content digest "));
    CHECK(store.days(made::kId)[static_cast<std::size_t>(day)].source_digest == "00ff");
    const auto versions = store.day_versions(made::kId, made::kDay + day);
    REQUIRE(versions.size() == 1);
    CHECK(made::bytes_of(versions[0].path) ==
          made::bytes_of(TF_SOURCE "/tests/data/store/legacy/made/EURUSD/" + to_text(made::kDay + day) + ".h5"));
  }
  CHECK_FALSE(fs::exists(legacy.root + "/.upgrade"));
  CHECK_FALSE(fs::exists(legacy.root + "/.upgrade.lock.tmp"));
  for (const UpgradedDay& day : upgrade_store(store, {made::kId}, options)) CHECK(day.end == End::unchanged);
  CHECK(store.day_versions(made::kId, made::kDay).size() == 1);
}

TEST_CASE("an upgrade changes the codec of current files and keeps their content digest") {
  const made::Folder folder;
  const TickStore store = made::store(folder);
  const std::vector<Tick> ticks = made::ticks(5'000);
  const std::string digest = made::write(store, ticks).content_digest;
  UpgradeOptions options;
  int64_t versions = 0;
  for (const Codec codec : {Codec::zstd, Codec::packed_zstd, Codec::packed}) {
    options.codec = codec;
    const auto results = upgrade_store(store, {made::kId}, options);
    CHECK(results[0].end == End::rewritten);
    CHECK(results[0].codec_after == codec);
    CHECK(open_sound_day(store.day_path(made::kId, made::kDay), made::kId, made::kDay, 0).footer.codec == codec);
    CHECK(store.days(made::kId)[0].content_digest == digest);
    CHECK(made::read(store, {made::kDay}) == ticks);
    CHECK(attribute(store, made::kDay, "note") == "made");
    CHECK(int64_t(store.day_versions(made::kId, made::kDay).size()) == ++versions);
    CHECK(upgrade_store(store, {made::kId}, options)[0].end == End::unchanged);
  }
}

TEST_CASE("a damaged day is refused and stays, the others are upgraded") {
  const Legacy legacy;
  const TickStore store = legacy.store();
  const std::string path = store.day_path(made::kId, made::kDay + 1);
  std::string bytes = made::bytes_of(path);
  bytes[static_cast<std::size_t>(legacy.footer(1).entry(kPx, 0).offset) + 5] ^= 16;
  made::put_bytes(path, bytes);
  // An attribute that says something else: no chunk is damaged.
  const std::string other = store.day_path(made::kId, made::kDay + 3);
  std::string told = made::bytes_of(other);
  REQUIRE(told.find("made by schema 1") != std::string::npos);
  told[told.find("made by schema 1")] = 'M';
  made::put_bytes(other, told);
  const auto results = upgrade_store(store, {made::kId}, {});
  REQUIRE(results.size() == 4);
  CHECK(results[3].end == End::refused);
  CHECK(results[3].note.find("the bytes outside the chunks") != std::string::npos);
  CHECK(results[1].end == End::refused);
  CHECK(results[1].note.find("column px, chunk 0") != std::string::npos);
  CHECK(results[2].end == End::rewritten);
  CHECK(made::bytes_of(path) == bytes);
  CHECK(store.day_versions(made::kId, made::kDay + 1).empty());
}

TEST_CASE("what an interrupted upgrade left is cleared by the next, and two at a time are refused") {
  const Legacy legacy;
  const TickStore store = legacy.store();
  fs::create_directories(legacy.root + "/.upgrade/made/EURUSD");
  made::put_bytes(legacy.root + "/.upgrade/made/EURUSD/2014-05-01.h5", "half");
  made::put_bytes(legacy.root + "/.upgrade.lock.tmp", "");
  CHECK(store.instruments() == std::vector<std::string>{made::kId});
  CHECK(sweep_upgrade(store, true));
  CHECK(upgrade_store(store, {made::kId}, {})[0].end == End::rewritten);
  CHECK_FALSE(sweep_upgrade(store));

  const FileHandle other = lock_temporary(legacy.root + "/.upgrade.lock.tmp");
  ErrorKind kind{};
  CHECK(made::error_of([&] { upgrade_store(store, {made::kId}, {}); }, &kind).find("another upgrade") !=
        std::string::npos);
  CHECK(kind == ErrorKind::again);
  CHECK_FALSE(sweep_upgrade(store));
}

TEST_CASE("a day that a writer holds is not replaced under its hands") {
  const Legacy legacy;
  const TickStore store = legacy.store();
  const auto writer = store.write_day(made::kId, made::kDay, true);
  ErrorKind kind{};
  made::error_of([&] { upgrade_store(store, {made::kId}, {}); }, &kind);
  CHECK(kind == ErrorKind::again);
  CHECK(legacy.footer(0).version == 1);
}

TEST_CASE("an upgrade that is cancelled ends between two days and goes on later") {
  const Legacy legacy;
  const TickStore store = legacy.store();
  std::stop_source stop;
  UpgradeOptions options;
  options.cancel = stop.get_token();
  options.progress = [&](const std::string& what, double) {
    if (what.find("2014-05-03") != std::string::npos) stop.request_stop();
  };
  ErrorKind kind{};
  CHECK_FALSE(made::error_of([&] { upgrade_store(store, {made::kId}, options); }, &kind).empty());
  CHECK(kind == ErrorKind::again);
  CHECK(legacy.footer(1).version == kSchemaVersion);
  CHECK(legacy.footer(2).version == 1);
  const auto results = upgrade_store(store, {made::kId}, {});
  CHECK(results[1].end == End::unchanged);
  CHECK(results[2].end == End::rewritten);
}

TEST_CASE("day files of any folder are brought into a store by what they say of themselves") {
  const made::Folder folder;
  fs::create_directories(folder.path() + "/heap/deep");
  const std::string from = TF_SOURCE "/tests/data/store/legacy/made/EURUSD/";
  fs::copy_file(from + "2014-05-01.h5", folder.path() + "/heap/some name.h5");
  fs::copy_file(from + "2014-05-02.h5", folder.path() + "/heap/deep/x.h5");
  made::put_bytes(folder.path() + "/heap/panel.h5", "no day file");
  made::put_bytes(folder.path() + "/heap/2014-05-09.h5", "damaged");
  const TickStore into = TickStore::open(folder.path() + "/into", true);
  auto results = import_days(folder.path() + "/heap", into, {});
  REQUIRE(results.size() == 3);
  CHECK(results[0].end == End::refused);
  CHECK(results[0].note.find("2014-05-09.h5") != std::string::npos);
  CHECK(results[1].end == End::imported);
  CHECK(results[2].end == End::imported);
  CHECK(made::read(into, {made::kDay}) == legacy_ticks(0));
  CHECK(made::read(into, {made::kDay + 1}) == legacy_ticks(1));
  const Instrument instrument = into.instrument(made::kId);
  CHECK(instrument.multiplier == 1.5);
  CHECK(instrument.day_start_s == 61'200);
  CHECK(instrument.has_local_clock);
  CHECK(instrument == TickStore::open(TF_SOURCE "/tests/data/store/legacy").instrument(made::kId));

  // Again: nothing to do; a day with other ticks is not overwritten.
  results = import_days(folder.path() + "/heap", into, {});
  CHECK(results[1].end == End::unchanged);
  made::write(into, made::ticks(5), made::kDay, true);
  results = import_days(folder.path() + "/heap", into, {});
  CHECK(results[2].end == End::refused);
  CHECK(results[2].note.find("other ticks") != std::string::npos);
  CHECK(into.day_versions(made::kId, made::kDay).size() == 1);
}
