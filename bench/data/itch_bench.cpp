// itch50 on a made day of 20 million messages of 8,000 stocks: one stock is taken, the others passed over; and on a day
// of one stock alone, every message of which counts. Prints one JSON line a measurement; verifies the counts first.
//   build/release/bench_data_itch [FOLDER for the made files, about 0.8 GB]
#include <unistd.h>
#include <zlib.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "data/sources/parse/open.hpp"

namespace {

using namespace tf;

constexpr int kStocks = 8000;
constexpr int64_t kManyStocks = 20'000'000, kOneStock = 4'000'000;
constexpr int kRounds = 3;

struct Close {
  void operator()(std::FILE* file) const { std::fclose(file); }
};

/// Messages in a mix near that of a real day: 45 % add, 35 % delete, 9 % replace, 5 % executed, 3 % cancel, 3 % hidden.
class Day {
 public:
  explicit Day(int stocks) : live_(static_cast<std::size_t>(stocks)) {}
  struct Made {
    int64_t messages = 0, of_first = 0;
  };

  Made write(const std::string& path, int64_t messages) {
    const std::unique_ptr<std::FILE, Close> file(std::fopen(path.c_str(), "wb"));
    std::string bytes;
    Made made;
    for (std::size_t stock = 0; stock < live_.size(); ++stock) {
      directory(bytes, stock);
      ++made.messages;
    }
    made.of_first = 1;
    while (made.messages < messages) {
      // The first stock gets 2 % of the flow where there are many.
      const std::size_t stock = next() % 50 == 0 ? 0 : next() % live_.size();
      message(bytes, stock);
      ++made.messages;
      made.of_first += stock == 0;
      if (bytes.size() > (std::size_t{1} << 20)) {
        std::fwrite(bytes.data(), 1, bytes.size(), file.get());
        bytes.clear();
      }
    }
    std::fwrite(bytes.data(), 1, bytes.size(), file.get());
    return made;
  }

 private:
  uint32_t next() {
    state_ = state_ * 6364136223846793005u + 1442695040888963407u;
    return static_cast<uint32_t>(state_ >> 33);
  }
  static void put(std::string& out, uint64_t value, int bytes) {
    for (int place = bytes - 1; place >= 0; --place) out += static_cast<char>(value >> (8 * place) & 0xFF);
  }
  void head(std::string& out, char type, int length, std::size_t stock) {
    put(out, static_cast<uint64_t>(length), 2);
    out += type;
    put(out, stock + 1, 2);
    put(out, 0, 2);
    put(out, static_cast<uint64_t>(time_ += 900), 6);
  }
  static std::string name(std::size_t stock) {
    std::string text = "S" + std::to_string(stock);
    text.resize(8, ' ');
    return text;
  }
  void directory(std::string& out, std::size_t stock) {
    head(out, 'R', 39, stock);
    out += name(stock);
    out.append(20, ' ');
  }
  uint64_t price(bool bid) { return 1'000'000 + (bid ? 0 : 2000) - (next() % 20) * 100; }
  void message(std::string& out, std::size_t stock) {
    std::vector<std::pair<uint64_t, bool>>& live = live_[stock];
    const uint32_t dice = next() % 100;
    if (live.empty() || dice < 45) {
      const bool bid = next() % 2;
      head(out, 'A', 36, stock);
      put(out, ++reference_, 8);
      out += bid ? 'B' : 'S';
      put(out, 100 * (1 + next() % 9), 4);
      out += name(stock);
      put(out, price(bid), 4);
      live.emplace_back(reference_, bid);
      return;
    }
    const std::size_t which = next() % live.size();
    const auto [id, bid] = live[which];
    const bool gone = dice < 80;
    if (gone) {
      head(out, 'D', 19, stock);
      put(out, id, 8);
    } else if (dice < 89) {
      head(out, 'U', 35, stock);
      put(out, id, 8);
      put(out, ++reference_, 8);
      put(out, 500, 4);
      put(out, price(bid), 4);
      live[which].first = reference_;
    } else if (dice < 94) {
      head(out, 'E', 31, stock);
      put(out, id, 8);
      put(out, 1, 4);
      put(out, ++match_, 8);
    } else if (dice < 97) {
      head(out, 'X', 23, stock);
      put(out, id, 8);
      put(out, 1, 4);
    } else {
      head(out, 'P', 44, stock);
      put(out, 0, 8);
      out += 'B';
      put(out, 10, 4);
      out += name(stock);
      put(out, 1'000'500, 4);
      put(out, ++match_, 8);
    }
    if (gone) {
      live[which] = live.back();
      live.pop_back();
    }
  }

