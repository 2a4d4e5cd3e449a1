// Judging ticks: the same counts by the same rules for every source (TICK_FORMATS section 4). Nothing is changed or
// dropped.
#pragma once
#include <array>
#include <map>
#include <span>
#include <vector>

#include "cuda/base/market.hpp"
#include "data/quality.hpp"
#include "data/sessions.hpp"

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
  void start_event(int64_t ts);
  void end_event();
  void end_quote();
  void note_gap(int64_t before, int64_t gap);
  double median_spread() const;

  static constexpr int64_t kNear = 4096;  // spreads 0..4095 ticks are counted in a table, the others in a map
  static constexpr std::size_t kSeen = 2048, kProbes = 16;

  QualityCounts counts_;
  Sessions sessions_;
  int64_t max_gap_ns_;
  bool has_bid_ = false, has_ask_ = false, quoted_ = false, event_open_ = false;
  int64_t bid_ = 0, ask_ = 0;
  int64_t last_event_ts_ = 0, last_local_ts_ = 0, last_ts_ = 0;
  int64_t spreads_ = 0;
  std::vector<int64_t> near_spreads_;
  std::map<int64_t, int64_t> far_spreads_;

  // Hashes of the events of the current time: a slot counts when it carries the current generation.
  struct Seen {
    uint64_t hash = 0;
    uint64_t generation = 0;
  };
  std::vector<Seen> seen_;
  uint64_t generation_ = 1, event_hash_ = 0;
};

}  // namespace tf::data
