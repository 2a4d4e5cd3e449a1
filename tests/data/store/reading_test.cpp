#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <atomic>
#include <thread>

#include "data/store/chunk_cache.hpp"
#include "data/store/ring_reader.hpp"
#include "made_days.hpp"

using namespace tf;
using namespace tf::data;

namespace {

constexpr std::size_t kChunk = kChunkRows;

/// By the words of ReadOptions.
std::vector<Tick> in_range(const std::vector<Tick>& ticks, int64_t from_ts, int64_t to_ts) {
  const auto first =
      std::find_if(ticks.begin(), ticks.end(), [&](const Tick& tick) { return tick.exch_ts >= from_ts; });
  const auto last = std::find_if(ticks.rbegin(), ticks.rend(), [&](const Tick& tick) { return tick.exch_ts < to_ts; });
  return first < last.base() ? std::vector<Tick>(first, last.base()) : std::vector<Tick>();
}

ReadOptions ranged(int64_t from_ts, int64_t to_ts, int threads = 1) {
  ReadOptions options;
  options.from_ts = from_ts;
  options.to_ts = to_ts;
  options.decode_threads = threads;
  return options;
}

void spoil(const std::string& path, int column, int64_t chunk) {
  const DayFooter footer = open_sound_day(path, made::kId, made::kDay, 0).footer;
  std::string bytes = made::bytes_of(path);
  bytes[static_cast<std::size_t>(footer.entry(column, chunk).offset)] ^= 1;
  made::put_bytes(path, bytes);
}

}  // namespace

TEST_CASE("a range of time yields the rows from its first to its last, whatever the times between") {
  const made::Folder folder;
  const TickStore store = made::store(folder);
  // Few and repeated times that often go back, so that every case comes up; two days.
  for (unsigned seed = 0; seed < 20; ++seed) {
    CAPTURE(seed);
    std::mt19937_64 random(seed);
    std::vector<Tick> days[2];
    for (int day = 0; day < 2; ++day) {
      days[day] = made::ticks(1 + random() % 30, {true, true}, seed);
      for (Tick& tick : days[day]) tick.exch_ts = day * 10 + static_cast<int64_t>(random() % 15);
      made::write(store, days[day], made::kDay + day, seed > 0);
    }
    for (int64_t from = -1; from < 28; from += 3)
      for (int64_t to = from - 1; to < 28; to += 2) {
        std::vector<Tick> expected = in_range(days[0], from, to);
        const std::vector<Tick> second = in_range(days[1], from, to);
        expected.insert(expected.end(), second.begin(), second.end());
        for (const int threads : {0, 2})
          CHECK(made::read(store, {made::kDay, made::kDay + 1}, ranged(from, to, threads)) == expected);
      }
  }
}

TEST_CASE("the blocks of a range tell their rows and the end of their day") {
  const made::Folder folder;
  const TickStore store = made::store(folder);
  const std::vector<Tick> ticks = made::ticks(3 * kChunk + 100, {false, false});
  made::write(store, ticks);
  for (const auto& [first, past] : {std::pair{std::size_t(10), std::size_t(20)},
                                    {kChunk - 1, kChunk + 1},
                                    {kChunk, 2 * kChunk},
                                    {5, 3 * kChunk + 50}}) {
    const int64_t from = ticks[first].exch_ts, to = ticks[past].exch_ts;
    const std::vector<Tick> expected = in_range(ticks, from, to);
    const auto reader = store.read(made::kId, {made::kDay}, ranged(from, to));
    std::vector<Tick> read;
    bool ended = false;
    while (const TickBlock* block = reader->next()) {
      CHECK_FALSE(ended);
      CHECK(ticks[static_cast<std::size_t>(block->first_row)] == block->ticks[0]);
      const std::vector<Tick> rows = made::rows_of(block->ticks);
      read.insert(read.end(), rows.begin(), rows.end());
      ended = block->last_of_day;
    }
    CHECK(ended);
    CHECK(read == expected);
  }
}

TEST_CASE("chunks outside the range are not read at all") {
  const made::Folder folder;
  const TickStore store = made::store(folder);
  const std::vector<Tick> ticks = made::ticks(4 * kChunk);
  const std::string path = made::write(store, ticks).path;
  for (const int64_t outside : {0, 3})
    for (const int column : {kExchTs, kPx, kOrderId}) spoil(path, column, outside);
  const int64_t from = ticks[kChunk + 5000].exch_ts, to = ticks[3 * kChunk - 5000].exch_ts;
  CHECK(made::read(store, {made::kDay}, ranged(from, to)) == in_range(ticks, from, to));
  CHECK_FALSE(made::error_of([&] { made::read(store, {made::kDay}, ranged(INT64_MIN, to)); }).empty());
  CHECK_FALSE(made::error_of([&] { made::read(store, {made::kDay}, ranged(from, INT64_MAX)); }).empty());
}

