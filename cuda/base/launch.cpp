#include "cuda/base/launch.hpp"

#if __has_include(<nvtx3/nvToolsExt.h>)
#include <nvtx3/nvToolsExt.h>
#define TF_HAS_NVTX 1
#endif
#if defined(TF_WITH_CUDA)
#include <cuda_runtime_api.h>

#include <string>

#include "cuda/base/error.hpp"
#endif

namespace tf {

#if defined(TF_HAS_NVTX)
void NamedRange::push(const char* name) { nvtxRangePushA(name); }
void NamedRange::pop() { nvtxRangePop(); }
#else
void NamedRange::push(const char*) {}
void NamedRange::pop() {}
#endif

void wait(const Exec& exec) {
#if defined(TF_WITH_CUDA)
  if (exec.device != Device::cuda) return;
  if (const cudaError_t status = cudaStreamSynchronize(static_cast<cudaStream_t>(exec.stream)); status != cudaSuccess)
    throw Error(ErrorKind::internal, std::string("waiting for a launch: ") + cudaGetErrorString(status));
#else
  (void)exec;
#endif
}

}  // namespace tf
