// The one place that launches. A launch has a name (an NVTX range and the name in a profile), a count of work items,
// and a functor called with the item's index. On the CPU it is a plain loop; under nvcc the only <<<>>> of the code
// base.
#pragma once
#include <cstdint>

#include "cuda/base/device.hpp"
#include "cuda/base/host_device.hpp"

#if defined(__CUDACC__)
#include <cuda_runtime.h>

#include <string>

#include "cuda/base/error.hpp"
#endif

namespace tf {

/// A named range in a profile: NVTX where the toolkit's header was found at build time, nothing elsewhere; nullptr = no
/// range. (launch.cpp)
class NamedRange {
 public:
  explicit NamedRange(const char* name) : open_(name != nullptr) {
    if (open_) push(name);
  }
  ~NamedRange() {
    if (open_) pop();
  }
  NamedRange(const NamedRange&) = delete;
  NamedRange& operator=(const NamedRange&) = delete;

 private:
  static void push(const char* name);
  static void pop();
  bool open_;
};

/// Waits for everything launched on exec's stream. Throws Error{internal} when a kernel failed. (launch.cpp)
/// Copies (Buffer::to) order themselves with launches on any stream that was not made non-blocking.
void wait(const Exec& exec);

inline namespace TF_LEVEL {

#if defined(__CUDACC__)
template <class Body>
__global__ void run_items(Body body, int64_t count) {
  const int64_t item = int64_t{blockIdx.x} * blockDim.x + threadIdx.x;
  if (item < count) body(item);
}

/// Runs body(0 .. count-1), one GPU thread an item. Throws Error{internal} when the launch is refused.
template <class Body>
void launch(const Exec& exec, const char* name, int64_t count, const Body& body, int block = 128) {
  if (count <= 0) return;
  NamedRange range(name);
  run_items<<<static_cast<unsigned>((count + block - 1) / block), block, 0, static_cast<cudaStream_t>(exec.stream)>>>(
      body, count);
  if (const cudaError_t status = cudaGetLastError(); status != cudaSuccess)
    throw Error(ErrorKind::internal, std::string("launch of ") + name + ": " + cudaGetErrorString(status));
}
#else
/// Runs body(0 .. count-1) in order on this thread. A nullptr name opens no range: for bodies of a few items.
template <class Body>
void launch(const Exec&, const char* name, int64_t count, const Body& body, int = 128) {
  NamedRange range(name);
  for (int64_t item = 0; item < count; ++item) body(item);
}
#endif

}  // namespace TF_LEVEL
}  // namespace tf
