// B10 and B11: trade ticks (time, price, size, side) from a day file to a consumer, thread for thread.
//   bench_data_stream [millions of ticks = 20] [codec = packed] [rounds = 7]
// Verifies first: sums of all columns as generated. Then medians over interleaved rounds; one JSON line a figure. Bytes
// are those of the four decoded columns (28 a tick); `of_copy` is their rate as a share of memcpy's between the rounds;
// `cpu_...` counts seconds on a CPU instead of the clock, which other programs delay less.
//   buffer        next() decodes chunks into memory on one thread, the consumer sums the columns
//   buffer_2      the same with one decode thread beside the consumer
//   fused         pieces of 1,024 rows are summed as they are decoded, one thread
//   fused_seen    the same, checksums compared before (a cache says so)
//   pread         the encoded bytes alone; *_cold: after the file was dropped from the page cache
//   sma           EMA + 64 SMAs of the price: `array` from an array in memory, `fused` while decoding
//   write         from ticks in memory; cpu_mrows_s is a CPU second's
//   peak_mb       resident memory of a process that writes or reads 1 M and all the ticks, generated as they are
//                 written
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <ctime>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "cuda/base/error.hpp"
#include "data/store/chunk_cache.hpp"
#include "data/store/day_file.hpp"
#include "data/store/fused_reader.hpp"
#include "data/store/tick_store.hpp"

using namespace tf;
using namespace tf::data;

namespace {

constexpr Day kDay0{16191};
constexpr std::size_t kPiece = 1 << 14;
constexpr double kBytesATick = 28;
constexpr std::size_t kCopied = std::size_t(1) << 28;
enum Work : std::size_t { kBuffer, kBuffer2, kFused, kFusedSeen, kPread };
constexpr uint32_t kFour =
    Column::exch_ts | Column::px | static_cast<uint32_t>(Column::qty) | static_cast<uint32_t>(Column::flags);
const std::string kId = "bench/TRADES";

uint64_t mix(uint64_t x) {
  x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9u;
  x = (x ^ (x >> 27)) * 0x94D049BB133111EBu;
  return x ^ (x >> 31);
}

/// Gaps exponential with mean 4.3 ms, price a walk that steps down or up one time in eight each, size
/// floor(lognormal(2, 1.2)) + 1, side even odds.
class Generator {
 public:
  void fill(std::span<Tick> ticks) {
    for (Tick& tick : ticks) {
      const double gap = uniform(), radius = uniform(), angle = uniform();
      const uint64_t random = mix(++state_ * 0x9E3779B97F4A7C15u);
      time_ += static_cast<int64_t>(-4.3e6 * std::log(gap)) + 1;
      px_ += (random & 7) == 7 ? 1 : (random & 7) == 0 ? -1 : 0;
      const double normal = std::sqrt(-2 * std::log(radius)) * std::cos(6.283185307179586 * angle);
      tick.exch_ts = tick.local_ts = time_;
      tick.px = px_;
      tick.qty = static_cast<int64_t>(std::exp(2.0 + 1.2 * normal)) + 1;
      tick.flags = 1u | kFlagLast | (random & 8 ? kFlagBuy : kFlagSell);
    }
  }

