#include "data/store/fused_reader.hpp"

#include <doctest/doctest.h>

#include "data/store/chunk_cache.hpp"
#include "data/store/day_file.hpp"
#include "made_days.hpp"

using namespace tf;
using namespace tf::data;

namespace {

constexpr std::size_t kChunk = kChunkRows;

void write(const TickStore& store, const std::vector<Tick>& ticks, Day day, Codec codec) {
  WriteOptions options;
  options.codec = codec;
  const auto writer = store.write_day(made::kId, day, false, options);
  writer->append(ticks);
  writer->commit({});
}

std::vector<Tick> fused(const TickStore& store, const std::vector<Day>& days, const ReadOptions& options = {}) {
  std::vector<Tick> rows;
  FusedReader reader(store, made::kId, days, options);
  while (const TickSpan* ticks = reader.next()) {
    CHECK(ticks->size() > 0);
    CHECK(ticks->size() <= 1024);
    CHECK(ticks->size() == reader.rows());
    for (const Tick& tick : made::rows_of(*ticks)) rows.push_back(tick);
  }
  CHECK(reader.next() == nullptr);
  return rows;
}

}  // namespace

TEST_CASE("a fused pass sees the rows that a reader sees, of every codec, size and range") {
  const made::Folder folder;
  const TickStore store = made::store(folder);
  std::vector<Day> days;
  std::vector<Tick> all;
  for (const Codec codec : {Codec::packed, Codec::packed_zstd, Codec::zstd})
    for (const std::size_t rows :
         {std::size_t(1), std::size_t(1023), std::size_t(1024), std::size_t(2500), kChunk + 1100})
      for (const bool full : {true, false}) {
        if (rows > kChunk && full && codec != Codec::packed) continue;
        days.push_back(made::kDay + static_cast<int>(days.size()));
        const std::vector<Tick> ticks = made::ticks(rows, {full, full}, unsigned(rows), days.back());
        write(store, ticks, days.back(), codec);
        all.insert(all.end(), ticks.begin(), ticks.end());
      }
  CHECK(fused(store, days) == all);
  std::size_t row = 0;
  for_each_block(store, made::kId, days, static_cast<uint32_t>(Column::px), [&](const TickSpan& ticks) {
    CHECK(ticks.qty.empty());
    CHECK(ticks.exch_ts.empty());
    for (const int64_t px : ticks.px) row += px == all[row].px;
  });
  CHECK(row == all.size());
  // local_ts alone, which half of the days do not store.
  row = 0;
  for_each_block(store, made::kId, days, static_cast<uint32_t>(Column::local_ts), [&](const TickSpan& ticks) {
    for (const int64_t time : ticks.local_ts) row += time == all[row].local_ts;
  });
  CHECK(row == all.size());

  const std::vector<Day> one = {days[8]};
  const std::vector<Tick> large = made::read(store, one);
  REQUIRE(large.size() == kChunk + 1100);
  for (const auto& [first, past] :
       {std::pair{std::size_t(0), std::size_t(5)}, {700, kChunk + 3}, {kChunk, kChunk + 900}}) {
    ReadOptions options;
    options.from_ts = large[first].exch_ts;
    options.to_ts = large[past].exch_ts;
    CHECK(fused(store, one, options) == made::read(store, one, options));
    FusedReader reader(store, made::kId, one, options);
    const TickSpan* ticks = reader.next();
    REQUIRE(ticks);
    CHECK(reader.day() == one[0]);
    CHECK((*ticks)[0] == large[static_cast<std::size_t>(reader.first_row())]);
  }
}

TEST_CASE("a fused pass stops at damage before it hands out a row of the chunk, and when asked to") {
  const made::Folder folder;
  const TickStore store = made::store(folder);
  const std::vector<Tick> ticks = made::ticks(2 * kChunk);
  write(store, ticks, made::kDay, Codec::packed);
  const std::string path = store.day_path(made::kId, made::kDay);
  std::string bytes = made::bytes_of(path);
  const DayFooter footer = open_sound_day(path, made::kId, made::kDay, 0).footer;
  bytes[static_cast<std::size_t>(footer.entry(kQty, 1).offset + footer.entry(kQty, 1).encoded_bytes - 9)] ^= 1;
  made::put_bytes(path, bytes);
  ReadOptions options;
  options.cache = make_chunk_cache(0);
  for (int time = 0; time < 2; ++time) {
    std::size_t rows = 0;
    FusedReader reader(store, made::kId, {made::kDay}, options);
    const std::string error = made::error_of([&] {
      while (const TickSpan* span = reader.next()) rows += span->size();
    });
    CHECK(error.find("column qty, chunk 1") != std::string::npos);
    CHECK(rows == kChunk);
  }
  std::stop_source source;
  options.cancel = source.get_token();
  source.request_stop();
  ErrorKind kind{};
  FusedReader reader(store, made::kId, {made::kDay}, options);
  CHECK_FALSE(made::error_of([&] { reader.next(); }, &kind).empty());
  CHECK(kind == ErrorKind::again);
}
