#include "data/store/tick_store.hpp"

#include <doctest/doctest.h>
#include <hdf5.h>

#include <algorithm>

#include "data/store/day_file.hpp"
#include "made_days.hpp"

using namespace tf;
using namespace tf::data;

namespace {

constexpr std::size_t kChunk = kChunkRows;

std::size_t files_in(const std::string& folder) {
  std::size_t count = 0;
  for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator(folder)) ++count;
  return count;
}

template <class T>
std::vector<T> column_by_hdf5(const std::string& path, const char* name, hid_t type) {
  const hid_t file = H5Fopen(path.c_str(), H5F_ACC_RDONLY, H5P_DEFAULT), column = H5Dopen2(file, name, H5P_DEFAULT);
  REQUIRE(column >= 0);
  const hid_t space = H5Dget_space(column);
  std::vector<T> values(static_cast<std::size_t>(H5Sget_simple_extent_npoints(space)));
  CHECK(H5Dread(column, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data()) >= 0);
  H5Sclose(space);
  H5Dclose(column);
  H5Fclose(file);
  return values;
}

}  // namespace

TEST_CASE("every day reads back as written, whatever its size and columns") {
  const made::Folder folder;
  const TickStore store = made::store(folder);
  Day day = made::kDay;
  for (const std::size_t rows : {std::size_t(1), std::size_t(2), std::size_t(15), std::size_t(17), std::size_t(5'000),
                                 kChunk - 1, kChunk, kChunk + 1, 2 * kChunk + 777})
    for (const made::Kind kind : {made::Kind{true, true}, made::Kind{false, false}}) {
      CAPTURE(rows);
      day = day + 1;
      const std::vector<Tick> ticks = made::ticks(rows, kind, static_cast<unsigned>(rows));
      const DayInfo info = made::write(store, ticks, day);
      CHECK(info.rows == int64_t(rows));
      CHECK(info.first_ts == ticks.front().exch_ts);
      CHECK(info.last_ts == ticks.back().exch_ts);
      CHECK(info.file_bytes == int64_t(std::filesystem::file_size(info.path)));
      CHECK(info.source_digest == "abc");
      CHECK(made::read(store, {day}) == ticks);
      CHECK(made::rows_of(store.read_day(made::kId, day).span()) == ticks);
      CHECK(store.verify_day(made::kId, day).empty());
    }
  CHECK(store.days(made::kId).size() == 18);
}

TEST_CASE("extreme values survive") {
  const made::Folder folder;
  const TickStore store = made::store(folder);
  const int64_t low = std::numeric_limits<int64_t>::min(), high = std::numeric_limits<int64_t>::max();
  const std::vector<Tick> ticks = {{low, high, low, high, ~uint64_t{0}, ~uint32_t{0}}, {high, low, high, low, 0, 0}};
  made::write(store, ticks);
  CHECK(made::read(store, {made::kDay}) == ticks);
  CHECK(store.verify_day(made::kId, made::kDay).empty());
}

TEST_CASE("a column that turns up in a late chunk is stored for the chunks before it too") {
  const made::Folder folder;
  const TickStore store = made::store(folder);
  std::vector<Tick> ticks = made::ticks(3 * kChunk + 5, {false, false});
  ticks[2 * kChunk + 9].order_id = 77;
  ticks[3 * kChunk + 1].local_ts += 1;
  made::write(store, ticks);
  CHECK(made::read(store, {made::kDay}) == ticks);
  CHECK(store.verify_day(made::kId, made::kDay).empty());
  const auto ids = column_by_hdf5<uint64_t>(store.day_path(made::kId, made::kDay), "order_id", H5T_NATIVE_UINT64);
  REQUIRE(ids.size() == ticks.size());
  CHECK(ids[2 * kChunk + 9] == 77);
  CHECK(std::count(ids.begin(), ids.end(), 0u) == int64_t(ticks.size()) - 1);
}

TEST_CASE("absent columns are not in the file, and the content digest counts them as if they were") {
  const made::Folder folder;
  const TickStore store = made::store(folder);
  const std::vector<Tick> ticks = made::ticks(1000, {false, false});
  const DayInfo info = made::write(store, ticks);
  const auto reader = store.read(made::kId, {made::kDay});
  const TickBlock* block = reader->next();
  REQUIRE(block);
  CHECK(block->ticks.order_id.empty());
  CHECK(block->ticks.local_ts.size() == 1000);
  CHECK(block->last_of_day);
  CHECK(store.read_day(made::kId, made::kDay).order_id == std::vector<uint64_t>(1000));

  // Recomputed without the code under test's tables: six leaves of one chunk, three pairs, then 2 + 1.
  TickColumns all;
  for (const Tick& tick : ticks) all.push(tick);
  const void* from[] = {all.exch_ts.data(), all.local_ts.data(), all.px.data(),
                        all.qty.data(),     all.order_id.data(), all.flags.data()};
  const auto joined = [](uint8_t mark, std::string left, std::string right) {
    const std::string bytes = std::string(1, static_cast<char>(mark)) + left + right;
    const Digest digest = sha256(bytes.data(), bytes.size());
    return std::string(digest.begin(), digest.end());
  };
  std::vector<std::string> leaves;
  for (int column = 0; column < kColumns; ++column) {
    const Digest digest = sha256(from[column], 1000 * kColumnWidths[column]);
    const std::string place = {static_cast<char>(column), 0, 0, 0, 0, 0, 0, 0, '\xe8', 3, 0, 0, 0, 0, 0, 0};
    leaves.push_back(joined(0, place, std::string(digest.begin(), digest.end())));
  }
  const std::string left = joined(1, joined(1, leaves[0], leaves[1]), joined(1, leaves[2], leaves[3]));
  const std::string root = joined(1, left, joined(1, leaves[4], leaves[5]));
  Digest expected;
  std::copy(root.begin(), root.end(), expected.begin());
  CHECK(info.content_digest == hex_text(expected));
}

TEST_CASE("equal ticks make equal files, however they were appended") {
  const made::Folder folder;
  const TickStore store = made::store(folder);
  const std::vector<Tick> ticks = made::ticks(kChunk + 100);
  made::write(store, ticks);
  const std::string path = store.day_path(made::kId, made::kDay), first = made::bytes_of(path);
  const auto writer = store.write_day(made::kId, made::kDay, true);
  writer->append(ticks);
  writer->commit({{"source_digest", "abc"}, {"note", "made"}});
  CHECK(made::bytes_of(path) == first);
}

TEST_CASE("blocks come in order with their row numbers, and only the columns asked for") {
  const made::Folder folder;
  const TickStore store = made::store(folder);
  const std::vector<Tick> ticks = made::ticks(2 * kChunk + 10);
  made::write(store, ticks);
  for (uint32_t columns = 0; columns <= kAllColumns; ++columns) {
    ReadOptions options;
    options.columns = columns;
    const auto reader = store.read(made::kId, {made::kDay}, options);
    int64_t row = 0;
    while (const TickBlock* block = reader->next()) {
      const auto asked = [&](Column column) { return (columns & static_cast<uint32_t>(column)) != 0; };
      const TickSpan& span = block->ticks;
      CHECK(block->first_row == row);
      CHECK(span.local_ts.size() == (asked(Column::local_ts) ? span.size() : 0));
      CHECK(span.px.size() == (asked(Column::px) ? span.size() : 0));
      CHECK(span.qty.size() == (asked(Column::qty) ? span.size() : 0));
      CHECK(span.order_id.size() == (asked(Column::order_id) ? span.size() : 0));
      CHECK(span.flags.size() == (asked(Column::flags) ? span.size() : 0));
      CHECK(span.exch_ts[7] == ticks[row + 7].exch_ts);
      if (asked(Column::qty)) CHECK(span.qty[7] == ticks[row + 7].qty);
      row += static_cast<int64_t>(span.size());
      CHECK(block->last_of_day == (row == int64_t(ticks.size())));
    }
    CHECK(row == int64_t(ticks.size()));
  }
}

TEST_CASE("any number of threads and blocks yields the same ticks over many small days") {
  const made::Folder folder;
  const TickStore store = made::store(folder);
  std::vector<Tick> all;
  std::vector<Day> days;
  for (int index = 0; index < 60; ++index) {
    days.push_back(made::kDay + index);
    const std::size_t rows = index == 30 ? kChunk + 5 : 1 + static_cast<std::size_t>(index * 37 % 500);
    const std::vector<Tick> ticks = made::ticks(rows, {index % 2 == 0, index % 3 == 0}, unsigned(index), days.back());
    made::write(store, ticks, days.back());
    all.insert(all.end(), ticks.begin(), ticks.end());
  }
  std::reverse(days.begin(), days.end());
  for (int threads = 0; threads <= 4; ++threads)
    for (const int blocks : {1, 2, 5}) {
      ReadOptions options;
      options.decode_threads = threads;
      options.blocks_in_flight = blocks;
      CHECK(made::read(store, days, options) == all);
    }
}

TEST_CASE("a reader may be dropped at any point") {
  const made::Folder folder;
  const TickStore store = made::store(folder);
  std::vector<Day> days;
  for (int index = 0; index < 8; ++index) {
    days.push_back(made::kDay + index);
    made::write(store, made::ticks(200), days.back());
  }
  for (int threads = 0; threads <= 4; ++threads)
    for (int taken = 0; taken <= 9; ++taken) {
      ReadOptions options;
      options.decode_threads = threads;
      options.blocks_in_flight = 1 + taken % 3;
      const auto reader = store.read(made::kId, days, options);
      const TickBlock* block = nullptr;
      for (int at = 0; at < taken; ++at) block = reader->next();
      CHECK((block != nullptr) == (taken > 0 && taken < 9));
    }
  const auto nothing = store.read(made::kId, {});
  CHECK(nothing->next() == nullptr);
  CHECK(nothing->next() == nullptr);
}

TEST_CASE("HDF5 itself reads the columns and attributes through its own pipeline") {
  const made::Folder folder;
  const TickStore store = made::store(folder);
  const std::vector<Tick> ticks = made::ticks(kChunk + 999);
  const DayInfo info = made::write(store, ticks);
  const auto px = column_by_hdf5<int64_t>(info.path, "px", H5T_NATIVE_INT64);
  const auto flags = column_by_hdf5<uint32_t>(info.path, "flags", H5T_NATIVE_UINT32);
  REQUIRE(px.size() == ticks.size());
  REQUIRE(flags.size() == ticks.size());
  bool equal = true;
  for (std::size_t row = 0; row < ticks.size(); ++row)
    equal &= px[row] == ticks[row].px && flags[row] == ticks[row].flags;
  CHECK(equal);

  std::string text;
  for (const auto& [name, value] : store.day_attributes(made::kId, made::kDay)) text += name + "=" + value + "\n";
  CHECK(text == "absent_columns=\ncodec=packed\ncontent_digest=" + info.content_digest +
                    "\ncurrency=USD\nday=2014-05-01\nday_start_s=0\nhas_local_clock=0\nlot_size=1000\nmultiplier=1\n"
                    "note=made\nrows=263143\nschema_version=2\nsource_digest=abc\nsymbol=EURUSD\ntick_size=1e-05\n"
                    "venue=made\nzone=UTC\n");
}

TEST_CASE("attributes may be long, empty and beyond ASCII; a name twice is refused") {
  const made::Folder folder;
  const TickStore store = made::store(folder);
  const std::string report(200'000, 'r'), dash = "gap \xe2\x80\x93 10 s";
  auto writer = store.write_day(made::kId, made::kDay);
  writer->append(made::ticks(10));
  writer->commit({{"report", report}, {"empty", ""}, {"dash", dash}});
  std::string found;
  for (const auto& [name, value] : store.day_attributes(made::kId, made::kDay)) {
    if (name == "report") CHECK(value == report);
    if (name == "dash") CHECK(value == dash);
    if (name == "report" || name == "dash" || name == "empty") found += name + " ";
  }
  CHECK(found == "dash empty report ");
  writer = store.write_day(made::kId, made::kDay + 1);
  writer->append(made::ticks(10));
  CHECK(made::error_of([&] { writer->commit({{"rows", "5"}}); }).find("'rows'") != std::string::npos);
  writer.reset();
  CHECK_FALSE(store.has_day(made::kId, made::kDay + 1));
}

TEST_CASE("an existing day, a day without ticks and a second writer are refused") {
  const made::Folder folder;
  const TickStore store = made::store(folder);
  const std::vector<Tick> ticks = made::ticks(100), other = made::ticks(100, {}, 2);
  ErrorKind kind{};
  auto empty = store.write_day(made::kId, made::kDay);
  CHECK(made::error_of([&] { store.write_day(made::kId, made::kDay); }, &kind).find("2014-05-01") != std::string::npos);
  CHECK(kind == ErrorKind::again);
  CHECK_FALSE(made::error_of([&] { empty->commit({}); }, &kind).empty());
  CHECK(kind == ErrorKind::usage);
  empty.reset();

  made::write(store, ticks);
  CHECK(made::error_of([&] { store.write_day(made::kId, made::kDay); }, &kind).find("2014-05-01") != std::string::npos);
  CHECK(kind == ErrorKind::usage);

  // A day that turns up while it is written, and a replacement that is given up.
  auto late = store.write_day(made::kId, made::kDay + 1);
  late->append(other);
  std::filesystem::copy_file(store.day_path(made::kId, made::kDay), store.day_path(made::kId, made::kDay + 1));
  CHECK_FALSE(made::error_of([&] { late->commit({}); }, &kind).empty());
  CHECK(kind == ErrorKind::usage);
  std::filesystem::remove(store.day_path(made::kId, made::kDay + 1));
  store.write_day(made::kId, made::kDay, true)->append(other);
  CHECK(made::read(store, {made::kDay}) == ticks);
  made::write(store, other, made::kDay, true);
  CHECK(made::read(store, {made::kDay}) == other);
}

TEST_CASE("a day that was not committed is not there, and leaves nothing behind") {
  const made::Folder folder;
  const TickStore store = made::store(folder);
  const std::string place = folder.path() + "/store/made/EURUSD";
  { store.write_day(made::kId, made::kDay)->append(made::ticks(kChunk + 10)); }
  CHECK(files_in(place) == 1);
  made::put_bytes(place + "/.2014-05-03.h5.tmp", "what a killed writer left");
  const TickStore later = TickStore::open(store.root());
  const auto alive = later.write_day(made::kId, made::kDay + 3);
  made::write(TickStore::open(store.root()), made::ticks(10));
  CHECK(files_in(place) == 3);  // instrument.toml, the day, the temporary file of the writer alive
  CHECK(store.days(made::kId).size() == 1);
}

TEST_CASE("an id that leads elsewhere is no instrument, even where a store lies") {
  const made::Folder folder;
  const TickStore store = made::store(folder);
  std::filesystem::create_directories(folder.path() + "/store/.upgrade");
  std::filesystem::copy(folder.path() + "/store/made/EURUSD", folder.path() + "/store/.upgrade/EURUSD");
  for (const char* id : {"made/./EURUSD", "made//EURUSD", "made/EURUSD/", "../store/made/EURUSD", "./made/EURUSD",
                         "made/..", "made/.", "made", "", "/", ".upgrade/EURUSD", "made/EURUSD/instrument.toml"}) {
    CAPTURE(id);
    ErrorKind kind{};
    CHECK(made::error_of([&] { store.instrument(id); }, &kind).find("there are: made/EURUSD") != std::string::npos);
    CHECK(kind == ErrorKind::no_input);
  }
}

TEST_CASE("what is not there is said with what there is") {
  const made::Folder folder;
  ErrorKind kind{};
  CHECK(made::error_of([&] { TickStore::open(folder.path() + "/none"); }, &kind).find("/none") != std::string::npos);
  CHECK(kind == ErrorKind::no_input);
  const TickStore store = made::store(folder);
  CHECK(store.instruments() == std::vector<std::string>{made::kId});
  CHECK(made::error_of([&] { store.days("made/EURUSX"); }, &kind).find("there are: made/EURUSD") != std::string::npos);
  CHECK(kind == ErrorKind::no_input);
  made::write(store, made::ticks(3));
  const std::string missing = made::error_of([&] { store.read(made::kId, {made::kDay + 9}); }, &kind);
  CHECK(missing.find("2014-05-10") != std::string::npos);
  CHECK(missing.find("from 2014-05-01 to 2014-05-01") != std::string::npos);
  CHECK(kind == ErrorKind::no_input);
  CHECK(made::error_of([&] { store.verify_day(made::kId, made::kDay + 9); }, &kind).find("no such") !=
        std::string::npos);
}

TEST_CASE("leaves samples for the readers of other languages where TF_STORE_SAMPLE_DIR says") {
  const char* folder = std::getenv("TF_STORE_SAMPLE_DIR");
  if (!folder) return;
  // Formulas that h5py_test.py knows too.
  const auto tick = [](int64_t row, bool full) {
    Tick made;
    made.exch_ts = 1'398'902'400'000'000'000 + row / 2 * 1'000'003;
    made.local_ts = full ? made.exch_ts + row % 977 * 101 : made.exch_ts;
    made.px = 130'000 + row * 7919 % 1009 - 500;
    made.qty = row * row % 1'000'003;
    made.order_id = full ? static_cast<uint64_t>(row) * 0x9E3779B97F4A7C15u : 0;
    made.flags = row % 2 ? 3u | kFlagLast : 2u;
    return made;
  };
  const TickStore store = TickStore::open(folder, true);
  store.add_instrument(made::instrument());
  Day day = made::kDay;
  for (const Codec codec : {Codec::zstd, Codec::packed, Codec::packed_zstd})
    for (const bool full : {true, false}) {
      WriteOptions options;
      options.codec = codec;
      const auto writer = store.write_day(made::kId, day, false, options);
      day = day + 1;
      std::vector<Tick> ticks;
      for (int64_t row = 0; row < (full ? 1000 : 600'000); ++row) ticks.push_back(tick(row, full));
      writer->append(ticks);
      writer->commit({{"source_digest", "abc"}, {"note", "made"}});
    }
}
