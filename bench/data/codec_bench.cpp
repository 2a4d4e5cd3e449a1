// The codecs column by column: bits a value, millions of values a second encoded and decoded into one reused buffer, on
// the real quotes of ../shared/ticks/lean-fx (an argument names another folder; absent ones are left out) and on made
// trades of the shape of benchmark B10. Everything is decoded and compared before it is timed. Times are the least of
// several rounds, of this thread's CPU. A last line a set sums the columns: bytes a tick, millions of ticks a second;
// `fused` decodes packed columns block by block, in step, into one sum.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <ctime>
#include <filesystem>
#include <functional>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "cuda/base/error.hpp"
#include "data/sources/parse/csv_params.hpp"
#include "data/sources/parse/open.hpp"
#include "data/store/codec.hpp"
#include "data/store/packed.hpp"

using namespace tf;
using namespace tf::data;

namespace {

constexpr std::size_t kChunk = 256 * 1024;
constexpr int kRounds = 7;

struct Set {
  std::string name;
  TickColumns ticks;
};

Set real_quotes(const std::string& name, const std::filesystem::path& folder, double tick_size) {
  Set set{name, {}};
  SourceInput input;
  if (std::filesystem::is_directory(folder))
    for (const auto& entry : std::filesystem::directory_iterator(folder))
      if (entry.path().extension() == ".zip") input.files.push_back(entry.path());
  if (input.files.empty()) return set;
  std::sort(input.files.begin(), input.files.end());
  input.instrument.venue = "bench";
  input.instrument.symbol = name;
  input.instrument.tick_size = tick_size;
  input.instrument.lot_size = 1;
  CsvParams params;
  params.preset = "lean_fx";
  const auto source = find_source("csv").open(input, &params);
  std::vector<Tick> batch(1 << 14);
  while (const std::size_t got = source->next_batch(batch))
    for (std::size_t row = 0; row < got; ++row) {
      batch[row].flags &= ~kRowEnd;
      set.ticks.push(batch[row]);
    }
  return set;
}

/// Trades with ns times a mean of 4.3 ms apart, a walking price, lognormal sizes, random sides.
Set made_trades(std::size_t rows) {
  Set set{"b10", {}};
  std::mt19937_64 random(20261123);
  std::exponential_distribution<double> gap(1 / 4.3e6);
  std::lognormal_distribution<double> size(2.0, 1.2);
  Tick tick;
  tick.exch_ts = 1'700'000'000'000'000'000;
  tick.px = 6'000'000;
  for (std::size_t row = 0; row < rows; ++row) {
    tick.exch_ts += static_cast<int64_t>(gap(random)) + 1;
    const uint64_t dice = random();
    tick.px += (dice & 7) == 0 ? -1 : (dice & 7) == 7 ? 1 : 0;
    tick.qty = static_cast<int64_t>(size(random)) + 1;
    tick.flags = static_cast<uint32_t>(TickKind::trade) | (dice & 8 ? kFlagBuy : kFlagSell) | kFlagLast;
    set.ticks.push(tick);
  }
  return set;
}

double cpu_seconds(const std::function<void()>& work) {
  timespec from{}, to{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &from);
  work();
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &to);
  return static_cast<double>(to.tv_sec - from.tv_sec) + 1e-9 * static_cast<double>(to.tv_nsec - from.tv_nsec);
}

struct Column {
  const char* name;
  const uint8_t* values;
  std::size_t count;
  int width;
};

struct Figures {
  std::size_t bytes = 0;
  double encode = 0, decode = 0;  ///< seconds
};

Figures measure(Codec codec, const Column& column) {
  Figures figures;
  Encoder encoder(codec);
  Decoder decoder(codec);
  std::vector<uint8_t> back(kChunk * 8);
  for (std::size_t row = 0; row < column.count; row += kChunk) {
    const std::size_t rows = std::min(kChunk, column.count - row), bytes = rows * std::size_t(column.width);
    const uint8_t* values = column.values + row * std::size_t(column.width);
    const auto span = encoder.encode(values, rows, column.width);
    const std::vector<uint8_t> chunk(span.begin(), span.end());
    const std::string reason = decoder.decode(chunk, back.data(), rows, rows, column.width);
    if (!reason.empty() || std::memcmp(back.data(), values, bytes) != 0)
      throw Error(ErrorKind::internal, std::string(name_of(codec)) + " gives other values than it was given");
    double encode = 1e9, decode = 1e9;
    for (int round = 0; round < kRounds; ++round) {
      encode = std::min(encode, cpu_seconds([&] { encoder.encode(values, rows, column.width); }));
      decode = std::min(decode, cpu_seconds([&] { decoder.decode(chunk, back.data(), rows, rows, column.width); }));
    }
    figures.bytes += chunk.size();
    figures.encode += encode;
    figures.decode += decode;
  }
  return figures;
}

