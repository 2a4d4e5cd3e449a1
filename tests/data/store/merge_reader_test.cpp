#include <doctest/doctest.h>

#include <algorithm>

#include "data/store/ring_reader.hpp"
#include "made_days.hpp"

using namespace tf;
using namespace tf::data;

namespace {

using Clock = MergeReader::Clock;

struct Row {
  std::size_t instrument;
  Tick tick;
  bool operator==(const Row&) const = default;
};

/// A store of several instruments, and the ticks that were put into each.
struct Market {
  made::Folder folder;
  TickStore store = TickStore::open(folder.path() + "/store", true);
  std::vector<std::pair<std::string, std::vector<Day>>> days;
  std::vector<std::vector<Tick>> ticks;

  void add(const std::vector<std::vector<Tick>>& by_day) {
    Instrument instrument = made::instrument();
    instrument.symbol = "S" + std::to_string(days.size());
    store.add_instrument(instrument);
    days.push_back({instrument.id(), {}});
    ticks.emplace_back();
    Day day = made::kDay;
    for (const std::vector<Tick>& part : by_day) {
      if (!part.empty()) {
        const auto writer = store.write_day(instrument.id(), day);
        writer->append(part);
        writer->commit({});
        days.back().second.push_back(day);
        ticks.back().insert(ticks.back().end(), part.begin(), part.end());
      }
      day = day + 1;
    }
  }

  /// Every row by (largest time of its instrument so far, instrument), stable.
  std::vector<Row> expected(Clock clock) const {
    std::vector<std::pair<int64_t, Row>> rows;
    for (std::size_t instrument = 0; instrument < ticks.size(); ++instrument) {
      int64_t latest = INT64_MIN;
      for (const Tick& tick : ticks[instrument]) {
        latest = std::max(latest, clock == Clock::local ? tick.local_ts : tick.exch_ts);
        rows.push_back({latest, {instrument, tick}});
      }
    }
    std::stable_sort(rows.begin(), rows.end(), [](const auto& a, const auto& b) {
      return std::pair(a.first, a.second.instrument) < std::pair(b.first, b.second.instrument);
    });
    std::vector<Row> sorted;
    for (const auto& [time, row] : rows) sorted.push_back(row);
    return sorted;
  }

  std::vector<Row> merged(Clock clock, const ReadOptions& options = {}) const {
    std::vector<Row> rows;
    const auto reader = store.merge(days, clock, options);
    std::size_t last = SIZE_MAX, last_size = 0;
    Day last_day{};
    while (const MergedRun* run = reader->next()) {
      CHECK(run->ticks.size() > 0);
      // Runs are as long as can be: a new one of the same instrument and day begins a new block.
      if (run->instrument == last && run->day == last_day) CHECK(last_size > 1000);
      last = run->instrument, last_day = run->day, last_size = run->ticks.size();
      for (const Tick& tick : made::rows_of(run->ticks)) rows.push_back({run->instrument, tick});
    }
    CHECK(reader->next() == nullptr);
    return rows;
  }
};

/// Times that step forward, stand still and go back, over few values so that ties abound.
std::vector<Tick> steps(std::size_t rows, unsigned seed, int64_t span) {
  std::mt19937_64 random(seed);
  std::vector<Tick> made(rows);
  int64_t time = made::kDay.start_ns() + static_cast<int64_t>(random() % 5);
  for (std::size_t row = 0; row < rows; ++row) {
    Tick& tick = made[row];
    time += static_cast<int64_t>(random() % static_cast<uint64_t>(span)) - span / 3;
    tick.exch_ts = time;
    tick.local_ts = time + static_cast<int64_t>(random() % 4) - 1;
    tick.px = static_cast<int64_t>(seed);
    tick.qty = static_cast<int64_t>(row);
    tick.flags = 1;
  }
  return made;
}

}  // namespace

TEST_CASE("a merge yields every row in the order of the clock, ties by instrument, going back as the largest so far") {
  for (unsigned seed = 0; seed < 40; ++seed) {
    CAPTURE(seed);
    std::mt19937_64 random(seed);
    Market market;
    const std::size_t instruments = 1 + seed % 6;
    for (std::size_t instrument = 0; instrument < instruments; ++instrument) {
      std::vector<std::vector<Tick>> by_day;
      for (unsigned day = 0; day < 3; ++day)
        by_day.push_back(steps(random() % 60, unsigned(random()), 2 + int64_t(random() % 9)));
      market.add(by_day);
    }
    for (const Clock clock : {Clock::exchange, Clock::local}) {
      CHECK(market.merged(clock) == market.expected(clock));
      ReadOptions inline_only;
      inline_only.decode_threads = 0;
      CHECK(market.merged(clock, inline_only) == market.expected(clock));
    }
  }
}

TEST_CASE("merged days of many chunks, extreme times and no instruments at all") {
  Market market;
  CHECK(market.store.merge({}, Clock::exchange)->next() == nullptr);
  market.add({made::ticks(600'000, {true, false}, 1)});
  market.add({made::ticks(300'000, {true, false}, 2)});
  market.add({{}});
  market.add({{Tick{INT64_MIN, INT64_MAX, 1, 1, 0, 1}, Tick{INT64_MAX, INT64_MIN, 1, 1, 0, 1}}});
  for (const Clock clock : {Clock::exchange, Clock::local}) CHECK(market.merged(clock) == market.expected(clock));
}

TEST_CASE("the clock of a merge need not be a column asked for") {
  Market market;
  market.add({steps(50, 1, 5)});
  market.add({steps(50, 2, 5)});
  ReadOptions options;
  options.columns = static_cast<uint32_t>(Column::qty);
  const auto reader = market.store.merge(market.days, Clock::local, options);
  const std::vector<Row> expected = market.expected(Clock::local);
  std::size_t row = 0;
  bool equal = true;
  while (const MergedRun* run = reader->next()) {
    CHECK(run->ticks.local_ts.empty());
    CHECK(run->ticks.px.empty());
    for (const int64_t qty : run->ticks.qty) equal &= qty == expected[row++].tick.qty;
  }
  CHECK(equal);
  CHECK(row == expected.size());
}

TEST_CASE("a merge stops at damage, and stops again") {
  Market market;
  market.add({steps(50, 1, 5), steps(50, 3, 5)});
  market.add({steps(50, 2, 5)});
  const std::string path = market.store.day_path(market.days[0].first, made::kDay + 1);
  made::put_bytes(path, made::bytes_of(path).substr(0, 700));
  const auto reader = market.store.merge(market.days, Clock::exchange);
  const auto drain = [&] {
    while (reader->next()) {}
  };
  const std::string error = made::error_of(drain);
  CHECK(error.find(path) != std::string::npos);
  CHECK(made::error_of(drain) == error);
}
