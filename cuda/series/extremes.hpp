// Rolling highest and lowest of one series, exact, at a cost that does not hang on the window.
#pragma once
#include <cstdint>

#include "cuda/base/device.hpp"

namespace tf::series {

/// Values are read at [-(window-1), count), all of them valid; window >= 1; scratch: window doubles. A window that
/// holds a NaN gives NaN; infinities are values like others; a zero comes out as +0. The bits hang on the window's
/// values alone, not on the cuts into calls nor on the level. O(count + window) a call: give `window` rows or more a
/// call where there are as many.
using RollingExtreme = void (*)(const double* values, int64_t count, int64_t window, double* out, double* scratch);

struct Extremes {
  RollingExtreme highest, lowest;
};

const Extremes& extremes_v3();
const Extremes& extremes_v4();
inline const Extremes& extremes(CpuLevel level) { return level == CpuLevel::v4 ? extremes_v4() : extremes_v3(); }

}  // namespace tf::series