TEST_CASE("what the page cache does not hold reads the same, whichever columns and rows are asked for") {
  const made::Folder folder;
  const TickStore store = made::store(folder);
  const std::vector<Tick> ticks = made::ticks(6 * kChunk + 1000, {true, true});
  made::write(store, ticks);
  const std::string path = store.day_path(made::kId, made::kDay);
  const auto is_same = [&](const TickSpan& span, std::size_t row, uint32_t columns) {
    std::size_t same = 0;
    for (std::size_t at = 0; at < span.size(); ++at) {
      const Tick& tick = ticks[row + at];
      const auto agrees = [&](const auto& values, Column column, auto value) {
        return !(columns & static_cast<uint32_t>(column)) || values[at] == value;
      };
      same += agrees(span.exch_ts, Column::exch_ts, tick.exch_ts) &&
              agrees(span.local_ts, Column::local_ts, tick.local_ts) && agrees(span.px, Column::px, tick.px) &&
              agrees(span.qty, Column::qty, tick.qty) && agrees(span.order_id, Column::order_id, tick.order_id) &&
              agrees(span.flags, Column::flags, tick.flags);
    }
    return same == span.size();
  };
  const uint32_t most = kAllColumns & ~static_cast<uint32_t>(Column::px);
  for (const uint32_t columns : {kAllColumns, most, static_cast<uint32_t>(Column::px), Column::qty | Column::flags})
    for (const int threads : {0, 2})
      for (const bool middle : {false, true}) {
        CAPTURE(columns);
        CAPTURE(threads);
        ::posix_fadvise(open_to_read(path).fd(), 0, 0, POSIX_FADV_DONTNEED);
        ReadOptions options = middle ? ranged(ticks[2 * kChunk + 50].exch_ts, INT64_MAX, threads) : ReadOptions();
        options.decode_threads = threads;
        options.columns = columns;
        const auto reader = store.read(made::kId, {made::kDay}, options);
        std::size_t rows = 0;
        while (const TickBlock* block = reader->next()) {
          REQUIRE(block->ticks.size() + static_cast<std::size_t>(block->first_row) <= ticks.size());
          CHECK(is_same(block->ticks, static_cast<std::size_t>(block->first_row), columns));
          rows += block->ticks.size();
        }
        CHECK(rows == (middle ? in_range(ticks, options.from_ts, INT64_MAX).size() : ticks.size()));
      }
}

TEST_CASE("readers that share a cache decode each chunk once and read the same") {
  const made::Folder folder;
  const TickStore store = made::store(folder);
  const std::vector<Tick> ticks = made::ticks(5 * kChunk + 9);
  made::write(store, ticks);
  ReadOptions options;
  options.cache = make_chunk_cache(std::size_t(1) << 30);
  options.decode_threads = 2;
  std::atomic<int> equal = 0;
  {
    std::vector<std::jthread> readers;
    for (int reader = 0; reader < 3; ++reader)
      readers.emplace_back([&] { equal += made::read(store, {made::kDay}, options) == ticks; });
  }
  CHECK(equal == 3);
  CHECK(options.cache->decoded() == 6 * kColumns);
  CHECK(options.cache->found() == 2 * 6 * kColumns);
  CHECK(options.cache->bytes() == ticks.size() * 44);

  // Another file under the same name is another file.
  const std::vector<Tick> other = made::ticks(1000, {}, 7);
  made::write(store, other, made::kDay, true);
  CHECK(made::read(store, {made::kDay}, options) == other);
}

