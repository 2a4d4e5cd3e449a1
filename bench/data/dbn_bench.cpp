// DBN files of many records, made by repeating the layout of real ones with times that go on: read to ticks with one
// thread. Arguments: FOLDER (kept, for bench/peers/dbn.py) and the number of records. Prints one JSON line a
// measurement; verifies the counts before any time is believed.
#include <unistd.h>
#include <zstd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <functional>
#include <string>
#include <vector>

#include "data/sources/parse/open.hpp"
#include "tests/data/sources/made_dbn.hpp"

namespace {

using namespace tf;

constexpr int kRounds = 3;
constexpr int64_t kQuarter = 250'000'000;  // 0.25 in units of 1e-9

// A price that walks by quarters around that of the sample, a size that changes from record to record.
std::string records(const std::string& kind, int64_t count) {
  std::string bytes;
  uint32_t state = 12345;
  int64_t bid = 3702 * 4;
  made::Record at;
  at.event = 1609113600005871213;
  at.instrument = 5482;
  for (int64_t row = 0; row < count; ++row) {
    state = state * 1664525u + 1013904223u;
    if (state >> 28 == 0) bid += state >> 27 & 1 ? 1 : -1;
    at.event += 20'000 + (state >> 16);
    at.receive = at.event + 120'000;
    const char side = state >> 20 & 1 ? 'B' : 'A';
    const uint32_t qty = 1 + (state >> 8) % 40;
    const int64_t px = (bid + (side == 'A')) * kQuarter;
    if (kind == "mbp-1") {
      const bool trade = (state >> 12) % 8 == 0;
      bytes += made::dbn_quote(at, 1, trade ? 'T' : 'A', side, px, qty,
                               {{bid * kQuarter, (bid + 1) * kQuarter, qty, 1 + (state >> 14) % 40}});
    } else if (kind == "trades") {
      bytes += made::dbn_quote(at, 0, 'T', side, px, qty, {});
    } else {
      // Every order is cancelled 64 records later.
      const uint64_t id = 647'000'000'000u + static_cast<uint64_t>(row / 128 * 64 + row % 64);
      const int64_t level = (id % 20) * kQuarter, best = 3702 * 4 * kQuarter;
      const bool buy = id % 2;
      bytes += made::dbn_order(at, row % 128 < 64 ? 'A' : 'C', buy ? 'B' : 'A', id,
                               buy ? best - level : best + level + kQuarter, 1 + static_cast<uint32_t>(id % 7));
    }
  }
  return bytes;
}

std::string pack(const std::string& bytes) {
  std::string out(ZSTD_compressBound(bytes.size()), '\0');
  out.resize(ZSTD_compress(out.data(), out.size(), bytes.data(), bytes.size(), 3));
  return out;
}

double seconds(const std::function<void()>& work) {
  const auto start = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

}  // namespace

int main(int argc, char** argv) {
  namespace fs = std::filesystem;
  std::string name = (fs::temp_directory_path() / "tickfold_bench_XXXXXX").string();
  const bool keep = argc > 1;
  const fs::path folder = keep ? argv[1] : mkdtemp(name.data());
  const int64_t count = argc > 2 ? std::atoll(argv[2]) : 5'000'000;
  fs::create_directories(folder);

  Instrument instrument;
  instrument.venue = "bench";
  instrument.symbol = "ESH1";
  instrument.tick_size = 0.25;
  instrument.lot_size = 1;
  const auto& entry = data::find_source("dbn");
  const auto params = entry.params.make();
  int failures = 0;
  std::vector<Tick> batch(1 << 14);
  for (const std::string kind : {"mbp-1", "trades", "mbo"}) {
    const std::string path = (folder / (kind + ".dbn")).string();
    if (!fs::exists(path)) {
      // Frames of 2^17 records, as several appended downloads give.
      std::ofstream plain(path, std::ios::binary), packed(path + ".zst", std::ios::binary);
      const uint16_t schema = kind == "mbo" ? 0 : kind == "mbp-1" ? 1 : 4;
      const std::string start = made::dbn_metadata(3, {{"ESH1", 20201228, 20301229, "5482"}}, schema);
      const std::string bytes = records(kind, count);
      plain << start << bytes;
      packed << pack(start);
      const std::size_t record = bytes.size() / static_cast<std::size_t>(count);
      for (std::size_t from = 0; from < bytes.size(); from += record << 17)
        packed << pack(bytes.substr(from, record << 17));
    }
    for (const std::string& file : {path, path + ".zst"}) {
      double best = 1e9, cpu = 1e9;  // of one thread: where other work shares the machine, the latter is the measure
      int64_t ticks = 0;
      for (int round = 0; round < kRounds; ++round) {
        const auto source = entry.open({{file}, instrument}, params.get());
        ticks = 0;
        const std::clock_t before = std::clock();
        best = std::min(best, seconds([&] {
                          while (const std::size_t got = source->next_batch(batch)) ticks += static_cast<int64_t>(got);
                        }));
        cpu = std::min(cpu, static_cast<double>(std::clock() - before) / CLOCKS_PER_SEC);
        if (source->counts().rows_stored != count || source->counts().ticks != ticks || ticks < count) {
          std::fprintf(stderr, "bench: %s: records are missing\n", file.c_str());
          ++failures;
        }
      }
      std::printf("{\"bench\":\"dbn\",\"case\":\"%s%s\",\"records\":%lld,\"ticks\":%lld,\"seconds\":%.4f,",
                  kind.c_str(), file == path ? "" : " zstd", static_cast<long long>(count),
                  static_cast<long long>(ticks), best);
      std::printf("\"cpu_seconds\":%.4f,\"records_per_s\":%.0f,\"ticks_per_s\":%.0f}\n", cpu,
                  static_cast<double>(count) / best, static_cast<double>(ticks) / best);
    }
  }
  if (!keep) fs::remove_all(folder);
  return failures ? 1 : 0;
}
