// Judging ticks: the same counts by the same rules for every source (TICK_FORMATS section 4). Nothing is changed or
// dropped.
#pragma once
#include <map>
#include <span>
#include <vector>

#include "cuda/base/market.hpp"
#include "data/quality.hpp"

namespace tf::data {

/// Counts one day's ticks in one pass.
class QualityMeter {
 public:
  QualityMeter() : near_spreads_(kNear) {}
  void add(std::span<const Tick> ticks);
  QualityCounts counts() const;

 private:
  void end_quote();
  double median_spread() const;

  static constexpr int64_t kNear = 4096;  // spreads 0..4095 ticks are counted in a table, the others in a map

  QualityCounts counts_;
  bool has_bid_ = false, has_ask_ = false, quoted_ = false, event_open_ = false;
  int64_t bid_ = 0, ask_ = 0;
  int64_t last_event_ts_ = 0, last_local_ts_ = 0, last_ts_ = 0;
  int64_t spreads_ = 0;
  std::vector<int64_t> near_spreads_;
  std::map<int64_t, int64_t> far_spreads_;
};

}  // namespace tf::data
