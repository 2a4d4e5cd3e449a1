// Values of a stretch of rows as ranks; NaN stands with +inf at the end, -0 is +0.
#pragma once
#include <cstdint>
#include <vector>

namespace tf::series {

class StretchRanks {
 public:
  /// ranks[at] for at in [0, count), count < 2^31: a rank a place, equal values in the order of their places. By
  /// least-significant-digit radix sort of the leading bits of the values' range beside their places, then a comparison
  /// of what those bits leave equal: O(count) for values of any spread but the most clustered, O(count log count) for
  /// all.
  void rank(const double* values, int64_t count, int32_t* ranks);
  /// The low 32 bits of place_of()[rank] are the place of that rank.
  const uint64_t* place_of() const { return records_.data(); }
  /// The same with equal values of equal rank: 0, 1, ... without gaps; returns how many there are.
  int64_t rank_values(const double* values, int64_t count, int32_t* ranks);

 private:
  void sort(const double* values, int64_t count);

  std::vector<uint64_t> keys_, records_, spare_;
};

}  // namespace tf::series