TEST_CASE("a cache keeps what was used last, and its bytes within bounds; blocks outlive what it drops") {
  const made::Folder folder;
  const TickStore store = made::store(folder);
  std::vector<Day> days;
  std::vector<Tick> all;
  for (int day = 0; day < 6; ++day) {
    days.push_back(made::kDay + day);
    const std::vector<Tick> ticks = made::ticks(1000, {}, unsigned(day), days.back());
    made::write(store, ticks, days.back());
    all.insert(all.end(), ticks.begin(), ticks.end());
  }
  ReadOptions options;
  options.cache = make_chunk_cache(3 * 44'000);
  const auto decoded_by = [&](const std::vector<Day>& wanted) {
    const int64_t before = options.cache->decoded();
    made::read(store, wanted, options);
    CHECK(options.cache->bytes() <= 3 * 44'000);
    return options.cache->decoded() - before;
  };
  CHECK(decoded_by({days[0], days[1], days[2]}) == 3 * kColumns);
  CHECK(decoded_by({days[0], days[1], days[2]}) == 0);
  CHECK(decoded_by({days[3]}) == kColumns);  // drops day 0
  CHECK(decoded_by({days[1], days[2]}) == 0);
  CHECK(decoded_by({days[0]}) == kColumns);  // drops day 3
  CHECK(decoded_by({days[1]}) == 0);
  options.cache = make_chunk_cache(0);
  CHECK(made::read(store, days, options) == all);
  CHECK(options.cache->bytes() == 0);
}

TEST_CASE("with a cache damage is reported by every reader, and a checked chunk is not checked twice") {
  const made::Folder folder;
  const TickStore store = made::store(folder);
  const std::vector<Tick> ticks = made::ticks(1000);
  const std::string path = made::write(store, ticks).path;
  spoil(path, kQty, 0);
  ReadOptions options;
  options.cache = make_chunk_cache(1 << 20);
  for (int time = 0; time < 3; ++time)
    CHECK(made::error_of([&] { made::read(store, {made::kDay}, options); }).find("column qty") != std::string::npos);

  ChunkCache cache(100);
  const FileIdentity one{1, 2, 3, 4}, two{1, 2, 3, 5};
  cache.note_checked(one, 7);
  CHECK(cache.is_checked(one, 7));
  CHECK_FALSE(cache.is_checked(one, 6));
  CHECK_FALSE(cache.is_checked(one, 8));
  CHECK_FALSE(cache.is_checked(two, 7));
}

TEST_CASE("a cache passes on what a decoder says or throws, and asks the next one") {
  ChunkCache cache(1000);
  const ChunkCache::Key key{{1, 2, 3, 4}, 0, 0};
  CHECK(cache.find_or_decode(key, 8, [](Scratch&) { return "broken"; }).wrong == "broken");
  CHECK_THROWS(cache.find_or_decode(key, 8, [](Scratch&) -> std::string { throw Error(ErrorKind::io, "gone"); }));
  const auto fill = [](Scratch& values) {
    values.data(8)[0] = 5;
    return std::string();
  };
  const ChunkCache::Answer answer = cache.find_or_decode(key, 8, fill);
  REQUIRE(answer.values);
  CHECK(answer.values->data()[0] == 5);
  CHECK(cache.decoded() == 3);
  CHECK(cache.find_or_decode(key, 8, fill).values == answer.values);
  CHECK(cache.found() == 1);
}

TEST_CASE("a reader that is asked to stop throws soon, and again") {
  const made::Folder folder;
  const TickStore store = made::store(folder);
  std::vector<Day> days;
  for (int day = 0; day < 50; ++day) {
    days.push_back(made::kDay + day);
    made::write(store, made::ticks(100), days.back());
  }
  for (const int threads : {0, 1, 3})
    for (const int taken : {0, 1, 7}) {
      std::stop_source source;
      ReadOptions options;
      options.decode_threads = threads;
      options.cancel = source.get_token();
      const auto reader = store.read(made::kId, days, options);
      for (int block = 0; block < taken; ++block) CHECK(reader->next());
      source.request_stop();
      ErrorKind kind{};
      CHECK(made::error_of([&] { reader->next(); }, &kind).find(made::kId) != std::string::npos);
      CHECK(kind == ErrorKind::again);
      CHECK_FALSE(made::error_of([&] { reader->next(); }).empty());
    }
}

TEST_CASE("asking to stop wakes a reader that waits for a file") {
  const made::Folder folder;
  const std::string pipe = folder.path() + "/2014-05-01.h5";
  REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
  std::stop_source source;
  ReadOptions options;
  options.cancel = source.get_token();
  const auto reader = read_days(made::kId, {{made::kDay, pipe}}, options);
  std::jthread stopper([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    source.request_stop();
  });
  ErrorKind kind{};
  CHECK_FALSE(made::error_of([&] { reader->next(); }, &kind).empty());
  CHECK(kind == ErrorKind::again);
  stopper.join();
  const int end = ::open(pipe.c_str(), O_WRONLY);  // lets the decode thread go
  CHECK(end >= 0);
  ::close(end);
}

TEST_CASE("pinned blocks hold the same ticks, with and without a device, for chunks that grow") {
  const made::Folder folder;
  const TickStore store = made::store(folder);
  std::vector<Tick> all;
  for (int day = 0; day < 3; ++day) {
    const std::vector<Tick> ticks =
        made::ticks(day == 1 ? kChunk + 100 : 50, {true, true}, 7u + static_cast<unsigned>(day));
    made::write(store, ticks, made::kDay + day, false);
    all.insert(all.end(), ticks.begin(), ticks.end());
  }
  for (const int threads : {0, 2}) {
    ReadOptions options;
    options.pinned = true;
    options.decode_threads = threads;
    const auto reader = store.read(made::kId, {made::kDay, made::kDay + 1, made::kDay + 2}, options);
    std::size_t row = 0;
    while (const TickBlock* block = reader->next())
      for (std::size_t at = 0; at < block->ticks.size(); ++at, ++row)
        if (row >= all.size() || block->ticks[at] != all[row]) FAIL("row " << row);
    CHECK(row == all.size());
  }
}
