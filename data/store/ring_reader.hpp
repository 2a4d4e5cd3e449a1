// TickReader over day files: threads of its own decode chunks ahead into a bounded ring of buffers; with no threads,
// next() decodes one chunk, or a piece of one, at a time.
#pragma once
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "data/store/tick_store.hpp"

namespace tf::data {

/// Days with their paths, in the order to read.
std::unique_ptr<TickReader> read_days(const std::string& instrument, std::vector<std::pair<Day, std::string>> days,
                                      const ReadOptions& options);

}  // namespace tf::data
