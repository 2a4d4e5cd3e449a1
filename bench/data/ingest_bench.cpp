// csv quotes of the LEAN layout, two million rows made here: parsed alone, judged alone under several policies, and
// ingested into a store by one thread and by the pipeline; then many small days. Prints one JSON line a measurement;
// verifies the counts before any time is believed. An argument sets the number of small days (default 1,000).
#include <unistd.h>
#include <zlib.h>

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

#include "data/ingest.hpp"
#include "data/judge.hpp"
#include "data/sources/parse/csv_params.hpp"
#include "data/sources/parse/open.hpp"

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

/// The judge on ticks in memory, by the CPU time of its thread: what it costs beside the source and the store.
double judge_seconds(const data::IngestPolicy& policy, const Instrument& instrument, int batches, int64_t& kept) {
  constexpr int kRowsOfBatch = 4096;
  const int64_t start = 1'704'153'600 * kSecond;
  std::vector<Tick> made, batch;
  uint32_t state = 12345;
  for (int row = 0; row < kRowsOfBatch; ++row) {
    state = state * 1664525u + 1013904223u;
    const int64_t ts = start + int64_t{row} * 1'000'000, px = 138700 + (state >> 28);
    made.push_back({ts, ts, px, 1, 0, static_cast<uint32_t>(TickKind::best_bid)});
    made.push_back({ts, ts, px + 10, 1, 0, static_cast<uint32_t>(TickKind::best_ask) | kFlagLast | data::kRowEnd});
  }
  data::Judge judge(policy, instrument, {});
  std::vector<data::JudgeStep> steps;
  double spent = 0;
  kept = 0;
  for (int at = 0; at < batches; ++at) {
    batch = made;
    for (Tick& tick : batch) tick.exch_ts = tick.local_ts = tick.exch_ts + at * kRowsOfBatch * int64_t{1'000'000};
    timespec from{}, to{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &from);
    judge.take(batch, batch.size(), 0, 0, steps);
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &to);
    spent += static_cast<double>(to.tv_sec - from.tv_sec) + 1e-9 * static_cast<double>(to.tv_nsec - from.tv_nsec);
    for (const data::JudgeStep& step : steps) kept += static_cast<int64_t>(step.count);
    steps.clear();
  }
  return spent;
}

int check(bool holds, const char* what) {
  if (!holds) std::fprintf(stderr, "bench: %s\n", what);
  return holds ? 0 : 1;
}

}  // namespace

int main(int arguments, char** words) {
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
  const auto parse = [&](const std::string& path) {
    const auto source = data::find_source("csv").open({{path}, instrument}, params.get());
    while (source->next_batch(batch) > 0) continue;
    failures += check(source->counts().rows_stored == kRows, "rows are missing");
  };
  const auto best = [&](const std::function<void()>& work) {
    double least = 1e9;
    for (int round = 0; round < kRounds; ++round) least = std::min(least, seconds(work));
    return least;
  };
  print("parse plain", best([&] { parse(plain); }), text.size());
  print("parse gzip", best([&] { parse(packed); }), text.size());

  const auto judge = [&](const char* what, const data::IngestPolicy& policy) {
    constexpr int kBatches = 400;
    double least = 1e9;
    int64_t kept = 0;
    for (int round = 0; round < kRounds; ++round) {
      least = std::min(least, judge_seconds(policy, instrument, kBatches, kept));
      failures += check(kept > kBatches * 8192LL - 8192 * 2, "ticks are missing");
    }
    std::printf(
        "{\"bench\":\"ingest\",\"case\":\"judge %s\",\"ticks\":%lld,\"cpu_seconds\":%.4f,\"ticks_per_s\":%.0f}\n", what,
        static_cast<long long>(kept), least, static_cast<double>(kept) / least);
  };
  data::IngestPolicy policy;
  judge("default", policy);
  policy.crossed = "refuse";
  judge("crossed = refuse", policy);
  policy.crossed = "keep";
  policy.exchange_time_back = "sort";
  judge("exchange_time_back = sort", policy);

  int round = 0;
  const auto ingest = [&](const std::string& path, bool one_thread) {
    const std::string root = (folder / std::to_string(round++)).string();
    const auto store = data::TickStore::open(root, true);
    data::IngestRequest request;
    request.source = "csv";
    request.source_params = params;
    request.input = {{path}, instrument};
    request.one_thread = one_thread;
    const data::IngestReport report = data::ingest(request, store);
    failures += check(report.days.size() == 1 && report.days[0].info.rows == 2 * kRows, "ticks are missing");
    fs::remove_all(root);
  };
  print("ingest plain, one thread", best([&] { ingest(plain, true); }), text.size());
  print("ingest plain", best([&] { ingest(plain, false); }), text.size());
  print("ingest gzip", best([&] { ingest(packed, false); }), text.size());

  // Many small days: a file a day, a thousand ticks each.
  const int days = arguments > 1 ? std::atoi(words[1]) : 1000;
  data::IngestRequest many;
  many.source = "csv";
  many.source_params = params;
  many.input.instrument = instrument;
  const Day first = *parse_day("1990-01-01");
  for (int day = 0; day < days; ++day) {
    std::string name = to_text(first + day), rows;
    name.erase(7, 1).erase(4, 1);
    for (int row = 0; row < 500; ++row)
      rows +=
          std::to_string(row * 1000) + ",1.1000" + std::to_string(row % 7) + ",1.1001" + std::to_string(row % 9) + "\n";
    many.input.files.push_back((folder / (name + "_quote.csv")).string());
    std::ofstream(many.input.files.back(), std::ios::binary) << rows;
  }
  const auto store = data::TickStore::open((folder / "many").string(), true);
  const double spent = seconds([&] {
    const data::IngestReport report = data::ingest(many, store);
    failures += check(report.days.size() == static_cast<std::size_t>(days) && report.counts.ticks == 1000LL * days,
                      "days are missing");
  });
  std::printf("{\"bench\":\"ingest\",\"case\":\"small days\",\"files\":%d,\"seconds\":%.4f,\"files_per_s\":%.0f}\n",
              days, spent, days / spent);
  fs::remove_all(folder);
  return failures ? 1 : 0;
}
