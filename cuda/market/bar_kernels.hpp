// The loops over columns of ticks that bars spend their time in, compiled once a level. All sums are of integers, so
// that any split of a bar into pieces gives the same bits.
#pragma once
#include <cstdint>

namespace tf::market {

/// What a run of events adds to a bar.
struct RunSums {
  int64_t high = INT64_MIN, low = INT64_MAX;
  int64_t lots = 0, bought = 0, sold = 0;
  uint64_t moved = 0;  ///< sum of (px - base) * lots, modulo 2^64
};

struct BarKernels {
  /// Are all ticks trades, and does local_ts never fall below `local` or the row before?
  bool (*plain_trades)(const uint32_t* flags, const int64_t* local_ts, int64_t local, int64_t rows);
  RunSums (*sum_run)(const int64_t* price, const int64_t* px, const int64_t* lots, const uint32_t* flags, int64_t base,
                     int64_t rows);
  /// The first row whose running sum reaches `wanted`, or `rows`; lots are not negative.
  int64_t (*reach)(const int64_t* lots, int64_t rows, int64_t wanted);
  /// The same for money: adds (lots * px) * factor to `sum` in order, up to and with the row that reaches `wanted`.
  int64_t (*reach_money)(const int64_t* lots, const int64_t* px, int64_t rows, double factor, double wanted,
                         double& sum);
  /// row[k] = the last row of `right` with right <= left[k] - earlier, or -1.
  void (*as_of)(const int64_t* left, int64_t lefts, const int64_t* right, int64_t rights, int64_t earlier,
                int64_t* row);
};

const BarKernels& bar_kernels_v3();
const BarKernels& bar_kernels_v4();
/// The kernels of the level this machine's programs run at (TF_LEVEL).
const BarKernels& bar_kernels();

}  // namespace tf::market
