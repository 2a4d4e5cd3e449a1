// libFuzzer entry of the sources csv and json_rows. The first bytes choose the source, the preset and some parameters;
// the rest is the file. Built by hand:
//   clang++-14 -std=c++20 -O1 -g -fsanitize=fuzzer,address,undefined -I. tests/fuzz/csv_fuzz.cpp <sources> -lzip ...
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "cuda/base/error.hpp"
#include "data/sources/catalogue.hpp"
#include "data/sources/parse/csv_guess.hpp"
#include "data/sources/parse/csv_params.hpp"
#include "data/sources/parse/csv_presets.hpp"

namespace tf::source_catalogue {
const Entry& tf_source_csv();
const Entry& tf_source_json_rows();
}  // namespace tf::source_catalogue

namespace {

[[noreturn]] void fail(const char* what) {
  std::fprintf(stderr, "csv_fuzz: %s\n", what);
  std::abort();
}

struct Outcome {
  std::vector<tf::Tick> ticks;
  tf::data::SourceCounts counts;
};

Outcome drain(const tf::source_catalogue::Entry& entry, const tf::data::SourceInput& input,
              const tf::data::CsvParams& params, std::size_t batch) {
  const auto source = entry.open(input, &params);
  Outcome all;
  std::vector<tf::Tick> buffer(batch);
  int64_t row_ends = 0;
  while (const std::size_t count = source->next_batch(buffer)) {
    for (std::size_t row = 0; row < count; ++row) row_ends += (buffer[row].flags & tf::data::kRowEnd) != 0;
    all.ticks.insert(all.ticks.end(), buffer.begin(), buffer.begin() + static_cast<std::ptrdiff_t>(count));
  }
  all.counts = source->counts();
  int64_t refused = 0;
  for (const auto& [reason, refusal] : all.counts.refused) refused += refusal.rows;
  if (all.counts.rows_read != all.counts.rows_stored + refused) fail("rows read are not rows stored and refused");
  if (all.counts.rows_stored != row_ends) fail("rows stored are not the row ends");
  if (all.counts.ticks != static_cast<int64_t>(all.ticks.size())) fail("ticks are miscounted");
  for (const tf::Tick& tick : all.ticks)
    if (tick.qty < 0) fail("a negative size");
  return all;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size) {
  if (size < 4) return 0;
  static const std::string folder = [] {
    std::string name = "/tmp/csv_fuzz_XXXXXX";
    return std::string(mkdtemp(name.data()));
  }();
  const std::string path = folder + "/20240310_eurusd_tick_quote.csv";
  std::FILE* file = std::fopen(path.c_str(), "wb");
  std::fwrite(data + 4, 1, size - 4, file);
  std::fclose(file);

  const bool json = data[0] & 1;
  const auto presets = tf::data::csv_presets();
  tf::data::CsvParams params;
  params.preset = presets[data[1] % presets.size()].name;
  if (data[2] & 1) params.header = data[2] & 2 ? "yes" : "no";
  if (data[2] & 4) params.decimal = "comma";
  if (data[2] & 8) params.zone = data[2] & 16 ? "broker/NY+7" : "America/New_York";
  if (data[2] & 32) params.off_grid = "round";
  if (data[2] & 64) params.comment = "#";
  if (data[2] & 128) params.skip_lines = 1;
  if (params.preset == "none") {
    params.time_column = "1";
    params.time_format = data[3] & 1 ? "datetime" : "epoch";
    params.price_column = data[3] & 2 ? "2" : "";
    params.bid_column = data[3] & 2 ? "" : "2";
    params.ask_column = data[3] & 2 ? "" : "3";
  }
  tf::data::SourceInput input;
  input.files = {path};
  input.instrument.tick_size = 0.01;
  input.instrument.lot_size = 0.5;
  const auto& entry = json ? tf::source_catalogue::tf_source_json_rows() : tf::source_catalogue::tf_source_csv();

  tf::data::InputHead head{path, "", {reinterpret_cast<const char*>(data) + 4, size - 4}, {}};
  head.bytes = head.raw;
  entry.guess(head);
  try {
    params.threads = 1;
    const Outcome one = drain(entry, input, params, 1 + (data[3] >> 2));
    if (data[0] & 2) {
      params.threads = 3;
      if (drain(entry, input, params, 4096).ticks != one.ticks) fail("threads change the ticks");
    }
  } catch (const tf::Error&) {
    // a header without the names, a file of another format
  }
  return 0;
}
