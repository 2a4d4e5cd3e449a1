#include "cuda/base/page_lock.hpp"

#include "cuda/base/device.hpp"

#if defined(TF_WITH_CUDA)
#include <cuda_runtime_api.h>
#endif

namespace tf {

bool PageLock::hold(void* memory, std::size_t bytes) {
  release();
#if defined(TF_WITH_CUDA)
  int devices = 0;
  if (cudaGetDeviceCount(&devices) != cudaSuccess || devices == 0) return false;
  if (cudaHostRegister(memory, bytes, cudaHostRegisterDefault) == cudaSuccess) memory_ = memory;
#else
  (void)memory;
  (void)bytes;
#endif
  return memory_ != nullptr;
}

void PageLock::release() {
#if defined(TF_WITH_CUDA)
  if (memory_) cudaHostUnregister(memory_);
#endif
  memory_ = nullptr;
}

}  // namespace tf
