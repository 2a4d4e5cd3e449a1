#include "cuda/market/bar_kernels.hpp"

#include "cuda/base/device.hpp"

namespace tf::market {

const BarKernels& bar_kernels() {
  static const bool v4 = pick_exec().level == CpuLevel::v4;
  return v4 ? bar_kernels_v4() : bar_kernels_v3();
}

}  // namespace tf::market
