// A multiset of doubles in sorted blocks: for windows that move a few rows at a time.
#pragma once
#include <cstdint>
#include <vector>

namespace tf::series {

/// No NaN, no -0. Adding and taking out cost O(log n) comparisons and a move within one block, the questions
/// O(n / kBlock).
class SortedBlocks {
 public:
  void clear();
  /// Replaces what is held; sorts `values`.
  void assign(std::vector<double>& values);
  void add(double value);
  /// `value` must be held.
  void take_out(double value);
  /// The place-th smallest, from 0; place < the number held.
  double at(int64_t place) const;
  int64_t below(double value) const;
  int64_t not_above(double value) const;

 private:
  static constexpr int64_t kBlock = 256;

  int64_t block_of(double value) const;
  void split(int64_t block);

  std::vector<double> store_;  ///< slot s is store_[s * kBlock ...]
  std::vector<double> last_;   ///< greatest value of each block, in order
  std::vector<int32_t> size_, slot_;
  std::vector<int32_t> free_;
};

}  // namespace tf::series
