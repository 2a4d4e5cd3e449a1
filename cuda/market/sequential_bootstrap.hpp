// Sequential bootstrap: draws labels with replacement, those that overlap what was drawn before less often.
// Lopez de Prado, Advances in Financial ML, section 4.5.
#pragma once
#include <cstdint>
#include <span>
#include <vector>

#include "cuda/base/philox.hpp"

namespace tf::market {

/// After drawing labels that cover bar t c_t times, label i comes next with a probability in proportion to the mean of
/// 1 / (1 + c_t) over its bars. 1 / (1 + c) is kept as a whole number of 2^-44, so that sums neither drift nor depend
/// on the order of draws: the same draws in any order leave the same probabilities, to the bit.
///
/// A draw of label j changes c over j's bars, hence the labels that share a bar with j: each of them takes one
/// difference of a running sum over j, and a tree of weights is brought up to date. With l bars in j and k labels over
/// them that is O(l + k + log n) where they lie side by side; n draws of n labels of one horizon h cost O(n (h + log
/// n)), not the O(n^3) of the book. One label far longer than the others makes the search for the k labels slower: they
/// are found by start.
class SequentialBootstrap {
 public:
  /// Label i covers the bars [first[i], end[i]), first ascending; an empty label is never drawn. At least one must not
  /// be empty; at most 2^19 bars in a label.
  SequentialBootstrap(std::span<const int64_t> first, std::span<const int64_t> end);
  /// That the next draw is this label.
  double probability(int64_t label) const;
  /// The label under `uniform` in [0, 1) of the total weight; it is not yet drawn.
  int64_t at(double uniform) const;
  /// Counts it as drawn.
  void draw(int64_t label);

 private:
  void set(std::size_t label);

  std::vector<int64_t> first_, end_;
  std::vector<int64_t> reach_;  ///< largest end of the labels up to this one
  std::vector<int64_t> share_;  ///< by bar: 2^44 / (1 + c)
  std::vector<int32_t> drawn_;  ///< by bar: c
  std::vector<int64_t> sum_;    ///< by label: of share_ over its bars
  std::size_t leaves_ = 1;
  std::vector<double> tree_;  ///< node n has the children 2n and 2n+1; leaf leaves_ + label: the label's weight
  std::vector<int64_t> moved_;
};

/// `draws` labels, in the order drawn; draw d uses step d of the stream.
std::vector<int64_t> sequential_bootstrap(std::span<const int64_t> first, std::span<const int64_t> end, int64_t draws,
                                          const RandomStream& random);

}  // namespace tf::market
