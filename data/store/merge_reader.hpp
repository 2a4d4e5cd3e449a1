// MergeReader over TickReaders: runs of rows in the order of a clock.
#pragma once
#include <memory>
#include <vector>

#include "data/store/tick_store.hpp"

namespace tf::data {

/// One reader an instrument, by its index; each must yield local_ts when that is the clock. Columns not in `columns`
/// are left out of the runs. A run is as long as the block and the other instruments' next times let it be.
std::unique_ptr<MergeReader> merge_readers(std::vector<std::unique_ptr<TickReader>> readers, MergeReader::Clock clock,
                                           uint32_t columns);

}  // namespace tf::data
