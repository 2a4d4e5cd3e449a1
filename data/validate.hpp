// Judging ticks: the same counts by the same rules for every source (TICK_FORMATS section 4). Nothing is changed or
// dropped.
#pragma once
#include <array>
#include <map>
#include <span>
#include <vector>

#include "cuda/base/market.hpp"
#include "data/quality.hpp"
#include "data/store/sessions.hpp"

namespace tf::data {

/// Counts one day's ticks in one pass.
class QualityMeter {
 public:
  QualityMeter() : QualityMeter(Sessions("", ""), 0) {}
  /// Gaps above `max_gap_ns` within a session are counted; 0: none.
  QualityMeter(Sessions sessions, int64_t max_gap_ns);
  void add(std::span<const Tick> ticks);
  QualityCounts counts() const;

 private:
  // What changes with every tick: add() works on a copy, which the compiler may keep in registers.
  struct State {
    QualityCounts counts;
    bool has_bid = false, has_ask = false, quoted = false, event_open = false, repeats = false;
    int64_t bid = 0, ask = 0;
    int64_t last_ts = 0, last_local_ts = 0, last_event_ts = 0;
    uint64_t hash = 0, last_hash = 0;  // of this event and the one before
  };
  void end_event(State& state);
  void end_quote(State& state);
  bool seen(uint64_t hash);
  bool is_long_gap(int64_t before, int64_t gap);
  double median_spread() const;

  static constexpr int64_t kNear = 4096;  // spreads 0..4095 ticks are counted in a table, the others in a map
  static constexpr std::size_t kSeen = 2048, kProbes = 16;

  State state_;
  Sessions sessions_;
  int64_t max_gap_ns_;
  int64_t spreads_ = 0;
  std::vector<int64_t> near_spreads_;
  std::map<int64_t, int64_t> far_spreads_;

  // Hashes of the events of the current time: a slot counts when it carries the current generation.
  struct Seen {
    uint64_t hash = 0;
    uint64_t generation = 0;
  };
  std::vector<Seen> seen_;  // empty until a time repeats
  uint64_t generation_ = 0;
  int64_t seen_time_ = INT64_MIN;
};

}  // namespace tf::data