/// Seconds to sum all columns block by block, never further than the nearest cache.
double fused_seconds(const std::vector<Column>& columns) {
  double seconds = 0;
  for (std::size_t row = 0; row < columns[0].count; row += kChunk) {
    const std::size_t rows = std::min(kChunk, columns[0].count - row);
    std::vector<std::vector<uint8_t>> chunks;
    uint64_t expected = 0;
    for (const Column& column : columns) {
      const uint8_t* values = column.values + row * std::size_t(column.width);
      chunks.emplace_back(packed_bound(rows, column.width));
      chunks.back().resize(encode_packed(values, rows, column.width, chunks.back().data()));
      for (std::size_t i = 0; i < rows; ++i) {
        uint64_t value = 0;
        std::memcpy(&value, values + i * std::size_t(column.width), std::size_t(column.width));
        expected += value;
      }
    }
    std::vector<PackedBlocks> blocks(columns.size());
    alignas(64) uint64_t values[kPackedBlock];
    uint64_t sum = 0;
    const auto sum_of = [](const auto* from, std::size_t count) {
      uint64_t sums[4] = {};  // one after the other would be a chain of additions
      std::size_t i = 0;
      for (; i + 4 <= count; i += 4)
        for (int lane = 0; lane < 4; ++lane) sums[lane] += from[i + lane];
      for (; i < count; ++i) sums[0] += from[i];
      return sums[0] + sums[1] + sums[2] + sums[3];
    };
    const auto walk = [&] {
      sum = 0;
      for (std::size_t at = 0; at < columns.size(); ++at) blocks[at].open(chunks[at], rows, columns[at].width);
      for (std::size_t done = 0; done < rows; done += kPackedBlock)
        for (std::size_t at = 0; at < columns.size(); ++at) {
          const std::size_t got = blocks[at].next(values);
          sum += columns[at].width == 8 ? sum_of(values, got) : sum_of(reinterpret_cast<uint32_t*>(values), got);
        }
    };
    double least = 1e9;
    for (int round = 0; round < kRounds; ++round) least = std::min(least, cpu_seconds(walk));
    if (sum != expected) throw Error(ErrorKind::internal, "the fused sum is not the sum of the values");
    seconds += least;
  }
  return seconds;
}

void report(const Set& set) {
  const TickColumns& ticks = set.ticks;
  const auto column = [&](const char* name, const auto& values) {
    return Column{name, reinterpret_cast<const uint8_t*>(values.data()), values.size(), int(sizeof(values[0]))};
  };
  std::vector<Column> columns = {column("exch_ts", ticks.exch_ts), column("px", ticks.px), column("qty", ticks.qty),
                                 column("flags", ticks.flags)};
  Figures sums[3];
  const auto rows = double(ticks.size());
  std::printf("%-8s %zu ticks\n", set.name.c_str(), ticks.size());
  for (const Column& each : columns) {
    std::printf("  %-8s", each.name);
    for (const Codec codec : {Codec::packed, Codec::packed_zstd, Codec::zstd}) {
      const Figures figures = measure(codec, each);
      Figures& sum = sums[codec == Codec::packed ? 0 : codec == Codec::packed_zstd ? 1 : 2];
      sum.bytes += figures.bytes;
      sum.encode += figures.encode;
      sum.decode += figures.decode;
      std::printf(" | %7.2f %7.0f %7.0f", 8 * double(figures.bytes) / rows, rows / figures.encode / 1e6,
                  rows / figures.decode / 1e6);
    }
    std::printf("\n");
    std::fflush(stdout);
  }
  std::printf("  %-8s", "tick");
  for (const Figures& sum : sums)
    std::printf(" | %6.3fB %7.1f %7.0f", double(sum.bytes) / rows, rows / sum.encode / 1e6, rows / sum.decode / 1e6);
  std::printf(" | fused %.0f\n", rows / fused_seconds(columns) / 1e6);
}

}  // namespace

int main(int arguments, char** words) {
  try {
    const std::filesystem::path folder = arguments > 1 ? words[1] : "../shared/ticks/lean-fx";
    std::printf("%-10s | packed: bits, M/s in, out | packed+zstd             | zstd\n", "");
    report(made_trades(4'000'000));
    for (const Set& set : {real_quotes("fxcm", folder / "forex/fxcm/tick/eurusd", 0.00001),
                           real_quotes("oanda", folder / "forex/oanda/tick/eurusd", 0.00001),
                           real_quotes("xau", folder / "cfd/oanda/tick/xauusd", 0.001)})
      if (set.ticks.size() > 0) report(set);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
  return 0;
}
