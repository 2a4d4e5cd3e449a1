// Ticks a second through the store: written, and read by one and two decode threads into a consumer that sums every
// column. One large day as quotes (no local clock, no order ids: 4 columns stored) and as order events (all 6), and the
// quotes again cut into 2,000 small days. Verifies first: what is read must equal what was written. One JSON line a
// figure; bytes are those of the decoded columns that are stored, `of_copy` their rate as a share of memcpy's, measured
// between the rounds.
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "cuda/base/error.hpp"
#include "data/store/tick_store.hpp"

using namespace tf;
using namespace tf::data;

namespace {

constexpr int kRounds = 7;
constexpr std::size_t kRows = 20'000'000, kSmallDays = 2'000, kPiece = 1 << 16;
constexpr Day kFirst{16191};

uint64_t mix(uint64_t x) {
  x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9u;
  x = (x ^ (x >> 27)) * 0x94D049BB133111EBu;
  return x ^ (x >> 31);
}

/// Two-sided quotes of a walking price with ns times.
std::vector<Tick> make_ticks(bool full) {
  std::vector<Tick> ticks(kRows);
  int64_t time = kFirst.start_ns(), px = 130'000;
  for (std::size_t row = 0; row < kRows; ++row) {
    const uint64_t random = mix(row * 0x9E3779B97F4A7C15u + 1);
    Tick& tick = ticks[row];
    if (row % 2 == 0) {
      time += static_cast<int64_t>(random % 8'000'000);
      px += static_cast<int64_t>(random >> 32) % 3 - 1;
    }
    tick.exch_ts = time;
    tick.local_ts = full ? time + 40'000 + static_cast<int64_t>(random >> 40 & 0xFFFF) : time;
    tick.px = px + static_cast<int64_t>(row % 2);
    tick.qty = 1 + static_cast<int64_t>(random >> 24 & 7);
    tick.order_id = full ? 1'000'000 + row / 3 : 0;
    tick.flags = row % 2 ? 3u | kFlagLast : 2u;
  }
  return ticks;
}

uint64_t sum_of(const TickSpan& ticks) {
  uint64_t sum = 0;
  for (const auto& column : {ticks.exch_ts, ticks.px, ticks.qty})
    for (const int64_t value : column) sum += static_cast<uint64_t>(value);
  if (ticks.local_ts.data() != ticks.exch_ts.data())
    for (const int64_t value : ticks.local_ts) sum += static_cast<uint64_t>(value);
  for (const uint64_t value : ticks.order_id) sum += value;
  for (const uint32_t value : ticks.flags) sum += value;
  return sum;
}

double seconds(const std::function<void()>& work) {
  const auto start = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

struct Spread {
  double median, low, high;
};
Spread spread(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return {values[values.size() / 2], values.front(), values.back()};
}

const std::string kId = "bench/SYNTH";

void write(const TickStore& store, std::span<const Tick> ticks, Day day) {
  const auto writer = store.write_day(kId, day, true);
  for (std::size_t at = 0; at < ticks.size(); at += kPiece)
    writer->append(ticks.subspan(at, std::min(kPiece, ticks.size() - at)));
  writer->commit({});
}

uint64_t read(const TickStore& store, const std::vector<Day>& days, int threads) {
  ReadOptions options;
  options.decode_threads = threads;
  const auto reader = store.read(kId, days, options);
  uint64_t sum = 0;
  while (const TickBlock* block = reader->next()) sum += sum_of(block->ticks);
  return sum;
}

void verify(const TickStore& store, const std::vector<Day>& days, std::span<const Tick> ticks) {
  std::size_t row = 0;
  const auto reader = store.read(kId, days);
  while (const TickBlock* block = reader->next())
    for (std::size_t at = 0; at < block->ticks.size(); ++at, ++row)
      if (row >= ticks.size() || block->ticks[at] != ticks[row])
        throw Error(ErrorKind::internal, "the store reads other ticks than were written, row " + std::to_string(row));
  if (row != ticks.size()) throw Error(ErrorKind::internal, "the store lost rows");
}

void measure(const char* shape, const TickStore& store, std::size_t day_count, std::span<const Tick> ticks, bool full) {
  std::vector<Day> days;
  const std::size_t rows_a_day = ticks.size() / day_count;
  for (std::size_t day = 0; day < day_count; ++day) days.push_back(kFirst + static_cast<int>(day));
  const auto write_all = [&] {
    for (std::size_t day = 0; day < day_count; ++day)
      write(store, ticks.subspan(day * rows_a_day, rows_a_day), days[day]);
  };
  write_all();
  verify(store, days, ticks);
  int64_t stored = 0;
  for (const DayInfo& info : store.days(kId)) stored += info.file_bytes;

  const double bytes = double(ticks.size()) * (full ? 44 : 28);
  std::vector<char> from(std::size_t(bytes), 1), to(std::size_t(bytes), 2);
  std::vector<double> copy_rates, rates[3], shares[3];
  uint64_t sums[3] = {};
  for (int round = 0; round < kRounds; ++round) {
    const double copy = seconds([&] { std::memcpy(to.data(), from.data(), from.size()); });
    copy_rates.push_back(bytes / copy);
    for (int work = 0; work < 3; ++work) {
      if (work == 0 && round >= 3) continue;  // writing is slow and waits for the disk
      const double taken = seconds([&] {
        if (work == 0) write_all();
        if (work > 0) sums[work] = read(store, days, work);
      });
      rates[work].push_back(double(ticks.size()) / taken);
      shares[work].push_back(copy / taken);
    }
    if (sums[1] != sums[2]) throw Error(ErrorKind::internal, "one and two threads disagree");
  }
  const char* names[] = {"write", "read_1_thread", "read_2_threads"};
  for (int work = 0; work < 3; ++work) {
    const Spread share = spread(shares[work]);
    const double rate = spread(rates[work]).median;
    std::printf(
        "{\"bench\": \"store\", \"shape\": \"%s\", \"work\": \"%s\", \"rows\": %zu, \"days\": %zu, \"bytes_a_tick\": "
        "%.3f, "
        "\"mticks_s\": %.1f, \"gb_s\": %.2f, \"copy_gb_s\": %.2f, \"of_copy\": %.3f, \"of_copy_low\": %.3f, "
        "\"of_copy_high\": %.3f}\n",
        shape, names[work], ticks.size(), day_count, double(stored) / double(ticks.size()), rate / 1e6,
        rate * (full ? 44 : 28) / 1e9, spread(copy_rates).median / 1e9, share.median, share.low, share.high);
    std::fflush(stdout);
  }
}

}  // namespace

int main() {
  const std::filesystem::path folder =
      std::filesystem::temp_directory_path() / ("tf_store_bench_" + std::to_string(::getpid()));
  try {
    Instrument instrument;
    instrument.venue = "bench";
    instrument.symbol = "SYNTH";
    instrument.tick_size = instrument.lot_size = 1;
    for (const bool full : {false, true}) {
      const std::vector<Tick> ticks = make_ticks(full);
      for (const std::size_t days : {std::size_t(1), kSmallDays}) {
        if (full && days > 1) continue;
        const TickStore store = TickStore::open(folder.string(), true);
        store.add_instrument(instrument);
        measure(full ? "orders" : days > 1 ? "quotes_small_days" : "quotes", store, days, ticks, full);
        std::filesystem::remove_all(folder);
      }
    }
  } catch (const std::exception& error) {
    std::filesystem::remove_all(folder);
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
  return 0;
}
