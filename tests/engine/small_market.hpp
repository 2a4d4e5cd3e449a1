// A small store for tests of the engine: quotes and trades of a few days by a counter-based walk, with sizes that lean
// before moves.
#pragma once
#include <unistd.h>

#include <filesystem>
#include <string>
#include <vector>

#include "cuda/base/philox.hpp"
#include "data/store/tick_store.hpp"

namespace tf {

/// A folder of its own, gone with its owner.
class ScratchFolder {
 public:
  ScratchFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "tickfold-test-XXXXXX").string();
    path_ = mkdtemp(name.data());
  }
  ~ScratchFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;
  std::string operator/(const std::string& name) const { return path_ + "/" + name; }

 private:
  std::string path_;
};

inline Instrument small_instrument() { return {"test", "SMALL", 0.01, 1, 1, "USD", "UTC", 0, true}; }

/// `events` quotes or trades over eight hours of the day; local clock 1 ms behind the venue's.
inline TickColumns small_day(int day_index, int events, uint64_t seed = 1) {
  const RandomStream random{seed, Purpose::test, static_cast<uint32_t>(day_index)};
  TickColumns ticks;
  int64_t mid = 10000 + day_index * 7;
  const int64_t start = Day{19800 + day_index}.start_ns() + 8 * kHour, step = 8 * kHour / events;
  double lean = 0;
  for (int event = 0; event < events; ++event) {
    const auto at = static_cast<uint64_t>(event) * 4;
    if (event % 40 == 0) {
      mid += lean > 0.2 ? 2 : lean < -0.2 ? -2 : 0;
      lean = 2 * random.uniform(at) - 1;
    }
    mid += static_cast<int64_t>(random.below(at + 1, 3)) - 1;
    const int64_t time = start + event * step;
    const uint32_t side = random.uniform(at + 2) < 0.5 + 0.4 * lean ? kFlagBuy : kFlagSell;
    const auto size = static_cast<int64_t>(50 + 40 * lean);
    if (random.below(at + 3, 4) == 0) {
      ticks.push({time, time + 1'000'000, side == kFlagBuy ? mid + 1 : mid, 5, 0,
                  static_cast<uint32_t>(TickKind::trade) | side | kFlagLast});
    } else {
      ticks.push({time, time + 1'000'000, mid, size, 0, static_cast<uint32_t>(TickKind::best_bid)});
      ticks.push(
          {time, time + 1'000'000, mid + 1, 100 - size, 0, static_cast<uint32_t>(TickKind::best_ask) | kFlagLast});
    }
  }
  return ticks;
}

inline std::vector<Tick> rows_of(const TickColumns& ticks) {
  std::vector<Tick> rows;
  for (std::size_t row = 0; row < ticks.size(); ++row) rows.push_back(ticks.span()[row]);
  return rows;
}

/// A store with `days` days of small_day in `root`.
inline data::TickStore small_store(const std::string& root, int days, int events, uint64_t seed = 1) {
  const data::TickStore store = data::TickStore::open(root, true);
  store.add_instrument(small_instrument());
  for (int day = 0; day < days; ++day) {
    const auto writer = store.write_day(small_instrument().id(), Day{19800 + day});
    writer->append(rows_of(small_day(day, events, seed)));
    writer->commit({});
  }
  return store;
}

/// The resolved text of a walk's config on that store.
inline std::string small_config(const std::string& folder, const std::string& extra = "") {
  return "[paths]\nstore = \"" + folder + "/store\"\nruns = \"" + folder + "/runs\"\nregistry = \"" + folder +
         "/registry\"\n" +
         R"([data]
instrument = "test/SMALL"
[bars]
size = 60
[[features]]
name = "quote_imbalance"
[[features]]
name = "trade_flow_imbalance"
[[features]]
name = "rsi"
[[features]]
name = "realised_volatility"
period = 10
[label]
horizon_bars = 1
[[models]]
name = "linear"
[[strategies]]
name = "model_signal"
enter = [0.2, 0.6]
[train]
epochs = 4
[folds]
train_days = 3
test_days = 1
[gate]
min_periods = 2
min_trades = 1
)" + extra;
}

}  // namespace tf
