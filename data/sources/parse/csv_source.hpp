// The source of csv text and of what is turned into it: blocks are read and parsed by as many threads as allowed, and
// put together in the order of the input, so that the result does not depend on their number.
#pragma once
#include <memory>

#include "data/sources/parse/csv_blocks.hpp"
#include "data/sources/parse/csv_params.hpp"
#include "data/sources/source.hpp"

namespace tf::data {

/// Throws Error{config}.
std::unique_ptr<Source> open_csv(const SourceInput& input, const CsvParams& params, OpenTextFile open);

}  // namespace tf::data