  uint64_t state_ = 7, reference_ = 0, match_ = 0;
  int64_t time_ = 34'200'000'000'000;
  std::vector<std::vector<std::pair<uint64_t, bool>>> live_;
};

struct Result {
  data::SourceCounts counts;
  double seconds = 1e9;
  std::string damage;
};

Result read(const std::string& path) {
  const auto& entry = data::find_source("itch50");
  const auto params = entry.params.make();
  Instrument instrument;
  instrument.symbol = "S0";
  instrument.tick_size = 0.01;
  instrument.lot_size = 1;
  Result best;
  std::vector<Tick> batch(1 << 16);
  for (int round = 0; round < kRounds; ++round) {
    const auto start = std::chrono::steady_clock::now();
    const auto source = entry.open({{path}, instrument}, params.get());
    while (source->next_batch(batch) > 0) continue;
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    best = {source->counts(), std::min(best.seconds, seconds), source->damage()};
  }
  return best;
}

int report(const char* what, const Day::Made& made, const std::string& path) {
  const Result result = read(path);
  int64_t refused = 0;
  for (const auto& [reason, refusal] : result.counts.refused) refused += refusal.rows;
  if (!result.damage.empty() || result.counts.rows_read != made.messages ||
      result.counts.rows_stored != made.of_first - 1 || refused + result.counts.rows_stored != made.messages) {
    std::fprintf(stderr, "bench: %s: counts differ: %lld read, %lld stored %s\n", what,
                 static_cast<long long>(result.counts.rows_read), static_cast<long long>(result.counts.rows_stored),
                 result.damage.c_str());
    return 1;
  }
  std::printf(
      "{\"bench\":\"itch\",\"case\":\"%s\",\"messages\":%lld,\"of_the_stock\":%lld,\"ticks\":%lld,"
      "\"seconds\":%.4f,\"messages_per_s\":%.0f,\"mb_per_s\":%.0f}\n",
      what, static_cast<long long>(made.messages), static_cast<long long>(made.of_first),
      static_cast<long long>(result.counts.ticks), result.seconds, static_cast<double>(made.messages) / result.seconds,
      static_cast<double>(std::filesystem::file_size(path)) / result.seconds * 1e-6);
  return 0;
}

void pack(const std::string& from, const std::string& to) {
  const std::unique_ptr<std::FILE, Close> in(std::fopen(from.c_str(), "rb"));
  gzFile out = gzopen(to.c_str(), "wb1");
  std::vector<char> bytes(1 << 20);
  while (const std::size_t count = std::fread(bytes.data(), 1, bytes.size(), in.get()))
    gzwrite(out, bytes.data(), static_cast<unsigned>(count));
  gzclose(out);
}

}  // namespace

int main(int argc, char** argv) {
  const std::filesystem::path folder = argc > 1 ? argv[1] : std::filesystem::temp_directory_path();
  const std::string name = "tickfold_bench_" + std::to_string(getpid()) + "_20190130";
  const std::string many = (folder / (name + ".itch")).string(), packed = many + ".gz",
                    one = (folder / (name + "_one.itch")).string();
  const Day::Made made_many = Day(kStocks).write(many, kManyStocks), made_one = Day(1).write(one, kOneStock);
  pack(many, packed);
  int failed = report("8000 stocks, one taken", made_many, many);
  failed += report("8000 stocks, one taken, gzip", made_many, packed);
  failed += report("one stock, all taken", made_one, one);
  for (const std::string& path : {many, packed, one}) std::filesystem::remove(path);
  return failed;
}
