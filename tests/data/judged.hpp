// Ticks made by hand through the judge, in batches of any size.
#pragma once
#include <map>
#include <vector>

#include "data/judge.hpp"

namespace judged {

inline constexpr uint32_t kTrade = static_cast<uint32_t>(tf::TickKind::trade);
inline constexpr uint32_t kBid = static_cast<uint32_t>(tf::TickKind::best_bid);
inline constexpr uint32_t kAsk = static_cast<uint32_t>(tf::TickKind::best_ask);
inline constexpr uint32_t kDepth = static_cast<uint32_t>(tf::TickKind::depth_bid);
inline constexpr uint32_t kEnd = tf::kFlagLast | tf::data::kRowEnd;
inline constexpr int64_t kNoon = 1'704'196'800 * tf::kSecond;  // 2024-01-02 12:00 UTC, a Tuesday

inline tf::Instrument instrument() {
  tf::Instrument made;
  made.venue = "test";
  made.symbol = "MADE";
  made.tick_size = made.lot_size = 1;
  return made;
}

/// One row: a trade `ms` after noon.
inline tf::Tick trade(int64_t ms, int64_t px = 100, int64_t qty = 1, uint32_t flags = 0) {
  const int64_t ts = kNoon + ms * 1'000'000;
  return {ts, ts, px, qty, 0, kTrade | kEnd | flags};
}
/// One row: a quote of both sides.
inline std::vector<tf::Tick> quote(int64_t ms, int64_t bid, int64_t ask) {
  const int64_t ts = kNoon + ms * 1'000'000;
  return {{ts, ts, bid, 1, 0, kBid}, {ts, ts, ask, 1, 0, kAsk | kEnd}};
}

struct Result {
  std::vector<tf::Tick> ticks;  ///< kept, in order of judging, whatever their day
  std::map<tf::Day, std::vector<tf::Tick>> days;
  std::map<tf::Day, tf::data::QualityCounts> quality;
  std::map<std::string, tf::data::Refusal> refused, noted;
  int64_t rows = 0, rows_stored = 0;
  int64_t rows_refused() const {
    int64_t sum = 0;
    for (const auto& [reason, refusal] : refused) sum += refusal.rows;
    return sum;
  }
  bool consistent() const { return rows == rows_stored + rows_refused(); }
  int64_t refused_for(const char* reason) const {
    const auto found = refused.find(reason);
    return found == refused.end() ? 0 : found->second.rows;
  }
  std::vector<int64_t> prices() const {
    std::vector<int64_t> all;
    for (const tf::Tick& tick : ticks) all.push_back(tick.px);
    return all;
  }
};

inline Result judge(const std::vector<tf::Tick>& input, const tf::data::IngestPolicy& policy, std::size_t batch = 1000,
                    const tf::Instrument& of = instrument()) {
  tf::data::Judge judge(policy, of, {"input.csv"});
  Result result;
  for (const tf::Tick& tick : input) result.rows += tick.flags >> 31;
  std::vector<tf::Tick> ticks;
  std::vector<tf::data::JudgeStep> steps;
  const auto gather = [&] {
    for (const tf::data::JudgeStep& step : steps) {
      if (step.closed) {
        result.rows_stored += step.closed->rows;
        result.quality[step.day] = step.closed->quality;
        continue;
      }
      const auto part = std::span(ticks).subspan(step.first, step.count);
      result.ticks.insert(result.ticks.end(), part.begin(), part.end());
      auto& day = result.days[step.day];
      day.insert(day.end(), part.begin(), part.end());
    }
    steps.clear();
  };
  for (std::size_t from = 0; from < input.size(); from += batch) {
    const std::size_t count = std::min(batch, input.size() - from);
    ticks.assign(input.begin() + static_cast<std::ptrdiff_t>(from),
                 input.begin() + static_cast<std::ptrdiff_t>(from + count));
    judge.take(ticks, count, 0, 0, steps);
    gather();
  }
  judge.finish(ticks, steps);
  gather();
  result.refused = judge.refused();
  result.noted = judge.noted();
  return result;
}

}  // namespace judged
