// Whole runs of one indicator as launches: the GPU's way, which the CPU can walk too, item by item, to the same bits.
#pragma once
#include <memory>
#include <span>
#include <vector>

#include "cuda/series/instance_set.hpp"

namespace tf::series {

/// out[row][set] of one output of a recurrence or window; columns go to exec's device block by block, values come back.
/// `block_rows` = 0 picks blocks of about 2^24 values. Memory and `out` are the host's.
void launch_parameters(const Exec& exec, const std::vector<ResolvedInstance>& sets, const BarRows& bars, int output,
                       Panel<double> out, int64_t block_rows = 0);

/// Whether an entry has frames for a launch: all but windows that are kept as a structure, alone or in a chain.
bool can_launch(const IndicatorEntry& entry);

/// out[row][output] of a chain, stage by stage; `ticks` and `tick_ends` where its first stage reads ticks.
void launch_chain(const Exec& exec, const ResolvedInstance& instance, const BarRows& bars, const TickRows& ticks,
                  const int64_t* tick_ends, Panel<double> out);

/// out[bar][output] of a tick indicator.
void launch_ticks(const Exec& exec, const ResolvedInstance& instance, const TickRows& ticks, const int64_t* tick_ends,
                  int64_t bars, Panel<double> out);

}  // namespace tf::series
