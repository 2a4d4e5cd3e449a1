#include <doctest/doctest.h>

#include <algorithm>

#include "data/store/day_file.hpp"
#include "made_days.hpp"

using namespace tf;
using namespace tf::data;

namespace {

constexpr std::size_t kChunk = kChunkRows;

/// A store with one day whose file a test may spoil and heal.
struct Patient {
  made::Folder folder;
  TickStore store = made::store(folder);
  std::vector<Tick> ticks;
  std::string path, sound;

  explicit Patient(std::size_t rows, made::Kind kind = {}) : ticks(made::ticks(rows, kind)) {
    path = made::write(store, ticks).path;
    sound = made::bytes_of(path);
  }
  DayFooter footer() const { return open_sound_day(path, made::kId, made::kDay, 0).footer; }
  void flip(std::size_t at, int bit = 0) const {
    std::string bytes = sound;
    bytes[at] = static_cast<char>(bytes[at] ^ (1 << bit));
    made::put_bytes(path, bytes);
  }
  std::vector<Damage> verify() const { return store.verify_day(made::kId, made::kDay); }
  bool is_noticed() const {
    const std::vector<Damage> damages = verify();
    return !damages.empty() && damages.front().file == path && !damages.front().reason.empty();
  }
};

}  // namespace

TEST_CASE("a flipped bit anywhere in a file is noticed, and reading never yields other ticks") {
  std::mt19937_64 random(3);
  for (const std::size_t rows : {std::size_t(700), 2 * kChunk + 50}) {
    const Patient patient(rows, {rows < kChunk, rows < kChunk});
    REQUIRE(patient.verify().empty());
    const std::size_t size = patient.sound.size(), hdf5 = static_cast<std::size_t>(patient.footer().hdf5_bytes);
    std::vector<std::size_t> places = {0, 1, 8, hdf5 - 1, hdf5, hdf5 + 1, size - 1, size - 8, size - 9, size - 56};
    const int everywhere = rows < kChunk ? 150 : 20, small = rows < kChunk ? 50 : 15;
    for (int at = 0; at < everywhere; ++at) places.push_back(random() % size);
    for (int at = 0; at < small; ++at) places.push_back(hdf5 + random() % (size - hdf5));
    for (int at = 0; at < small; ++at) places.push_back(random() % 600);
    for (const std::size_t place : places) {
      CAPTURE(place);
      patient.flip(place, static_cast<int>(random() % 8));
      CHECK(patient.is_noticed());
      std::vector<Tick> read;
      ErrorKind kind = ErrorKind::bad_data;
      const std::string error = made::error_of([&] { read = made::read(patient.store, {made::kDay}); }, &kind);
      CHECK(kind == ErrorKind::bad_data);
      if (error.empty())
        CHECK(read == patient.ticks);  // the damage lies in bytes that only HDF5 reads
      else
        CHECK(error.find(patient.path) != std::string::npos);
      if (place >= hdf5) CHECK_FALSE(made::error_of([&] { patient.store.days(made::kId); }).empty());
    }
    made::put_bytes(patient.path, patient.sound);
    CHECK(patient.verify().empty());
  }
}

TEST_CASE("truncated, lengthened, emptied and exchanged files are noticed by the list of days") {
  const Patient patient(900);
  std::mt19937_64 random(4);
  const auto days_error = [&] {
    CHECK(patient.is_noticed());
    return made::error_of([&] { patient.store.days(made::kId); });
  };
  std::vector<std::size_t> lengths = {0, 1, 55, 56, 57, patient.sound.size() - 1, patient.sound.size() - 56};
  for (int at = 0; at < 60; ++at) lengths.push_back(random() % patient.sound.size());
  for (const std::size_t length : lengths) {
    CAPTURE(length);
    made::put_bytes(patient.path, patient.sound.substr(0, length));
    CHECK(days_error().find(patient.path) != std::string::npos);
  }
  made::put_bytes(patient.path, patient.sound + "x");
  CHECK(days_error().find("appended to") != std::string::npos);
  made::put_bytes(patient.path, std::string(patient.sound.size(), '\0'));
  CHECK_FALSE(days_error().empty());
  made::put_bytes(patient.path, patient.sound.substr(100));
  CHECK_FALSE(days_error().empty());
  made::put_bytes(patient.path, patient.sound);
  CHECK(patient.verify().empty());

  // A sound file under the name of another day would put its ticks at a wrong time.
  std::filesystem::copy_file(patient.path, patient.store.day_path(made::kId, made::kDay + 1));
  const std::string error = made::error_of([&] { patient.store.days(made::kId); });
  CHECK(error.find("belongs to made/EURUSD 2014-05-01, expected made/EURUSD 2014-05-02") != std::string::npos);
}

