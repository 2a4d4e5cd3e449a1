// How long indicators remember where their series began, found by experiment on the config's own data.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "engine/features/table.hpp"

namespace tf::features {

/// Rows after its start until a series agrees with one that began days earlier, and goes on agreeing to the end of the
/// data; the largest over all starts. -1: some start never got there.
struct WarmUp {
  std::string name;  ///< of the feature
  series::Stability stability = series::Stability::exact;
  int64_t lookback = 0;   ///< what the indicator says: NaN until then
  int64_t one_ulp = 0;    ///< within one unit in the last place
  int64_t same_bits = 0;  ///< to the bit
};

struct WarmUpStudy {
  std::vector<WarmUp> features;  ///< in the panel's order
  int64_t starts = 0;            ///< days at which a series was begun
  int64_t least_rows = 0;        ///< rows after the latest of them
  int64_t needed() const;        ///< Spec::warmup that makes every feature a function of the ticks since; -1: unknown
};

/// Begins series at up to `starts` days of the first half of `days` (not the first), with a memory that runs on over
/// the days, whatever spec.carry says. Throws Error{bad_data} for fewer than two days.
WarmUpStudy study_warm_up(const Exec& exec, const Spec& spec, const data::TickStore& store,
                          const std::string& instrument, const std::vector<data::DayInfo>& days, int starts);

}  // namespace tf::features