 private:
  double uniform() { return double((mix(++state_ * 0x9E3779B97F4A7C15u) >> 11) + 1) * 0x1p-53; }
  uint64_t state_ = 20261123;
  int64_t time_ = 1'700'000'000'000'000'000, px_ = 6'000'000;
};

struct Sums {
  uint64_t exch_ts = 0, px = 0, qty = 0, flags = 0;
  bool operator==(const Sums&) const = default;
};

using I64x4 = int64_t __attribute__((vector_size(32)));
using U32x8 = uint32_t __attribute__((vector_size(32)));
using F64x4 = double __attribute__((vector_size(32)));

[[gnu::target("avx2")]] uint64_t sum(std::span<const int64_t> values) {
  I64x4 even{}, odd{};
  std::size_t at = 0;
  for (; at + 8 <= values.size(); at += 8) {
    I64x4 a, b;
    std::memcpy(&a, values.data() + at, 32);
    std::memcpy(&b, values.data() + at + 4, 32);
    even += a;
    odd += b;
  }
  even += odd;
  uint64_t total = static_cast<uint64_t>(even[0]) + static_cast<uint64_t>(even[1]) + static_cast<uint64_t>(even[2]) +
                   static_cast<uint64_t>(even[3]);
  for (; at < values.size(); ++at) total += static_cast<uint64_t>(values[at]);
  return total;
}
/// Flags are below 2^13: lanes of 32 bits hold the sum of a chunk.
[[gnu::target("avx2")]] uint64_t sum(std::span<const uint32_t> values) {
  U32x8 lanes{};
  std::size_t at = 0;
  for (; at + 8 <= values.size(); at += 8) {
    U32x8 a;
    std::memcpy(&a, values.data() + at, 32);
    lanes += a;
  }
  uint64_t total = 0;
  for (int lane = 0; lane < 8; ++lane) total += lanes[lane];
  for (; at < values.size(); ++at) total += values[at];
  return total;
}

void add(Sums& sums, const TickSpan& ticks) {
  sums.exch_ts += sum(ticks.exch_ts);
  sums.px += sum(ticks.px);
  sums.qty += sum(ticks.qty);
  sums.flags += sum(ticks.flags);
}

/// EMA and the SMAs of windows 65 to 128 of a price, summed over time so that nothing can be left out. Lanes are
/// windows: lane j has the window 128 - j, so that what leaves the windows lies side by side.
class Averages {
 public:
  [[gnu::target("avx2,fma")]] void take(const int64_t* px, std::size_t count) {
    double* fresh = history_ + kLongest;
    for (std::size_t at = 0; at < count; ++at) fresh[at] = double(px[at]);
    double ema = ema_, emas = emas_;
    for (std::size_t at = 0; at < count; ++at) {
      ema = std::fma(0.98, ema, 0.02 * fresh[at]);
      emas += ema;
    }
    ema_ = ema, emas_ = emas;
    for (int group = 0; group < 64; group += 8) {
      F64x4 sum0 = load(sums_ + group), sum1 = load(sums_ + group + 4);
      F64x4 total0 = load(totals_ + group), total1 = load(totals_ + group + 4);
      const F64x4 scale0 = load(scales_ + group), scale1 = load(scales_ + group + 4);
      for (std::size_t at = 0; at < count; ++at) {
        const double now = fresh[at];
        const F64x4 come = {now, now, now, now};
        const double* gone = history_ + at + group;
        sum0 += come - load(gone);
        sum1 += come - load(gone + 4);
        total0 += sum0 * scale0;
        total1 += sum1 * scale1;
      }
      store(sums_ + group, sum0), store(sums_ + group + 4, sum1);
      store(totals_ + group, total0), store(totals_ + group + 4, total1);
    }
    std::memmove(history_, history_ + count, kLongest * sizeof(double));
  }
  double total() const {
    double all = emas_;
    for (const double lane : totals_) all += lane;
    return all;
  }
  Averages() {
    for (int lane = 0; lane < 64; ++lane) scales_[lane] = 1.0 / (128 - lane);
  }

 private:
  static constexpr std::size_t kLongest = 128;
  [[gnu::target("avx2,fma"), gnu::always_inline]] static inline F64x4 load(const double* from) {
    F64x4 values;
    std::memcpy(&values, from, 32);
    return values;
  }
  [[gnu::target("avx2,fma"), gnu::always_inline]] static inline void store(double* to, const F64x4& values) {
    std::memcpy(to, &values, 32);
  }
  double ema_ = 0, emas_ = 0;
  alignas(32) double sums_[64] = {}, totals_[64] = {}, scales_[64];
  alignas(32) double history_[kLongest + 1024] = {};
};

double cpu_now() {
  timespec now;
  ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return double(now.tv_sec) + double(now.tv_nsec) * 1e-9;
}

/// Seconds that rounds of a work took: of the clock, and of all its threads on a CPU.
struct Times {
  std::vector<double> wall, cpu;
  void add(const std::function<void()>& work) {
    const double before = cpu_now();
    const auto start = std::chrono::steady_clock::now();
    work();
    wall.push_back(std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
    cpu.push_back(cpu_now() - before);
  }
  double median() const { return middle(wall); }
  double best() const { return *std::min_element(wall.begin(), wall.end()); }
  double cpu_median() const { return middle(cpu); }

 private:
  static double middle(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
  }
};

struct Bench {
  std::size_t ticks;
  Codec codec;
  int rounds;
  TickStore store;
  std::string path = store.day_path(kId, kDay0);

  std::unique_ptr<DayWriter> writer(Day day) const {
    WriteOptions options;
    options.codec = codec;
    return store.write_day(kId, day, true, options);
  }

  Sums write_streaming(Day day, std::size_t count) const {
    Generator generator;
    Sums sums;
    std::vector<Tick> piece(kPiece);
    const auto to = writer(day);
    for (std::size_t done = 0; done < count; done += piece.size()) {
      piece.resize(std::min(kPiece, count - done));
      generator.fill(piece);
      for (const Tick& tick : piece) {
        sums.exch_ts += static_cast<uint64_t>(tick.exch_ts);
        sums.px += static_cast<uint64_t>(tick.px);
        sums.qty += static_cast<uint64_t>(tick.qty);
        sums.flags += tick.flags;
      }
      to->append(piece);
    }
    to->commit({});
    return sums;
  }