TEST_CASE("damage stops the reader with file, column, chunk, rows and times") {
  const Patient patient(2 * kChunk + 50);
  const DayFooter footer = patient.footer();
  patient.flip(static_cast<std::size_t>(footer.entry(kQty, 1).offset) + 100);
  for (int threads = 0; threads <= 3; ++threads) {
    ReadOptions options;
    options.decode_threads = threads;
    const auto reader = patient.store.read(made::kId, {made::kDay}, options);
    std::size_t before = 0;
    const std::string error = made::error_of([&] {
      while (const TickBlock* block = reader->next()) before += block->ticks.size();
    });
    CHECK(before == kChunk);
    CHECK(error == "damaged day file " + patient.path + ": column qty, chunk 1 (rows 262144 to 524287, " +
                       time_text(patient.ticks[kChunk].exch_ts) + " to " +
                       time_text(patient.ticks[2 * kChunk - 1].exch_ts) +
                       "): the stored bytes do not match their checksum (XXH3)");
    CHECK(made::error_of([&] { reader->next(); }) == error);
  }
  ReadOptions options;
  options.columns = Column::px | Column::flags;
  CHECK(made::error_of([&] { made::read(patient.store, {made::kDay}, {}); }) != "");
  const auto reader = patient.store.read(made::kId, {made::kDay}, options);
  std::size_t rows = 0;
  while (const TickBlock* block = reader->next()) rows += block->ticks.size();
  CHECK(rows == patient.ticks.size());  // the damaged column was not asked for
}

TEST_CASE("damage that is skipped drops the rows of its chunk, is recorded, and the day still ends") {
  const Patient patient(2 * kChunk + 50);
  const DayFooter footer = patient.footer();
  made::write(patient.store, patient.ticks, made::kDay + 1);
  std::string bytes = patient.sound;
  for (const auto& [column, chunk] : {std::pair{kQty, 0}, std::pair{kPx, 0}, std::pair{kFlags, 2}})
    bytes[static_cast<std::size_t>(footer.entry(column, chunk).offset) + 3] ^= 4;
  made::put_bytes(patient.path, bytes);
  for (int threads = 0; threads <= 3; ++threads) {
    ReadOptions options;
    options.on_damage = OnDamage::skip;
    options.decode_threads = threads;
    const auto reader = patient.store.read(made::kId, {made::kDay, made::kDay + 1}, options);
    std::vector<Tick> first_day;
    int ends = 0;
    std::size_t rows = 0;
    while (const TickBlock* block = reader->next()) {
      ends += block->last_of_day;
      rows += block->ticks.size();
      if (block->day == made::kDay && block->ticks.size()) {
        CHECK(block->first_row == int64_t(kChunk));
        first_day = made::rows_of(block->ticks);
      }
    }
    CHECK(ends == 2);
    CHECK(rows == kChunk + patient.ticks.size());
    CHECK(first_day == std::vector<Tick>(patient.ticks.begin() + kChunk, patient.ticks.begin() + 2 * kChunk));
    REQUIRE(reader->damages().size() == 2);
    CHECK(reader->damages()[0].column == "px");
    CHECK(reader->damages()[0].chunk == 0);
    CHECK(reader->damages()[0].rows == int64_t(kChunk));
    CHECK(reader->damages()[1].column == "flags");
    CHECK(reader->damages()[1].first_row == int64_t(2 * kChunk));
    CHECK(reader->damages()[1].rows == 50);
    CHECK(reader->damages()[1].last_ts == patient.ticks.back().exch_ts);
  }
  CHECK(patient.verify().size() == 3);
  CHECK_FALSE(made::error_of([&] {
                ReadOptions options;
                options.on_damage = OnDamage::skip;
                patient.store.read_day(made::kId, made::kDay, options);
              }).empty());
}

