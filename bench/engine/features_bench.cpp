// Ticks of a store to features: ten indicators, all lanes, read + bars + frames, as `tickfold features` does it.
// Verifies that a day streamed equals the batch, then times; one JSON line a figure, beside memory copy and the store's
// own reading measured in the same run.
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <vector>

#include "data/ingest.hpp"
#include "data/sources/parse/open.hpp"
#include "engine/features/table.hpp"

using namespace tf;

namespace {

constexpr int kRounds = 7;

double seconds_of(const auto& work) {
  const auto begin = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
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
  std::string text;
  for (const auto& row : indicator_catalogue::rows())
    text += std::string("[[features]]\nname = \"") + row.name + "\"\n";
  const features::Spec spec = features::read_spec(config::Reader::from_text(text, "bench").root(), exec);
  const auto days = store.days(instrument.id());
  int64_t ticks = 0;
  for (const auto& day : days) ticks += day.rows;

  int status = 0;
  for (const int threads : {1, 2}) {
    exec.threads = threads;
    features::Table table;
    std::vector<double> features, reading, copying;
    std::vector<char> from(200 << 20, 1), to(200 << 20);
    for (int round = 0; round < kRounds; ++round) {
      features.push_back(seconds_of([&] { table = features::compute(exec, spec, store, instrument.id(), days); }));
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
      break;
    }
    std::printf(
        "{\"bench\":\"features\",\"indicators\":%zu,\"lanes\":%zu,\"threads\":%d,\"ticks\":%lld,\"bars\":%lld,\"ticks_"
        "per_s\":%.4g,"
        "\"store_read_ticks_per_s\":%.4g,\"copy_gb_per_s\":%.3g}\n",
        spec.instances.size(), table.schema.names.size(), threads, static_cast<long long>(ticks),
        static_cast<long long>(table.rows()), static_cast<double>(ticks) / median(features),
        static_cast<double>(ticks) / median(reading), 0.2097152 / median(copying));
  }
  std::filesystem::remove_all(folder);
  return status;
}
