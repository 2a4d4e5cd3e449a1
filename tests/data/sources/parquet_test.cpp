// Parquet: files written here through the library, read by the source. Skipped where the build has no Arrow.
#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <optional>

#include "cuda/base/error.hpp"
#include "data/arrow/arrow_library.hpp"
#include "data/sources/catalogue.hpp"
#include "data/sources/parse/open.hpp"
#include "data/sources/parse/table_rows.hpp"

using namespace tf;
using namespace tf::data;
using Type = ForeignColumn::Type;

namespace {

struct Folder {
  std::filesystem::path path = std::filesystem::temp_directory_path() / ("tf_parquet_" + std::to_string(::getpid()));
  Folder() { std::filesystem::create_directories(path); }
  ~Folder() { std::filesystem::remove_all(path); }
  std::string file(const char* name) const { return (path / name).string(); }
};

bool has_arrow() {
  try {
    arrow_library();
    return true;
  } catch (const Error& error) {
    MESSAGE("skipped: " << error.what());
    return false;
  }
}

Instrument instrument() {
  Instrument made;
  made.venue = "v";
  made.symbol = "S";
  made.tick_size = 0.01;
  made.lot_size = 0.1;
  return made;
}

struct Read {
  std::vector<Tick> ticks;
  SourceCounts counts;
  std::string damage;
};

Read read(const std::string& path, const TableParams& params) {
  const auto source = find_source("parquet").open({{path}, instrument()}, &params);
  Read all;
  std::vector<Tick> batch(1000);
  while (const std::size_t count = source->next_batch(batch))
    all.ticks.insert(all.ticks.end(), batch.begin(), batch.begin() + static_cast<std::ptrdiff_t>(count));
  all.counts = source->counts();
  all.damage = source->damage();
  return all;
}

constexpr int64_t kT = 1'700'000'000'000'000'000;

/// Trades: time, price (every 7th missing), size, side.
void write_trades(const std::string& path, int groups, int64_t rows) {
  const ArrowColumn columns[] = {
      {"ts", Type::time_ns}, {"price", Type::float64}, {"size", Type::float64}, {"side", Type::text}};
  const auto writer = arrow_library().create_parquet(path, columns, {{"note", "made"}});
  for (int64_t group = 0; group < groups; ++group) {
    std::vector<int64_t> times;
    std::vector<double> prices, sizes;
    std::vector<std::string> sides;
    std::vector<uint8_t> missing;
    for (int64_t row = group * rows; row < (group + 1) * rows; ++row) {
      times.push_back(kT + row * 1000);
      prices.push_back(100 + 0.01 * static_cast<double>(row % 50));
      sizes.push_back(0.1 * static_cast<double>(row % 9 + 1));
      sides.push_back(row % 2 ? "buy" : "sell");
      missing.push_back(row % 7 == 6);
    }
    ForeignBatch batch;
    batch.rows = rows;
    batch.columns = {{times, {}}, {prices, missing}, {sizes, {}}, {sides, {}}};
    writer->write(batch);
  }
  writer->finish();
}

}  // namespace

TEST_CASE("trades of a Parquet file come back as they were written, null prices refused") {
  if (!has_arrow()) return;
  const Folder folder;
  const std::string path = folder.file("trades.parquet");
  write_trades(path, 3, 100'000);
  const Read all = read(path, {});
  CHECK(all.damage.empty());
  CHECK(all.counts.rows_read == 300'000);
  REQUIRE(all.counts.refused.count("empty cell") == 1);
  CHECK(all.counts.refused.at("empty cell").rows == 300'000 / 7);
  CHECK(all.counts.refused.at("empty cell").line == 6);
  CHECK(all.counts.rows_stored + 300'000 / 7 == 300'000);
  REQUIRE(all.ticks.size() == static_cast<std::size_t>(all.counts.rows_stored));
  std::size_t at = 0;
  for (int64_t row = 0; row < 300'000; ++row) {
    if (row % 7 == 6) continue;
    const uint32_t side = row % 2 ? kFlagBuy : kFlagSell;
    const Tick expected{kT + row * 1000,
                        kT + row * 1000,
                        10'000 + row % 50,
                        row % 9 + 1,
                        0,
                        static_cast<uint32_t>(TickKind::trade) | side | kFlagLast | kRowEnd};
    if (all.ticks[at] != expected) FAIL("row " << row);
    ++at;
  }
}

TEST_CASE("a Parquet file that is cut or flipped is refused or named as damaged, and what came before stays") {
  if (!has_arrow()) return;
  const Folder folder;
  const std::string path = folder.file("trades.parquet"), bad = folder.file("bad.parquet");
  write_trades(path, 4, 20'000);
  const auto bytes = std::filesystem::file_size(path);
  std::string whole(bytes, '\0');
  std::ifstream(path, std::ios::binary).read(whole.data(), static_cast<std::streamsize>(bytes));
  const auto attempt = [&](const std::string& content) -> std::optional<Read> {
    std::ofstream(bad, std::ios::binary).write(content.data(), static_cast<std::streamsize>(content.size()));
    try {
      return read(bad, {});
    } catch (const Error& error) {
      CHECK(std::string(error.what()).find("bad.parquet") != std::string::npos);
      CHECK(error.kind() == ErrorKind::bad_data);
      return {};
    }
  };
  CHECK(!attempt(whole.substr(0, bytes / 2)));
  CHECK(!attempt("PAR1"));
  // The first page of the third row group: two groups stay.
  const Read sound = *attempt(whole);
  std::string flipped = whole;
  for (std::size_t at = bytes / 2; at < bytes / 2 + 2000; ++at) flipped[at] = static_cast<char>(~flipped[at]);
  if (const auto damaged = attempt(flipped)) {
    CHECK(!damaged->damage.empty());
    CHECK(damaged->ticks.size() < sound.ticks.size());
    CHECK(damaged->counts.rows_read < sound.counts.rows_read);
  }
}

TEST_CASE("columns that are not there are named with those that are") {
  if (!has_arrow()) return;
  const Folder folder;
  const std::string path = folder.file("trades.parquet");
  write_trades(path, 1, 10);
  TableParams params;
  params.price_column = "cost";
  CHECK_THROWS_WITH_AS(read(path, params), doctest::Contains("there is: ts, price, size, side"), Error);
}
