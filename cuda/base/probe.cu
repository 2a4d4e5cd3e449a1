// Asks the driver what it has. Without a driver the count itself fails; that is an answer, not an error.
#include <cuda_runtime_api.h>

#include "cuda/base/device.hpp"

namespace tf {

void probe_cuda(DeviceProbe& probe) {
  int count = 0;
  const cudaError_t status = cudaGetDeviceCount(&count);
  if (status != cudaSuccess || count == 0) {
    probe.reason = status == cudaSuccess ? "no device" : cudaGetErrorString(status);
    return;
  }
  probe.gpus = count;
  cudaDeviceProp properties{};
  if (cudaGetDeviceProperties(&properties, 0) == cudaSuccess) probe.gpu_name = properties.name;
}

}  // namespace tf
