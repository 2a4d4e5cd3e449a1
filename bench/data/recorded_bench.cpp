// A real recording (Binance USD-M ETHUSDT, 74,655 messages in 23.3 MB of text) parsed to ticks, its book rebuilt:
// packed as it was recorded and unpacked. Prints one JSON line a measurement; verifies the counts before any time is
// believed. Run from the repository root with ../shared beside it, or name the file.
#include <unistd.h>
#include <zlib.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "data/sources/parse/open.hpp"
#include "data/sources/parse/recorded_params.hpp"

namespace {

using namespace tf;

constexpr int kRounds = 5;
constexpr int64_t kRows = 74'655, kTicks = 552'732;

std::string unpacked(const std::string& path) {
  std::string text;
  std::vector<char> buffer(1 << 20);
  gzFile file = gzopen(path.c_str(), "rb");
  for (int got; (got = gzread(file, buffer.data(), static_cast<unsigned>(buffer.size()))) > 0;)
    text.append(buffer.data(), static_cast<std::size_t>(got));
  gzclose(file);
  return text;
}

// Seconds of one reading, or 0 when it did not give what it should.
double read(const std::string& path) {
  data::RecordedParams params;
  data::SourceInput input;
  input.files = {path};
  input.instrument.symbol = "ETHUSDT";
  input.instrument.tick_size = 0.01;
  input.instrument.lot_size = 0.001;
  std::vector<Tick> batch(1 << 16);
  const auto start = std::chrono::steady_clock::now();
  const auto source = data::find_source("recorded").open(input, &params);
  while (source->next_batch(batch) > 0) continue;
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  const data::SourceCounts& counts = source->counts();
  return counts.rows_read == kRows && counts.rows_stored == kRows && counts.ticks == kTicks ? seconds : 0;
}

bool measure(const char* what, const std::string& path, std::size_t bytes) {
  double best = read(path);
  for (int round = 1; round < kRounds && best > 0; ++round) best = std::min(best, read(path));
  if (best <= 0) {
    std::fprintf(stderr, "bench: %s: wrong counts\n", what);
    return false;
  }
  std::printf(
      "{\"bench\":\"recorded\",\"case\":\"%s\",\"rows\":%lld,\"ticks\":%lld,\"bytes\":%zu,\"seconds\":%.4f,"
      "\"rows_per_s\":%.0f,\"ticks_per_s\":%.0f,\"mb_per_s\":%.0f}\n",
      what, static_cast<long long>(kRows), static_cast<long long>(kTicks), bytes, best, kRows / best, kTicks / best,
      static_cast<double>(bytes) / best * 1e-6);
  return true;
}

}  // namespace

int main(int argc, char** argv) {
  namespace fs = std::filesystem;
  const std::string packed = argc > 1 ? argv[1] : "../shared/ticks/hftbacktest/usdm/ethusdt_20240808.gz";
  if (!fs::exists(packed)) {
    std::fprintf(stderr, "bench: skipped: there is no %s\n", packed.c_str());
    return 0;
  }
  const std::string text = unpacked(packed);
  std::string name = (fs::temp_directory_path() / "tickfold_bench_XXXXXX").string();
  const fs::path folder = mkdtemp(name.data());
  const std::string plain = (folder / "recording.txt").string();
  std::ofstream(plain, std::ios::binary) << text;
  const bool good = measure("usdm plain", plain, text.size()) && measure("usdm gzip", packed, text.size());
  fs::remove_all(folder);
  return good ? 0 : 1;
}
