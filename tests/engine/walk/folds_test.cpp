#include "engine/walk/folds.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <limits>

#include "cuda/base/error.hpp"
#include "cuda/base/philox.hpp"

using namespace tf;
using namespace tf::walk;

namespace {

std::vector<int32_t> range(int from, int to) {
  std::vector<int32_t> rows;
  for (int row = from; row < to; ++row) rows.push_back(row);
  return rows;
}

/// Row i looks at [i, i + horizon]: the unit is one row.
std::vector<Interval> intervals(int rows, int horizon) {
  std::vector<Interval> all;
  for (int row = 0; row < rows; ++row) all.push_back({row, row + horizon});
  return all;
}

std::vector<int64_t> starts(int rows) {
  std::vector<int64_t> t0;
  for (int row = 0; row < rows; ++row) t0.push_back(row);
  return t0;
}

/// Days of `bars` bars a minute long from 08:00 on, with labels of `horizon` bars.
struct Days {
  features::Table table;
  market::LabelTable labels;
  std::vector<int32_t> ready;

  Days(int days, int bars, int horizon) {
    for (int day = 0; day < days; ++day) {
      table.days.push_back({Day{day}, int64_t{day} * bars, bars, 0, ""});
      for (int bar = 0; bar < bars; ++bar) {
        const int64_t open = Day{day}.start_ns() + 8 * kHour + bar * kMinute;
        table.bars.open_ts.push_back(open);
        table.bars.known_ts.push_back(open + kMinute);
        labels.t0.push_back(open + kMinute);
        labels.t1.push_back(Day{day}.start_ns() + 8 * kHour + std::min(bar + 1 + horizon, bars) * kMinute);
        if (bar >= 5 && bar + horizon < bars) ready.push_back(static_cast<int32_t>(table.bars.known_ts.size() - 1));
      }
    }
  }
};

}  // namespace

TEST_CASE("purge and embargo keep the rows of the published example") {
  const auto rows = starts(20);
  // n = 20, horizon 3, test 8..11: 5, 6 and 7 reach into the test, 12..14 start inside the last test label.
  std::vector<int32_t> outside = range(0, 8), after = range(12, 20);
  outside.insert(outside.end(), after.begin(), after.end());
  auto expected = range(0, 5);
  const auto tail = range(15, 20);
  expected.insert(expected.end(), tail.begin(), tail.end());
  CHECK(purge(outside, range(8, 12), intervals(20, 3), rows, 0) == expected);
  // Embargo 2: 15 and 16 go too.
  expected = range(0, 5);
  for (int row = 17; row < 20; ++row) expected.push_back(row);
  CHECK(purge(outside, range(8, 12), intervals(20, 3), rows, 2) == expected);
  // With a gap before, the last row that ends within 2 of the test goes: 3 and 4 end at 6 and 7.
  CHECK(purge(range(0, 8), range(8, 12), intervals(20, 3), rows, 2, true) == range(0, 3));
  CHECK(purge(range(0, 3), {}, intervals(20, 3), rows, 2, true) == range(0, 3));
}

TEST_CASE("no kept training interval intersects the test, for random intervals") {
  const RandomStream random{3, Purpose::test, 0};
  uint64_t step = 0;
  for (int round = 0; round < 3000; ++round) {
    const int rows = 40;
    std::vector<Interval> all;
    std::vector<int64_t> t0;
    for (int row = 0; row < rows; ++row) {
      t0.push_back(row * 3);
      all.push_back({row * 3 - int64_t{random.below(step, 10)}, row * 3 + int64_t{random.below(step + 1, 20)}});
      step += 2;
    }
    const int from = static_cast<int>(random.below(step++, 30)),
              to = from + 1 + static_cast<int>(random.below(step++, 9));
    const int64_t embargo = random.below(step++, 8);
    std::vector<int32_t> train = range(0, from);
    for (int row = to; row < rows; ++row) train.push_back(row);
    int64_t begin = std::numeric_limits<int64_t>::max(), end = std::numeric_limits<int64_t>::min();
    for (int row = from; row < to; ++row) begin = std::min(begin, all[row].begin), end = std::max(end, all[row].end);
    const auto kept = purge(train, range(from, to), all, t0, embargo);
    for (const int32_t row : train) {
      const bool meets = all[row].begin <= end && all[row].end >= begin;
      const bool embargoed = t0[row] > end && t0[row] <= end + embargo;
      CHECK(std::binary_search(kept.begin(), kept.end(), row) == (!meets && !embargoed));
    }
  }
}

TEST_CASE("folds roll or expand by trading days, test every later day once, and train on mature labels only") {
  const Days market(12, 60, 4);
  for (const char* scheme : {"rolling", "expanding"}) {
    FoldSpec spec;
    spec.scheme = scheme;
    spec.train_days = 5;
    spec.test_days = 2;
    const Plan plan = plan_folds(market.table, market.labels, market.ready, 5, features::Carry::day, spec);
    REQUIRE(plan.folds.size() == 4);
    std::vector<int32_t> tested;
    for (const Fold& fold : plan.folds) {
      tested.insert(tested.end(), fold.test_days.begin(), fold.test_days.end());
      REQUIRE(!fold.train.empty());
      REQUIRE(!fold.valid.empty());
      const int64_t test_start = market.table.bars.open_ts[market.table.days[fold.test_days.front()].first];
      for (const auto* rows : {&fold.train, &fold.valid})
        for (const int32_t row : *rows) CHECK(market.labels.t1[row] < test_start);
      // Between training and its early-stopping tail nothing overlaps either, and the embargo lies free.
      int64_t train_end = 0;
      for (const int32_t row : fold.train) train_end = std::max(train_end, market.labels.t1[row]);
      const int64_t valid_begin = market.table.bars.open_ts[fold.valid.front() - 5];
      CHECK(train_end < valid_begin - fold.embargo_ns);
      const int first_day = fold.train.front() / 60;
      CHECK(first_day == (std::string(scheme) == "expanding" ? 0 : fold.test_days.front() - 5));
    }
    CHECK(tested == range(5, 12));
    CHECK(plan.final_fit.test_days.empty());
    CHECK(plan.final_fit.valid.back() / 60 == 11);
  }
}

TEST_CASE("lookback over days is purged when indicators remember over days") {
  // One-day test after four days; a feature that looks back 100 bars reaches into the last training day.
  const Days market(5, 60, 4);
  FoldSpec spec;
  spec.train_days = 4;
  spec.test_days = 1;
  spec.validation_share = 0;
  spec.embargo_minutes = 0;
  const Plan by_day = plan_folds(market.table, market.labels, market.ready, 100, features::Carry::day, spec);
  const Plan history = plan_folds(market.table, market.labels, market.ready, 100, features::Carry::history, spec);
  CHECK(by_day.folds[0].purged == 0);
  CHECK(history.folds[0].purged > 50);
}

TEST_CASE("too few days are refused, saying how many are needed") {
  const Days market(3, 60, 4);
  FoldSpec spec;
  spec.train_days = 3;
  try {
    plan_folds(market.table, market.labels, market.ready, 5, features::Carry::day, spec);
    FAIL("accepted");
  } catch (const Error& error) {
    CHECK(error.kind() == ErrorKind::bad_data);
    CHECK(std::string(error.what()).find("at least 4") != std::string::npos);
  }
}