  Sums read(Day day, int threads) const {
    ReadOptions options;
    options.columns = kFour;
    options.decode_threads = threads;
    const auto reader = store.read(kId, {day}, options);
    Sums sums;
    while (const TickBlock* block = reader->next()) add(sums, block->ticks);
    return sums;
  }

  Sums fused(Day day, const std::shared_ptr<ChunkCache>& cache = {}) const {
    ReadOptions options;
    options.columns = kFour;
    options.cache = cache;
    FusedReader reader(store, kId, {day}, options);
    Sums sums;
    while (const TickSpan* span = reader.next()) add(sums, *span);
    return sums;
  }

  /// The encoded chunks in the order of the file; the bytes are touched by the kernel's copy alone.
  void pread_all() const {
    const OpenDay day = open_sound_day(path, kId, kDay0, 1 << 17);
    std::vector<uint8_t> buffer(1 << 22);
    for (int64_t chunk = 0; chunk < day.footer.chunk_count(); ++chunk)
      for (const int column : {kExchTs, kPx, kQty, kFlags}) {
        const ChunkEntry& entry = day.footer.entry(column, chunk);
        read_at(day.file, buffer.data(), static_cast<std::size_t>(entry.encoded_bytes), entry.offset, path);
      }
  }

  void drop_from_cache() const {
    const FileHandle file = open_to_read(path);
    ::fsync(file.fd());
    ::posix_fadvise(file.fd(), 0, 0, POSIX_FADV_DONTNEED);
  }

  void line(const char* work, const Times& times, const Times& copy, const std::string& more = {}) const {
    const double decoded = double(ticks) * kBytesATick, copied = double(kCopied);
    std::printf(
        "{\"bench\": \"stream\", \"work\": \"%s\", \"codec\": \"%s\", \"ticks\": %zu, \"bytes_a_tick\": %.3f, "
        "\"mticks_s\": %.1f, \"best_mticks_s\": %.1f, \"cpu_mticks_s\": %.1f, \"of_copy\": %.3f, "
        "\"cpu_of_copy\": %.3f%s}\n",
        work, name_of(codec), ticks, double(std::filesystem::file_size(path)) / double(ticks),
        double(ticks) / times.median() / 1e6, double(ticks) / times.best() / 1e6,
        double(ticks) / times.cpu_median() / 1e6, decoded / times.median() / (copied / copy.median()),
        decoded / times.cpu_median() / (copied / copy.cpu_median()), more.c_str());
    std::fflush(stdout);
  }

  /// Peak resident memory of a child that does one thing.
  void peak(const char* work, std::size_t count, const std::function<void()>& act) const {
    const pid_t child = ::fork();
    if (child == 0) {
      act();
      ::_exit(0);
    }
    int status = 0;
    rusage usage{};
    ::wait4(child, &status, 0, &usage);
    if (status != 0) throw Error(ErrorKind::internal, std::string(work) + " failed in a process of its own");
    std::printf("{\"bench\": \"stream\", \"work\": \"%s\", \"codec\": \"%s\", \"ticks\": %zu, \"peak_mb\": %.1f}\n",
                work, name_of(codec), count, double(usage.ru_maxrss) / 1024);
    std::fflush(stdout);
  }

  void memory() const {
    for (const std::size_t count : {std::size_t(1'000'000), ticks}) {
      const Day day = count == ticks ? kDay0 : kDay0 + 1;
      peak("write_peak", count, [&] { write_streaming(day, count); });
      peak("buffer_peak", count, [&] { read(day, 0); });
      peak("buffer_2_peak", count, [&] { read(day, 1); });
      peak("fused_peak", count, [&] { fused(day); });
    }
  }

  void writing() const {
    std::vector<Tick> from(std::min<std::size_t>(ticks, 10'000'000));
    Generator().fill(from);
    Times times;
    for (int round = 0; round < 3; ++round)
      times.add([&] {
        const auto to = writer(kDay0 + 2);
        for (std::size_t at = 0; at < from.size(); at += kPiece)
          to->append(std::span(from).subspan(at, std::min(kPiece, from.size() - at)));
        to->commit({});
      });
    const double rows = double(from.size()) / 1e6;
    std::printf(
        "{\"bench\": \"stream\", \"work\": \"write\", \"codec\": \"%s\", \"ticks\": %zu, \"mrows_s\": %.2f, "
        "\"best_mrows_s\": %.2f, \"cpu_mrows_s\": %.2f}\n",
        name_of(codec), from.size(), rows / times.median(), rows / times.best(), rows / times.cpu_median());
    std::fflush(stdout);
  }

