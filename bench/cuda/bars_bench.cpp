// B9: trade ticks to time, volume and dollar bars, and trades joined to the last tick at or before. Verifies that
// pieces and threads agree to the bit, then times; one JSON object a line, beside a sum over the same columns measured
// in the same run. bars_bench [ROWS] [THREADS] [FOLDER]: FOLDER holds what peers/b9_bars_asof.py --export wrote, so
// that checksums can be laid side by side (bars: count, sum of highs, of lots, of mean prices; join: count, sum of
// |price - price|, of lots). The limits: `read_per_s` rows of all columns, `read_times_per_s` rows of times alone (by
// one thread).
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <string>
#include <vector>

#include "cuda/base/parallel.hpp"
#include "cuda/base/philox.hpp"
#include "cuda/base/time.hpp"
#include "cuda/market/as_of.hpp"
#include "cuda/market/bars.hpp"

using namespace tf;
using namespace tf::market;
using series::BarColumn;

namespace {

constexpr int kRounds = 5;
constexpr double kTickSize = 0.01;

struct Work {
  std::vector<int64_t> ts, px, size, trade_ts, trade_px;
  std::vector<uint32_t> flags;

  TickSpan span(std::size_t first, std::size_t end) const {
    const auto part = [&](const auto& column) { return std::span(column).subspan(first, end - first); };
    return {part(ts), part(ts), part(px), part(size), {}, part(flags)};
  }
};

template <class T>
std::vector<T> read_column(const std::string& folder, const char* name) {
  std::FILE* file = std::fopen((folder + "/b9." + name + ".bin").c_str(), "rb");
  if (!file) {
    std::fprintf(stderr, "%s/b9.%s.bin: not there\n", folder.c_str(), name);
    std::exit(66);
  }
  std::fseek(file, 0, SEEK_END);
  std::vector<T> column(static_cast<std::size_t>(std::ftell(file)) / sizeof(T));
  std::rewind(file);
  if (std::fread(column.data(), sizeof(T), column.size(), file) != column.size()) std::exit(74);
  std::fclose(file);
  return column;
}

std::vector<int64_t> in_ticks(const std::vector<double>& prices) {
  std::vector<int64_t> ticks(prices.size());
  for (std::size_t row = 0; row < prices.size(); ++row) ticks[row] = std::llround(prices[row] / kTickSize);
  return ticks;
}

Work make_work(int64_t rows, const std::string& folder) {
  Work work;
  if (!folder.empty()) {
    work.ts = read_column<int64_t>(folder, "ts");
    work.px = in_ticks(read_column<double>(folder, "price"));
    work.size = read_column<int64_t>(folder, "size");
    work.trade_ts = read_column<int64_t>(folder, "trade_ts");
    work.trade_px = in_ticks(read_column<double>(folder, "trade_px"));
  } else {
    const RandomStream random{9, Purpose::test, 0};
    int64_t time = 1'700'000'000'000'000'000, px = 6'000'000;
    for (int64_t row = 0; row < rows; ++row) {
      const Words4 words = random.words(static_cast<uint64_t>(row));
      time += 1 + static_cast<int64_t>(words.w[0]) % 8'600'000;
      px += words.w[1] % 8 == 0 ? 1 : words.w[1] % 8 == 1 ? -1 : 0;
      work.ts.push_back(time);
      work.px.push_back(px);
      work.size.push_back(1 + static_cast<int64_t>(words.w[2] % 40));
      if (words.w[3] % 10 == 0) {
        work.trade_ts.push_back(time + 2'000'000);
        work.trade_px.push_back(px);
      }
    }
  }
  work.flags.assign(work.ts.size(), static_cast<uint32_t>(TickKind::trade) | kFlagLast);
  return work;
}

/// With one thread the CPU's time, which a machine that others share asks for.
double seconds_of(int threads, const auto& job) {
  timespec start, end;
  const clockid_t clock = threads == 1 ? CLOCK_PROCESS_CPUTIME_ID : CLOCK_MONOTONIC;
  clock_gettime(clock, &start);
  job();
  clock_gettime(clock, &end);
  return static_cast<double>(end.tv_sec - start.tv_sec) + 1e-9 * static_cast<double>(end.tv_nsec - start.tv_nsec);
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

Instrument instrument() { return {"bench", "B", kTickSize, 1, 1, "USD", "UTC", 0, false, ""}; }

/// Bars of each UTC day, days over threads.
std::vector<BarTable> bars_of(const BarSpec& spec, const Work& work, int threads, std::size_t piece) {
  std::vector<std::size_t> days{0};
  while (days.back() < work.ts.size()) {
    const int64_t end = day_of(work.ts[days.back()]).start_ns() + kDay;
    days.push_back(static_cast<std::size_t>(std::lower_bound(work.ts.begin(), work.ts.end(), end) - work.ts.begin()));
  }
  std::vector<BarTable> tables(days.size() - 1);
  parallel_for(threads, static_cast<int64_t>(tables.size()), [&](int64_t day) {
    BarBuilder builder(spec, instrument());
    for (std::size_t at = days[day]; at < days[day + 1]; at += std::min(piece, days[day + 1] - at))
      builder.push(work.span(at, std::min(at + piece, days[day + 1])), tables[day], nullptr);
    builder.end_day(tables[day]);
  });
  return tables;
}

bool same(const std::vector<BarTable>& a, const std::vector<BarTable>& b) {
  bool equal = a.size() == b.size();
  for (std::size_t day = 0; equal && day < a.size(); ++day) {
    equal = a[day].known_ts == b[day].known_ts && a[day].tick_end == b[day].tick_end;
    for (int column = 0; column < series::kBarColumns; ++column) {
      const auto &one = a[day].column[column], &other = b[day].column[column];
      equal = equal && one.size() == other.size() &&
              std::memcmp(one.data(), other.data(), one.size() * sizeof(double)) == 0;
    }
  }
  return equal;
}

struct Joined {
  int64_t rows = 0, lots = 0, moved = 0;
};

/// The join and its use: the rows, then what stands in them.
Joined join(const Work& work, int threads, std::vector<int64_t>& found) {
  as_of(work.trade_ts, work.ts, found, AsOf::inclusive, threads);
  const std::size_t rows = found.size(), parts = static_cast<std::size_t>(threads) * 8;
  std::vector<Joined> sums(parts);
  parallel_for(threads, static_cast<int64_t>(parts), [&](int64_t part) {
    const std::size_t first = rows * static_cast<std::size_t>(part) / parts,
                      end = rows * (static_cast<std::size_t>(part) + 1) / parts;
    Joined sum;
    for (std::size_t row = first; row < end; ++row) {
      if (found[row] < 0) continue;
      const auto known = static_cast<std::size_t>(found[row]);
      ++sum.rows;
      sum.lots += work.size[known];
      sum.moved += std::abs(work.trade_px[row] - work.px[known]);
    }
    sums[static_cast<std::size_t>(part)] = sum;
  });
  Joined all;
  for (const Joined& sum : sums) {
    all.rows += sum.rows;
    all.lots += sum.lots;
    all.moved += sum.moved;
  }
  return all;
}

}  // namespace

int main(int count, char** words) {
  const int64_t wanted = count > 1 ? std::atoll(words[1]) : 20'000'000;
  const int threads = count > 2 ? std::atoi(words[2]) : 1;
  const Work work = make_work(wanted, count > 3 ? words[3] : "");
  const auto rows = static_cast<double>(work.ts.size());

  // The limit: the same columns read once.
  std::vector<double> reading;
  int64_t sink = 0;
  for (int round = 0; round < kRounds; ++round)
    reading.push_back(seconds_of(threads, [&] {
      std::vector<int64_t> sums(static_cast<std::size_t>(threads) * 8);
      parallel_for(threads, static_cast<int64_t>(sums.size()), [&](int64_t part) {
        const std::size_t parts = sums.size(), first = work.ts.size() * static_cast<std::size_t>(part) / parts,
                          end = work.ts.size() * (static_cast<std::size_t>(part) + 1) / parts;
        int64_t sum = 0;
        for (std::size_t row = first; row < end; ++row)
          sum += work.ts[row] ^ work.px[row] ^ work.size[row] ^ work.flags[row];
        sums[static_cast<std::size_t>(part)] = sum;
      });
      for (const int64_t sum : sums) sink += sum;
    }));
  const double limit = rows / median(reading);

  for (const auto& [kind, size] : {std::pair{"time", 1.0}, std::pair{"volume", 3000.0}, std::pair{"dollar", 2e8}}) {
    const BarSpec spec{kind, size, "trade"};
    std::vector<BarTable> tables = bars_of(spec, work, threads, SIZE_MAX / 2);
    if (!same(tables, bars_of(spec, work, 1, 777))) {
      std::puts("{\"bench\":\"bars\",\"error\":\"pieces and threads differ\"}");
      return 70;
    }
    std::vector<double> times;
    for (int round = 0; round < kRounds; ++round)
      times.push_back(seconds_of(threads, [&] { tables = bars_of(spec, work, threads, SIZE_MAX / 2); }));
    int64_t bars = 0;
    double high = 0, lots = 0, mean = 0;
    for (const BarTable& table : tables) {
      bars += table.rows();
      for (const double value : table.column[static_cast<int>(BarColumn::high)]) high += value * kTickSize;
      for (const double value : table.column[static_cast<int>(BarColumn::volume)]) lots += value;
      for (const double value : table.column[static_cast<int>(BarColumn::vwap)]) mean += value * kTickSize;
    }
    std::printf(
        "{\"bench\":\"bars\",\"kind\":\"%s\",\"threads\":%d,\"ticks\":%.0f,\"ticks_per_s\":%.4g,"
        "\"share_of_read\":%.3g,\"checksum\":[%lld,%.12g,%.12g,%.12g]}\n",
        kind, threads, rows, rows / median(times), rows / median(times) / limit, static_cast<long long>(bars), high,
        lots, mean);
  }

  std::vector<int64_t> found(work.trade_ts.size());
  const Joined one = join(work, 1, found), many = join(work, threads, found);
  if (one.lots != many.lots || one.moved != many.moved || one.rows != many.rows) return 70;
  std::vector<double> joining, finding, times;
  for (int round = 0; round < kRounds; ++round) {
    joining.push_back(seconds_of(threads, [&] { sink += join(work, threads, found).lots; }));
    finding.push_back(seconds_of(threads, [&] { as_of(work.trade_ts, work.ts, found, AsOf::inclusive, threads); }));
    times.push_back(seconds_of(threads, [&] {
      for (const int64_t time : work.ts) sink += time;
    }));
  }
  std::printf(
      "{\"bench\":\"as_of\",\"threads\":%d,\"left\":%zu,\"right\":%.0f,\"right_per_s\":%.4g,"
      "\"rows_alone_per_s\":%.4g,\"read_per_s\":%.4g,\"read_times_per_s\":%.4g,\"checksum\":[%lld,%.12g,%lld]}\n",
      threads, work.trade_ts.size(), rows, rows / median(joining), rows / median(finding), limit, rows / median(times),
      static_cast<long long>(one.rows), static_cast<double>(one.moved) * kTickSize, static_cast<long long>(one.lots));
  if (sink == 42) std::puts("");
  return 0;
}
