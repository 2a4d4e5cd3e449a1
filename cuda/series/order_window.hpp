// Rolling quantile and rank of one series, exact, block by block, at a cost that hardly hangs on the window.
//
// Three structures with one result, chosen a stretch at a time: windows up to kShortWindow are kept sorted, lanes =
// parts of the block (order_kernels.cu); longer ones of values on a price grid (whole multiples of 1/2^k, 1/10^k or
// 1/(2*10^k) within a range of 2^20 steps) as counts a step, a two-level bitmap and a cursor that walks from row to
// row; any other doubles as ranks within a stretch of rows (order_ranks.hpp, FRAMES.md section 8), or, where a call
// brings too few rows for that, in a list of sorted blocks (order_list.hpp).
#pragma once
#include <cstdint>
#include <vector>

#include "cuda/base/device.hpp"
#include "cuda/series/order_kernels.hpp"
#include "cuda/series/order_list.hpp"
#include "cuda/series/order_ranks.hpp"

namespace tf::series {

/// Holds only a cache: what comes out is a pure function of the last `window` values, to the bit, whatever the cuts,
/// the start and the CPU level. Use one object a series and a question: asked in turn for different things, or for rows
/// that do not follow on, it is right but makes the cache anew from the history, O(window).
///
/// `values[at]` is valid for at in [-(window-1), count), as far as the series reaches back; `row` is the row of
/// values[0] since the series began. Rows before window-1 give NaN, and so does a window that holds a NaN. Infinities
/// are values like others. A zero comes out as +0.
///
/// Cost a row: O(window) below kShortWindow, then flat on a grid; for any doubles O(log window) in sorting, with calls
/// of `window` rows or more at full speed, and some 0.2 us where calls bring few rows.
class OrderWindow {
 public:
  /// window >= 1
  explicit OrderWindow(int64_t window, CpuLevel level = CpuLevel::v3);

  /// Forgets the series: needed before another one is shown whose rows happen to follow on.
  void reset();

  /// The q-quantile, 0 <= q <= 1, by linear interpolation between the closest ranks: with p = q * (window - 1) and
  /// k = floor(p), lo + (hi - lo) * (p - k), where lo and hi are the k-th and k+1-st smallest. Bits are those of
  /// polars' and pandas' rolling quantile; numpy's "linear" counts down from hi where p - k >= 0.5: the same for
  /// medians and quartiles of whole and half ticks, else up to some ulps apart there. Between -inf and another value
  /// the formula gives NaN, as theirs do.
  void quantile(const double* values, int64_t row, int64_t count, double q, double* out);

  /// The share of the window's values below the newest, plus half the share equal to it (itself counted), in (0, 1]:
  /// scipy.stats.percentileofscore(kind="mean") / 100.
  void rank(const double* values, int64_t row, int64_t count, double* out);

 private:
  enum class Held { nothing, grid, list };

  void run(const double* values, int64_t row, int64_t count, OrderQuestion question, double* out);
  int64_t step(const double* values, int64_t row, int64_t left, OrderQuestion question, double* out);
  bool step_grid(const double* values, int64_t row, int64_t count, OrderQuestion question, double* out);
  bool find_grid(const double* values, int64_t row, int64_t count);
  void step_ranks(const double* values, int64_t count, OrderQuestion question, double* out);
  void step_list(const double* values, int64_t count, OrderQuestion question, double* out);
  void void_where_nan(const double* values, int64_t row, int64_t first, int64_t count, double* out);

  int64_t window_;
  const OrderKernels* kernels_;

  int64_t next_row_ = -1;   ///< the row that follows the last one seen; -1: none seen
  int64_t newest_nan_ = 0;  ///< its row
  int64_t retry_row_ = 0;   ///< no grid can hold a window before this row
  Held held_ = Held::nothing;
  bool held_for_rank_ = false;
  Grid grid_;
  OrderBins bins_;
  StretchRanks ranks_;
  SortedBlocks list_;
  std::vector<int32_t> now_, old_;
  std::vector<double> scratch_;
};

}  // namespace tf::series
