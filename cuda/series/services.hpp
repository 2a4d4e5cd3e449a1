// The derived columns that indicators share, as elementwise bodies of one level: transforms, and the ladders, whose
// level k holds at each row the sum (lag sum, highest, lowest) of the last 2^k rows.
#pragma once
#include <cstdint>

#include "cuda/base/device.hpp"
#include "cuda/series/input.hpp"

namespace tf::series {

/// Pointers are of exec's device; `from` has at least `gap` (a transform: 1) rows before it.
struct ServiceTable {
  void (*squares)(const Exec& exec, const double* from, double* to, int64_t count);
  /// The raw columns in the order of raw_columns().
  void (*transform)(const Exec& exec, Transform transform, const double* const* raw, double* to, int64_t count);
  /// to[at] = from[at - gap] joined with from[at]
  void (*climb)(const Exec& exec, Service service, const double* from, double* to, int64_t gap, int64_t count);
  /// A level of lag sums: to[at] = lags[at] + (lags[at - gap] + gap * sums[at - gap])
  void (*climb_lags)(const Exec& exec, const double* lags, const double* sums, double* to, int64_t gap, int64_t count);
  /// Running totals modulo 2^64 of eighths (sum), squared halves (sum_sq), or row * eighths (lag_sum, rows numbered
  /// from `first`): to[at] = to[at - 1] + .. for at in [0, count). False, with `to` unspecified, where a value is no
  /// whole number of them or more than `limit`. CPU only.
  bool (*running)(Service service, const double* from, int64_t count, double limit, int64_t first, int64_t* to,
                  int64_t* sums);
  /// rows[at * stride + lane] = columns[lane][at]; CPU only
  void (*to_rows)(const double* const* columns, int lanes, int64_t count, double* rows, int64_t stride);
};

/// The raw columns a transformed input reads; returns how many.
inline constexpr int kMostRawColumns = 4;
int raw_columns(const Input& input, BarColumn (&columns)[kMostRawColumns]);

const ServiceTable& services_v3();
const ServiceTable& services_v4();
const ServiceTable& services_cuda();  ///< only where built with CUDA
/// The table for exec's device and level.
const ServiceTable& services(const Exec& exec);

}  // namespace tf::series