  void reading() const {
    const Sums expected = write_streaming(kDay0, ticks);
    const auto seen = make_chunk_cache(0);
    const auto require = [&](const Sums& sums) {
      if (sums != expected) throw Error(ErrorKind::internal, "other ticks came back than were written");
    };
    const std::vector<std::pair<const char*, std::function<void()>>> works = {
        {"buffer", [&] { require(read(kDay0, 0)); }},
        {"buffer_2", [&] { require(read(kDay0, 1)); }},
        {"fused", [&] { require(fused(kDay0)); }},
        {"fused_seen", [&] { require(fused(kDay0, seen)); }},
        {"pread", [&] { pread_all(); }},
    };
    std::vector<char> from(kCopied, 1), to(kCopied, 2);
    Times copy;
    std::vector<Times> times(works.size()), cold(works.size());
    for (int round = 0; round < rounds; ++round) {
      copy.add([&] { std::memcpy(to.data(), from.data(), from.size()); });
      for (std::size_t work = 0; work < works.size(); ++work) times[work].add(works[work].second);
    }
    std::printf("{\"bench\": \"stream\", \"work\": \"copy\", \"gb_s\": %.2f, \"cpu_gb_s\": %.2f}\n",
                double(kCopied) / copy.median() / 1e9, double(kCopied) / copy.cpu_median() / 1e9);
    for (std::size_t work = 0; work < works.size(); ++work) line(works[work].first, times[work], copy);

    for (int round = 0; round < rounds; ++round)
      for (const std::size_t work : {kPread, kBuffer, kFused}) {
        drop_from_cache();
        cold[work].add(works[work].second);
      }
    for (const std::size_t work : {kPread, kBuffer, kFused})
      line((works[work].first + std::string("_cold")).c_str(), cold[work], copy,
           ", \"over_pread_cold\": " + std::to_string(cold[work].median() / cold[kPread].median()));
  }

  void averages() const {
    std::vector<int64_t> px;
    for_each_block(store, kId, {kDay0}, static_cast<uint32_t>(Column::px),
                   [&](const TickSpan& span) { px.insert(px.end(), span.px.begin(), span.px.end()); });
    double totals[2];
    Times times[2];
    for (int round = 0; round < rounds; ++round) {
      times[0].add([&] {
        Averages averages;
        for (std::size_t at = 0; at < px.size(); at += 1024)
          averages.take(px.data() + at, std::min<std::size_t>(1024, px.size() - at));
        totals[0] = averages.total();
      });
      times[1].add([&] {
        Averages averages;
        for_each_block(store, kId, {kDay0}, static_cast<uint32_t>(Column::px),
                       [&](const TickSpan& span) { averages.take(span.px.data(), span.px.size()); });
        totals[1] = averages.total();
      });
      if (totals[0] != totals[1]) throw Error(ErrorKind::internal, "fused averages differ from those of the array");
    }
    const auto rate = [&](double taken) { return double(px.size()) / taken / 1e6; };
    std::printf(
        "{\"bench\": \"stream\", \"work\": \"sma\", \"codec\": \"%s\", \"ticks\": %zu, \"array_mticks_s\": %.1f, "
        "\"fused_mticks_s\": %.1f, \"fused_over_array\": %.3f, \"cpu_fused_over_array\": %.3f}\n",
        name_of(codec), px.size(), rate(times[0].median()), rate(times[1].median()),
        times[1].median() / times[0].median(), times[1].cpu_median() / times[0].cpu_median());
    std::fflush(stdout);
  }
};

}  // namespace

int main(int argc, char** argv) {
  const std::filesystem::path folder =
      std::filesystem::temp_directory_path() / ("tf_stream_bench_" + std::to_string(::getpid()));
  try {
    if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("fma"))
      throw Error(ErrorKind::no_device, "this benchmark's consumers need a CPU with AVX2 and FMA");
    const TickStore store = TickStore::open(folder.string(), true);
    Instrument instrument;
    instrument.venue = "bench";
    instrument.symbol = "TRADES";
    instrument.tick_size = instrument.lot_size = 1;
    store.add_instrument(instrument);
    const std::size_t millions = argc > 1 ? std::stoul(argv[1]) : 20;
    const Bench bench{millions * 1'000'000, codec_named(argc > 2 ? argv[2] : "packed"),
                      argc > 3 ? std::stoi(argv[3]) : 7, store};
    bench.memory();
    bench.reading();
    bench.averages();
    bench.writing();
  } catch (const std::exception& error) {
    std::filesystem::remove_all(folder);
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
  std::filesystem::remove_all(folder);
  return 0;
}
