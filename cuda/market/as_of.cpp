#include "cuda/market/as_of.hpp"

#include <algorithm>

#include "cuda/base/error.hpp"
#include "cuda/base/parallel.hpp"
#include "cuda/market/bar_kernels.hpp"

namespace tf::market {

void as_of(std::span<const int64_t> left, std::span<const int64_t> right, std::span<int64_t> row, AsOf ties,
           int threads) {
  expect(row.size() == left.size(), "a row for each time");
  // right < t is right <= t - 1; nothing is before the first time there is.
  const int64_t earlier = ties == AsOf::strict ? 1 : 0;
  const auto count = static_cast<int64_t>(left.size()), rights = static_cast<int64_t>(right.size());
  const int64_t parts = std::clamp<int64_t>(count / 65'536, 1, std::max(1, threads));
  parallel_for(threads, parts, [&](int64_t part) {
    const int64_t first = count * part / parts, end = count * (part + 1) / parts;
    bar_kernels().as_of(left.data() + first, end - first, right.data(), rights, earlier, row.data() + first);
  });
}

}  // namespace tf::market
