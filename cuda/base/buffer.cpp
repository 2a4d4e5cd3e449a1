#include "cuda/base/buffer.hpp"

#include <sys/mman.h>

#include <cstdlib>
#include <cstring>

#include "cuda/base/error.hpp"

#if defined(TF_WITH_CUDA)
#include <cuda_runtime_api.h>
#endif

namespace tf {

#if defined(TF_WITH_CUDA)
static void check(cudaError_t status, const char* what) {
  if (status != cudaSuccess) throw Error(ErrorKind::io, std::string(what) + ": " + cudaGetErrorString(status));
}
#endif

void* allocate_bytes(Device device, std::size_t bytes) {
  if (device == Device::cuda) {
#if defined(TF_WITH_CUDA)
    void* memory = nullptr;
    check(cudaMalloc(&memory, bytes), "cudaMalloc");
    check(cudaMemset(memory, 0, bytes), "cudaMemset");
    return memory;
#else
    throw Error(ErrorKind::no_device, "built without CUDA");
#endif
  }
  // Large memory in huge pages, where the system gives them to those who ask: a page of 4 KiB each 512 rows costs a
  // streaming kernel up to a third.
  constexpr std::size_t kHugePage = std::size_t{2} << 20;
  const std::size_t page = bytes >= 2 * kHugePage ? kHugePage : 64, whole = (bytes + page - 1) / page * page;
  void* memory = std::aligned_alloc(page, whole);
  if (!memory) throw Error(ErrorKind::io, "out of memory: " + std::to_string(whole) + " bytes asked for");
  if (page == kHugePage) madvise(memory, whole, MADV_HUGEPAGE);
  std::memset(memory, 0, whole);
  return memory;
}

void release_bytes(Device device, void* memory) {
#if defined(TF_WITH_CUDA)
  if (device == Device::cuda) {
    cudaFree(memory);
    return;
  }
#endif
  (void)device;
  std::free(memory);
}

void copy_bytes(Device to_device, void* to, Device from_device, const void* from, std::size_t bytes) {
  if (to_device == Device::cpu && from_device == Device::cpu) {
    std::memcpy(to, from, bytes);
    return;
  }
#if defined(TF_WITH_CUDA)
  check(cudaMemcpy(to, from, bytes, cudaMemcpyDefault), "cudaMemcpy");
#else
  throw Error(ErrorKind::no_device, "built without CUDA");
#endif
}

}  // namespace tf
