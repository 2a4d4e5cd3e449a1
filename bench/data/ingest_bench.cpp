// csv quotes of the LEAN layout, two million rows made here: parsed alone, parsed and judged, and ingested into a
// store. Prints one JSON line a measurement; verifies the counts before any time is believed.
#include <unistd.h>
#include <zlib.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <functional>
#include <string>
#include <vector>

#include "data/ingest.hpp"
#include "data/sources/parse/csv_params.hpp"
#include "data/sources/parse/open.hpp"
#include "data/validate.hpp"

namespace {

using namespace tf;

constexpr int kRows = 2'000'000;
constexpr int kRounds = 5;

std::string made_text() {
  std::string text;
  int64_t mid = 138700;
  uint32_t state = 12345;
  char line[64];
  for (int row = 0; row < kRows; ++row) {
    state = state * 1664525u + 1013904223u;
    mid += static_cast<int64_t>(state >> 30) - (state >> 29 & 1) * 2;
    if (mid < 100000 || mid > 190000) mid = 138700;
    text.append(line, static_cast<std::size_t>(std::snprintf(line, sizeof line, "%d,1.%05d,1.%05d\n", row * 43,
                                                             static_cast<int>(mid - 100000),
                                                             static_cast<int>(mid - 100000) + 10)));
  }
  return text;
}

double seconds(const std::function<void()>& work) {
  const auto start = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

void print(const char* what, double best, std::size_t bytes) {
  std::printf(
      "{\"bench\":\"ingest\",\"case\":\"%s\",\"rows\":%d,\"seconds\":%.4f,\"rows_per_s\":%.0f,\"mb_per_s\":%.0f}\n",
      what, kRows, best, kRows / best, static_cast<double>(bytes) / best * 1e-6);
}

int check(bool holds, const char* what) {
  if (!holds) std::fprintf(stderr, "bench: %s\n", what);
  return holds ? 0 : 1;
}

}  // namespace

int main() {
  namespace fs = std::filesystem;
  std::string name = (fs::temp_directory_path() / "tickfold_bench_XXXXXX").string();
  const fs::path folder = mkdtemp(name.data());
  const std::string text = made_text();
  const std::string plain = (folder / "20240102.csv").string(), packed = plain + ".gz";
  std::ofstream(plain, std::ios::binary) << text;
  gzFile file = gzopen(packed.c_str(), "wb6");
  gzwrite(file, text.data(), static_cast<unsigned>(text.size()));
  gzclose(file);

  Instrument instrument;
  instrument.venue = "bench";
  instrument.symbol = "EURUSD";
  instrument.tick_size = 0.00001;
  instrument.lot_size = 1;
  const auto params = std::make_shared<data::CsvParams>();
  params->preset = "lean_fx";

  int failures = 0;
  std::vector<Tick> batch(1 << 16);
  const auto parse = [&](const std::string& path, bool judge) {
    const auto source = data::find_source("csv").open({{path}, instrument}, params.get());
    data::QualityMeter meter;
    while (const std::size_t count = source->next_batch(batch))
      if (judge) meter.add(std::span<const Tick>(batch).first(count));
    failures += check(source->counts().rows_stored == kRows, "rows are missing");
    if (judge) failures += check(meter.counts().quotes == kRows, "quotes are missing");
  };
  const auto best = [&](const std::function<void()>& work) {
    double least = 1e9;
    for (int round = 0; round < kRounds; ++round) least = std::min(least, seconds(work));
    return least;
  };
  print("parse plain", best([&] { parse(plain, false); }), text.size());
  print("parse and judge plain", best([&] { parse(plain, true); }), text.size());
  print("parse gzip", best([&] { parse(packed, false); }), text.size());
  int round = 0;
  print("ingest plain", best([&] {
          const auto store = data::TickStore::open((folder / std::to_string(round++)).string(), true);
          data::IngestRequest request;
          request.source = "csv";
          request.source_params = params;
          request.input = {{plain}, instrument};
          const data::IngestReport report = data::ingest(request, store);
          failures += check(report.days.size() == 1 && report.days[0].info.rows == 2 * kRows, "ticks are missing");
        }),
        text.size());
  fs::remove_all(folder);
  return failures ? 1 : 0;
}
