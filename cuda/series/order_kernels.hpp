// The inner loops of OrderWindow, compiled once per CPU level.
#pragma once
#include <cstdint>
#include <vector>

#include "cuda/base/device.hpp"
#include "cuda/base/host_device.hpp"

namespace tf::series {

/// Up to here a window is kept sorted outright: its cost a row grows with the window, and still is the least.
inline constexpr int64_t kShortWindow = 64;
/// Doubles that fit one register of any level.
inline constexpr int64_t kMostLanes = 8;

/// What is asked of a window: its quantile, of which `lower` values lie below the lower rank and `part` is the way to
/// the next, or the rank of its newest value.
struct OrderQuestion {
  bool rank = false;
  int64_t lower = 0;
  double part = 0;
};

/// Values (base + bin) / scale for bin in [0, bins); exact, or the grid would not have been taken. NaN goes to bin 0.
struct Grid {
  double scale = 1, base = 0;
  int64_t bins = 0;
};

/// How many values of the window each bin holds. A bit of `bits` says whether its bin holds any; a bit of `summary`
/// whether its word of `bits` may be other than 0: it is cleared only when a walk finds the word empty. `sums` and
/// `big_sums` count 64 and 4096 bins; only ranks keep them.
struct OrderBins {
  std::vector<uint32_t> counts, sums, big_sums;
  std::vector<uint64_t> bits, summary;
  int64_t cursor = 0, below = 0;  ///< below = values in bins under the cursor
  void clear(int64_t bins);
  void clear_bits(int64_t bins);  ///< makes bits and summary ready, and nothing else
};

struct OrderKernels {
  /// Both read values[at] for at in [-(window-1), count), window <= kShortWindow, NaN taken as +inf (ranks: ignored).
  /// scratch: (window + 1) * kMostLanes doubles.
  void (*short_quantile)(const double* values, int64_t count, int64_t window, OrderQuestion question, double* out,
                         double* scratch);
  void (*short_rank)(const double* values, int64_t count, int64_t window, double* out);

  /// The last of the values that is no multiple of 1/scale, or -1; least and most multiple of those after it. NaN fits
  /// every grid.
  int64_t (*last_off_grid)(const double* values, int64_t count, double scale, double* least, double* most);
  void (*to_bins)(const double* values, int64_t count, const Grid& grid, int32_t* bins);
  bool (*any_nan)(const double* values, int64_t count);

  /// Adds bins[at] for at in [0, count), without answers.
  void (*fill)(OrderBins& window, const int32_t* bins, int64_t count, bool for_rank);
  void (*fill_bits)(OrderBins& window, const int32_t* bins, int64_t count);
  /// Row by row: add now[at], answer, take out old[at].
  void (*walk)(OrderBins& window, const int32_t* now, const int32_t* old, int64_t count, OrderQuestion question,
               const Grid& grid, double* out);
  /// Where a bin holds one value at most, values[place_of[bin] & 0xffffffff], and counts are not kept; count >= 1. The
  /// window is of no use afterwards.
  void (*walk_ranks)(OrderBins& window, const int32_t* now, const int32_t* old, int64_t count, OrderQuestion question,
                     const double* values, const uint64_t* place_of, double* out);
  /// The share of values below; total: values in a full window.
  void (*share)(OrderBins& window, const int32_t* now, const int32_t* old, int64_t count, int64_t total, double* out);
};

const OrderKernels& order_kernels_v3();
const OrderKernels& order_kernels_v4();
const OrderKernels& order_kernels(CpuLevel level);

/// The interpolation of every path. Equal neighbours are returned as they are, infinite ones too.
inline namespace TF_LEVEL {
TF_HD double between(double lower, double upper, double part) {
  return lower == upper ? lower : lower + (upper - lower) * part;
}
}  // namespace TF_LEVEL

}  // namespace tf::series
