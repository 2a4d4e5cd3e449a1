// The derived columns that windows share, as elementwise bodies of one level: squares, log returns, and the ladder,
// whose level k holds at each row the sum (highest, lowest) of the last 2^k rows.
#pragma once
#include <cstdint>

#include "cuda/base/device.hpp"
#include "cuda/series/input.hpp"

namespace tf::series {

/// Pointers are of exec's device; `from` has at least `gap` (log_returns: 1) rows before it.
struct ServiceTable {
  void (*squares)(const Exec& exec, const double* from, double* to, int64_t count);
  void (*log_returns)(const Exec& exec, const double* from, double* to, int64_t count);
  /// to[at] = from[at - gap] joined with from[at]
  void (*climb)(const Exec& exec, Service service, const double* from, double* to, int64_t gap, int64_t count);
  /// rows[at * stride + lane] = columns[lane][at]; CPU only
  void (*to_rows)(const double* const* columns, int lanes, int64_t count, double* rows, int64_t stride);
};

const ServiceTable& services_v3();
const ServiceTable& services_v4();
const ServiceTable& services_cuda();  ///< only where built with CUDA
/// The table for exec's device and level.
const ServiceTable& services(const Exec& exec);

}  // namespace tf::series
