#include "data/store/repair.hpp"

#include <doctest/doctest.h>

#include "data/store/day_file.hpp"
#include "made_days.hpp"

using namespace tf;
using namespace tf::data;

namespace {

constexpr std::size_t kChunk = kChunkRows;

DayInfo write_from(const TickStore& store, const std::vector<Tick>& ticks, const std::string& files) {
  const auto writer = store.write_day(made::kId, made::kDay, true);
  writer->append(ticks);
  return writer->commit({{"source", "csv"},
                         {"source_params", "preset=x"},
                         {"source_files", files},
                         {"source_digest", "d of " + files},
                         {"note", "no part of the source"}});
}

/// Chunk places of the current file.
DayFooter footer_of(const std::string& path) { return open_sound_day(path, made::kId, made::kDay, 0).footer; }

void flip(const std::string& path, int64_t at) {
  std::string bytes = made::bytes_of(path);
  bytes[static_cast<std::size_t>(at)] ^= 2;
  made::put_bytes(path, bytes);
}

std::string text_of(const std::vector<std::pair<std::string, std::string>>& source) {
  std::string text;
  for (const auto& [name, value] : source) text += name + "=" + value + ";";
  return text;
}

}  // namespace

TEST_CASE("a repair names what is lost, the newest sound version and the source") {
  const made::Folder folder;
  const TickStore store = made::store(folder);
  const std::vector<Tick> ticks = made::ticks(2 * kChunk + 50);
  write_from(store, made::ticks(10), "first.csv");
  write_from(store, made::ticks(20), "second.csv");
  const std::string path = write_from(store, ticks, "a.csv\nb.csv").path;
  made::write(store, made::ticks(7), made::kDay + 1);
  CHECK(plan_repairs(store, made::kId, file_states(store, made::kId, {}, true, 2)).empty());

  const DayFooter footer = footer_of(path);
  for (const auto& [column, chunk] : {std::pair{kPx, 1}, {kQty, 1}, {kFlags, 2}})
    flip(path, footer.entry(column, chunk).offset + 3);
  const std::string newest = store.day_versions(made::kId, made::kDay)[1].path;
  flip(newest, footer_of(newest).entry(kPx, 0).offset);
  for (int threads = 1; threads <= 4; ++threads) {
    const auto states = file_states(store, made::kId, {}, true, threads);
    REQUIRE(states.size() == 4);
    CHECK(states[0].damages.size() == 3);
    CHECK(states[1].damages.empty());
    CHECK(states[2].damages.size() == 1);
    CHECK(states[2].version == 2);
    CHECK(states[3].damages.empty());
    const auto repairs = plan_repairs(store, made::kId, states);
    REQUIRE(repairs.size() == 1);
    const Repair& repair = repairs[0];
    CHECK(repair.path == path);
    CHECK_FALSE(repair.all_lost);
    CHECK(repair.rows == int64_t(ticks.size()));
    CHECK(repair.lost_rows == int64_t(kChunk) + 50);
    REQUIRE(repair.lost.size() == 2);
    CHECK(repair.lost[0].first_row == int64_t(kChunk));
    CHECK(repair.lost[0].columns == "px, qty");
    CHECK(repair.lost[0].first_ts == ticks[kChunk].exch_ts);
    CHECK(repair.lost[0].last_ts == ticks[2 * kChunk - 1].exch_ts);
    CHECK(repair.lost[1].rows == 50);
    REQUIRE(repair.sound_version.has_value());
    CHECK(repair.sound_version->version == 1);
    CHECK(repair.sound_version->info->rows == 10);
    CHECK(text_of(repair.source) ==
          "source=csv;source_params=preset=x;source_files=a.csv\nb.csv;source_digest=d of a.csv\nb.csv;");
    CHECK(repair.source_from == path);
  }
  const auto shallow = file_states(store, made::kId, made::kDay, false, 1);
  CHECK(shallow.size() == 3);
  for (const FileState& state : shallow) CHECK(state.damages.empty());
}

TEST_CASE("of several sound versions a repair names the newest") {
  const made::Folder folder;
  const TickStore store = made::store(folder);
  for (std::size_t rows = 10; rows <= 40; rows += 10) write_from(store, made::ticks(rows), "a.csv");
  const std::string path = store.day_path(made::kId, made::kDay);
  flip(path, footer_of(path).entry(kPx, 0).offset + 1);
  const auto repairs = plan_repairs(store, made::kId, file_states(store, made::kId, {}, true, 1));
  REQUIRE(repairs.size() == 1);
  REQUIRE(repairs[0].sound_version.has_value());
  CHECK(repairs[0].sound_version->version == 3);
  CHECK(repairs[0].sound_version->info->rows == 30);
}

TEST_CASE("where the footer is damaged the attributes still tell the source, with a warning") {
  const made::Folder folder;
  const TickStore store = made::store(folder);
  const std::string path = write_from(store, made::ticks(500), "a.csv").path;
  flip(path, footer_of(path).hdf5_bytes + 30);
  const auto repairs = plan_repairs(store, made::kId, file_states(store, made::kId, {}, true, 1));
  REQUIRE(repairs.size() == 1);
  CHECK(repairs[0].all_lost);
  CHECK_FALSE(repairs[0].sound_version.has_value());
  CHECK(text_of(repairs[0].source) == "source=csv;source_params=preset=x;source_files=a.csv;source_digest=d of a.csv;");
  CHECK(repairs[0].source_from.find("damaged too") != std::string::npos);
}

TEST_CASE("a file that tells nothing any more leaves the source to its older version") {
  const made::Folder folder;
  const TickStore store = made::store(folder);
  write_from(store, made::ticks(500), "old.csv");
  const std::string path = write_from(store, made::ticks(400), "new.csv").path;
  made::put_bytes(path, std::string(3'000, 'x'));
  auto repairs = plan_repairs(store, made::kId, file_states(store, made::kId, {}, true, 1));
  REQUIRE(repairs.size() == 1);
  CHECK(text_of(repairs[0].source).find("old.csv") != std::string::npos);
  CHECK(repairs[0].source_from.find("older version") != std::string::npos);
  store.prune(made::kId, 0);
  repairs = plan_repairs(store, made::kId, file_states(store, made::kId, {}, true, 1));
  REQUIRE(repairs.size() == 1);
  CHECK(repairs[0].source.empty());
}

TEST_CASE("whatever becomes of the metadata, asking for a repair ends well") {
  const made::Folder folder;
  const TickStore store = made::store(folder);
  const std::string path = write_from(store, made::ticks(300), "a.csv").path, sound = made::bytes_of(path);
  const int64_t hdf5 = footer_of(path).hdf5_bytes;
  std::mt19937_64 random(8);
  int told = 0, asked = 0;
  for (int trial = 0; trial < 60; ++trial) {
    std::string bytes = sound;
    for (uint64_t byte = 0; byte < 1 + random() % 8; ++byte)
      bytes[random() % static_cast<uint64_t>(hdf5)] = static_cast<char>(random());
    if (trial % 3 == 0) bytes.resize(random() % bytes.size());
    made::put_bytes(path, bytes);
    const auto repairs = plan_repairs(store, made::kId, file_states(store, made::kId, {}, true, 1));
    if (bytes != sound) REQUIRE(repairs.size() == 1);
    ++asked;
    told += !repairs.empty() && text_of(repairs[0].source).find("source_files=a.csv;") != std::string::npos;
  }
  MESSAGE(told << " of " << asked << " spoiled files still told their source");
}
