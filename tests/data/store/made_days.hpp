// Random ticks and temporary stores for the tests of the store.
#pragma once
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <random>
#include <string>
#include <vector>

#include "cuda/base/error.hpp"
#include "data/store/tick_store.hpp"

namespace made {

using tf::Day;
using tf::Instrument;
using tf::Tick;
using tf::TickColumns;

inline constexpr Day kDay{16191};  // 2014-05-01

/// A folder that goes when the test ends.
class Folder {
 public:
  Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "tf_store_XXXXXX").string();
    path_ = ::mkdtemp(name.data());
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

inline Instrument instrument() {
  Instrument made;
  made.venue = "made";
  made.symbol = "EURUSD";
  made.tick_size = 0.00001;
  made.lot_size = 1000;
  return made;
}
inline const std::string kId = "made/EURUSD";

struct Kind {
  bool local_clock = true, order_ids = true;
};

/// Two-sided quotes of a walking price, times that stand still and at times step back.
inline std::vector<Tick> ticks(std::size_t rows, Kind kind = {}, unsigned seed = 1, Day day = kDay) {
  std::mt19937_64 random(seed);
  std::vector<Tick> made(rows);
  int64_t time = day.start_ns(), px = 130'000;
  for (std::size_t row = 0; row < rows; ++row) {
    Tick& tick = made[row];
    if (row % 2 == 0) time += static_cast<int64_t>(random() % 1'000'000) - 1'000;
    px += static_cast<int64_t>(random() % 3) - 1;
    tick.exch_ts = time;
    tick.local_ts = kind.local_clock ? time + static_cast<int64_t>(random() % 50'000) : time;
    tick.px = px + static_cast<int64_t>(row % 2);
    tick.qty = static_cast<int64_t>(random() % 100);
    tick.order_id = kind.order_ids ? random() : 0;
    tick.flags = row % 2 ? 3u | tf::kFlagLast : 2u;
  }
  return made;
}

inline tf::data::TickStore store(const Folder& folder) {
  tf::data::TickStore made = tf::data::TickStore::open(folder.path() + "/store", true);
  made.add_instrument(instrument());
  return made;
}

inline tf::data::DayInfo write(const tf::data::TickStore& store, const std::vector<Tick>& ticks, Day day = kDay,
                               bool replace = false) {
  const auto writer = store.write_day(kId, day, replace);
  // Uneven pieces: what is stored must not depend on how it came.
  std::size_t piece = 1;
  for (std::size_t at = 0; at < ticks.size(); at += piece, piece = piece * 3 + 1)
    writer->append(std::span(ticks).subspan(at, std::min(piece, ticks.size() - at)));
  return writer->commit({{"source_digest", "abc"}, {"note", "made"}});
}

inline std::vector<Tick> rows_of(const tf::TickSpan& span) {
  std::vector<Tick> rows(span.size());
  for (std::size_t row = 0; row < rows.size(); ++row) rows[row] = span[row];
  return rows;
}

inline std::vector<Tick> read(const tf::data::TickStore& store, const std::vector<Day>& days,
                              const tf::data::ReadOptions& options = {}) {
  std::vector<Tick> rows;
  const auto reader = store.read(kId, days, options);
  while (const tf::data::TickBlock* block = reader->next()) {
    const std::vector<Tick> part = rows_of(block->ticks);
    rows.insert(rows.end(), part.begin(), part.end());
  }
  return rows;
}

inline std::string bytes_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}
inline void put_bytes(const std::string& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
}

/// The message of the error that `act` throws; "" if it throws none. `kind` receives its kind.
template <class Act>
std::string error_of(Act&& act, tf::ErrorKind* kind = nullptr) {
  try {
    act();
  } catch (const tf::Error& error) {
    if (kind) *kind = error.kind();
    return error.what();
  }
  return {};
}

}  // namespace made
