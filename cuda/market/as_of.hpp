// As-of join: for each time the latest row of a sorted column that was known by then.
#pragma once
#include <cstdint>
#include <span>

namespace tf::market {

/// Is a row of the very same time known?
enum class AsOf {
  inclusive,  ///< right <= left
  strict,     ///< right < left: the order of equal times is left open
};

/// row[k] = the last row of `right` at or before (strict: before) left[k], -1 where there is none. Both columns
/// ascending, equal times allowed; `row` as long as `left`. Uses up to `threads` threads, with the same result.
void as_of(std::span<const int64_t> left, std::span<const int64_t> right, std::span<int64_t> row,
           AsOf ties = AsOf::inclusive, int threads = 1);

}  // namespace tf::market
