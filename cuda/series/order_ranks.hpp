// Values of a stretch of rows as dense ranks: 0 for the least, equal values equal, NaN with +inf at the end.
#pragma once
#include <cstdint>
#include <vector>

namespace tf::series {

class DenseRanks {
 public:
  /// ranks[at] for at in [0, count), count < 2^31; returns how many ranks there are. By least-significant-digit radix
  /// sort of the leading bits of the values' range beside their places, then a comparison of what those bits leave
  /// equal: O(count) for values of any spread but the most clustered, O(count log count) for all.
  int64_t rank(const double* values, int64_t count, int32_t* ranks);
  /// first_at()[rank] = the first place that holds a value of that rank.
  const int32_t* first_at() const { return first_at_.data(); }

 private:
  std::vector<uint64_t> keys_, records_, spare_;
  std::vector<int32_t> first_at_;
};

}  // namespace tf::series