TEST_CASE("a damaged footer in the middle of many days stops the reader there, after the days before it") {
  const made::Folder folder;
  const TickStore store = made::store(folder);
  std::vector<Day> days;
  for (int index = 0; index < 6; ++index) {
    days.push_back(made::kDay + index);
    made::write(store, made::ticks(100), days.back());
  }
  const std::string path = store.day_path(made::kId, days[3]);
  made::put_bytes(path, made::bytes_of(path).substr(0, 500));
  for (int threads = 0; threads <= 3; ++threads) {
    ReadOptions options;
    options.decode_threads = threads;
    options.on_damage = OnDamage::skip;
    const auto reader = store.read(made::kId, days, options);
    for (int index = 0; index < 3; ++index) CHECK(reader->next()->day == days[index]);
    CHECK(made::error_of([&] { reader->next(); }).find(path + ": footer") != std::string::npos);
  }
  CHECK(store.day_names(made::kId) == days);
}

TEST_CASE("a footer whose own digest was made to fit is still judged") {
  // What a crafted file could claim: the parser must not believe sizes and places.
  const Patient patient(500);
  const auto judge = [&](const auto& change) {
    DayFooter footer = patient.footer();
    change(footer);
    const std::vector<uint8_t> bytes = encode_footer(footer);
    made::put_bytes(patient.path, patient.sound.substr(0, static_cast<std::size_t>(patient.footer().hdf5_bytes)) +
                                      std::string(bytes.begin(), bytes.end()));
    const bool noticed = patient.is_noticed();
    made::error_of([&] { made::read(patient.store, {made::kDay}); });
    made::put_bytes(patient.path, patient.sound);
    return noticed;
  };
  const int64_t huge = std::numeric_limits<int64_t>::max(), low = std::numeric_limits<int64_t>::min();
  CHECK_FALSE(judge([](DayFooter&) {}));
  for (const int64_t value : {huge, low, int64_t(-1), int64_t(0), int64_t(1) << 40}) {
    CHECK(judge([&](DayFooter& footer) { footer.rows = value; }));
    CHECK(judge([&](DayFooter& footer) { footer.chunk_rows = value; }));
    CHECK(judge([&](DayFooter& footer) { footer.hdf5_bytes = value; }));
    CHECK(judge([&](DayFooter& footer) { footer.chunks[2].offset = value; }));
    CHECK(judge([&](DayFooter& footer) { footer.chunks[2].encoded_bytes = value; }));
    CHECK(judge([&](DayFooter& footer) { footer.chunks[0].first_ts = value; }));
    CHECK(judge([&](DayFooter& footer) { footer.chunks[0].last_ts = value; }));
  }
  CHECK(judge([](DayFooter& footer) { footer.chunk_rows = 499; }));
  CHECK(judge([](DayFooter& footer) { footer.chunk_rows = 501; }));
  CHECK(judge([](DayFooter& footer) { footer.stored_columns = 1; }));
  CHECK(judge([](DayFooter& footer) { footer.stored_columns |= 64; }));
  CHECK(judge([](DayFooter& footer) { std::swap(footer.chunks[2].offset, footer.chunks[3].offset); }));
  CHECK(judge([](DayFooter& footer) { footer.chunks.pop_back(); }));
  CHECK(judge([](DayFooter& footer) { footer.chunks[3].decoded[0] ^= 1; }));
  CHECK(judge([](DayFooter& footer) { footer.chunks[0].largest_ts += 1; }));
  CHECK(judge([](DayFooter& footer) { footer.chunks[0].least_ts -= 1; }));
  CHECK(judge([](DayFooter& footer) { footer.codec = static_cast<Codec>(7); }));
  CHECK(judge([](DayFooter& footer) { footer.content_digest[0] ^= 1; }));
  CHECK(judge([](DayFooter& footer) { footer.non_chunk_digest[0] ^= 1; }));
}
