// Ticks of a store to features: ten indicators and a panel of 120 lanes, read + bars + frames, as `tickfold features`
// does it, with and without counting what is odd about them in the same pass. Verifies that a day streamed equals the
// batch and that counts in the pass equal those of the table, then times; one JSON line a figure, beside memory copy
// and the store's own reading measured in the same run. What counting costs is the median over the rounds of the ratio
// of user CPU time with and without, less 1, and beside it the time of counting rows in the cache alone.
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <ctime>
#include <filesystem>
#include <vector>

#include "bench/engine/panel.hpp"
#include "data/ingest.hpp"
#include "data/sources/parse/open.hpp"
#include "engine/features/feature_list.hpp"
#include "engine/features/quality.hpp"
#include "engine/features/table.hpp"

using namespace tf;

namespace {

constexpr int kRounds = 11;

double seconds_of(const auto& work) {
  const auto begin = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

double user_seconds() {
  rusage used;
  getrusage(RUSAGE_SELF, &used);
  return static_cast<double>(used.ru_utime.tv_sec) + 1e-6 * static_cast<double>(used.ru_utime.tv_usec);
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

bool same(double a, double b) { return (std::isnan(a) && std::isnan(b)) || std::memcmp(&a, &b, sizeof a) == 0; }

/// True when the last day streamed tick by tick equals the batch to the bit.
bool streams_equal(const Exec& exec, const features::Spec& spec, const data::TickStore& store, const std::string& id,
                   const features::Table& table) {
  const Day day = table.days.back().day;
  const TickColumns ticks = store.read_day(id, day);
  features::Stream stream(exec, spec, store.instrument(id));
  int64_t row = table.days.back().first, differing = 0;
  const auto take = [&](int64_t, std::span<const double> values) {
    for (std::size_t lane = 0; lane < values.size(); ++lane)
      differing += !same(values[lane], table.panel()(row, static_cast<int64_t>(lane)));
    ++row;
  };
  for (std::size_t at = 0; at < ticks.size(); ++at) stream.push(ticks.span().part(at, 1), take);
  stream.end_day(take);
  return differing == 0 && row == table.rows();
}

bool same_counts(const std::vector<features::FeatureQuality>& a, const std::vector<features::FeatureQuality>& b) {
  bool equal = a.size() == b.size();
  for (std::size_t at = 0; equal && at < a.size(); ++at)
    equal = a[at].rows == b[at].rows && a[at].not_ready == b[at].not_ready && a[at].odd() == b[at].odd() &&
            a[at].longest_run == b[at].longest_run;
  return equal;
}

/// Seconds of counting one value of a table's panel, in blocks that are in the cache.
double seconds_a_value(features::QualityCounter& counter, const features::Table& table) {
  const Panel<const double> panel = table.panel();
  const int64_t rows = std::min<int64_t>(panel.rows, 4096 / panel.lanes), first = (panel.rows - rows) / 2;
  constexpr int kTimes = 20'000;  // the clock is coarse
  const std::clock_t begin = std::clock();
  for (int time = 0; time < kTimes; ++time) counter.take(panel.part(first, rows));
  return static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC /
         (kTimes * static_cast<double>(rows * panel.lanes));
}

}  // namespace

int main() {
  std::string folder = (std::filesystem::temp_directory_path() / "tickfold-bench-XXXXXX").string();
  if (!mkdtemp(folder.data())) return 74;
  const Instrument instrument{"bench", "B", 0.01, 1, 1, "USD", "UTC", 0, true};
  const data::TickStore store = data::TickStore::open(folder + "/store", true);
  data::IngestRequest request;
  request.source = "synthetic";
  const auto& entry = data::find_source("synthetic");
  const config::Reader params = config::Reader::from_text("[m]\ndays = 8\nticks_per_day = 500000\n", "bench");
  request.source_params = entry.params.make();
  params.root().table("m").read(entry.params, request.source_params.get());
  request.input.instrument = instrument;
  data::ingest(request, store);

  Exec exec = pick_exec();
  const auto days = store.days(instrument.id());
  int64_t ticks = 0;
  for (const auto& day : days) ticks += day.rows;

  int status = 0;
  for (const char* list : {bench::kTenIndicators, bench::kPanel}) {
    features::Spec spec;
    spec.bars = features::read_bar("time:10");
    spec.instances = features::read_feature_list(list, exec);
    for (const int threads : {1, 2}) {
      exec.threads = threads;
      features::Table table;
      std::vector<double> features, reading, copying, plain, ratio;
      std::vector<char> from(200 << 20, 1), to(200 << 20);
      for (int round = 0; round < kRounds; ++round) {
        double user[2] = {};
        for (const int turn : {0, 1}) {
          const bool counts = (turn + round) % 2 == 1;  // each goes first in turn
          features::QualityCounter counter(exec, spec);
          const double begin = user_seconds();
          const double wall = seconds_of([&] {
            table = features::compute(exec, spec, store, instrument.id(), days, {}, counts ? &counter : nullptr);
          });
          user[counts] = user_seconds() - begin;
          if (counts) features.push_back(wall);
          if (counts && !same_counts(counter.counted(table.schema), features::measure_quality(exec, spec, table))) {
            std::puts("{\"bench\":\"features\",\"error\":\"counts in the pass and of the table differ\"}");
            status = 70;
          }
        }
        plain.push_back(user[0]);
        ratio.push_back(user[1] / user[0]);
        reading.push_back(seconds_of([&] {
          std::vector<Day> all;
          for (const auto& day : days) all.push_back(day.day);
          data::ReadOptions options;
          options.decode_threads = threads;
          const auto reader = store.read(instrument.id(), all, options);
          int64_t sum = 0;
          while (const data::TickBlock* block = reader->next())
            for (const int64_t px : block->ticks.px) sum += px;
          if (sum == 42) std::puts("");
        }));
        copying.push_back(seconds_of([&] { std::memcpy(to.data(), from.data(), from.size()); }));
      }
      if (threads == 1 && !streams_equal(exec, spec, store, instrument.id(), table)) {
        std::puts("{\"bench\":\"features\",\"error\":\"streamed and batch differ\"}");
        status = 70;
      }
      if (status) break;
      features::QualityCounter counter(exec, spec);
      const auto values = static_cast<double>(table.rows()) * static_cast<double>(table.schema.names.size());
      const double value = seconds_a_value(counter, table);
      std::printf(
          "{\"bench\":\"features\",\"indicators\":%zu,\"lanes\":%zu,\"threads\":%d,\"ticks\":%lld,\"bars\":%lld,"
          "\"ticks_per_s\":%.4g,\"store_read_ticks_per_s\":%.4g,\"copy_gb_per_s\":%.3g,\"user_s\":%.4g,"
          "\"counting_percent\":%.2f,\"counting_ns_a_value\":%.3g,\"counting_alone_percent\":%.2f}\n",
          spec.instances.size(), table.schema.names.size(), threads, static_cast<long long>(ticks),
          static_cast<long long>(table.rows()), static_cast<double>(ticks) / median(features),
          static_cast<double>(ticks) / median(reading), 0.2097152 / median(copying), median(plain),
          100 * (median(ratio) - 1), 1e9 * value, 100 * value * values / median(plain));
    }
    if (status) break;
  }
  std::filesystem::remove_all(folder);
  return status;
}
