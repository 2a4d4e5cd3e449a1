// How the encoder of `packed` chooses: what a series would cost in a mode, to the byte.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>

#include "data/store/packed_block.hpp"

namespace tf::data::packed {

/// Where the packed residuals of a plan lie when a block has exceptions.
enum class Window : uint8_t { low, middle };  ///< just above the lowest steps; around the median

struct Plan {
  uint8_t lag_code = 0;
  bool runs = false;
  Window window = Window::low;
};
inline constexpr int kPlans = 2 * kLagCodes * 2;
/// Plans in a fixed order, all there are.
constexpr Plan plan_of(int index) {
  return {static_cast<uint8_t>(index / 2 % kLagCodes), index / (2 * kLagCodes) != 0,
          index % 2 ? Window::middle : Window::low};
}

/// A block as it is to be encoded: its rows and, if that was asked for, its runs.
struct BlockSeries {
  std::size_t rows = 0, runs = 0;
  Runs bitmap_kind = kNoRuns;
  alignas(64) int64_t k[kPackedBlock + 1];  ///< find_runs() sets one past the rows
  alignas(64) int64_t distinct[kPackedBlock];
  alignas(64) uint8_t bitmap[kPackedBlock / 8];

  /// Fills distinct, bitmap and bitmap_kind.
  void find_runs();
  const int64_t* values(bool of_runs) const { return of_runs ? distinct : k; }
  std::size_t size(bool of_runs) const { return of_runs ? runs : rows; }
};

/// A choice for one block.
struct Choice {
  Plan plan;
  int bits = 0;
  bool wide = false, exceptions = false;
  int64_t low = 0;    ///< the smallest packed step
  int64_t least = 0;  ///< the smallest step
  std::size_t high_bytes = 0;
  std::size_t bytes = 0;  ///< that the block will take, at most
};

/// Differences at a lag (lag 0: the values themselves) of values `lag` and later, their least and greatest.
struct Steps {
  alignas(64) int64_t at[kPackedBlock];
  std::size_t first = 0, size = 0;  ///< steps are at[first, size)
  int64_t least = 0, greatest = 0;

  void find(const Kernels& kernels, const int64_t* values, std::size_t count, int lag);
};

/// What the block takes in this plan, at best with and without exceptions.
Choice cost_of(const Kernels& kernels, const BlockSeries& block, Plan plan, const Steps& steps);

/// Bytes that a two's complement integer takes; 0 takes none.
std::size_t signed_bytes(int64_t value);
std::size_t unsigned_bytes(uint64_t value);

}  // namespace tf::data::packed
