// Host memory that is kept in place so that a GPU copies from it at full speed and beside other work.
#pragma once
#include <cstddef>
#include <utility>

namespace tf {

/// Holds a range of host memory page-locked (cudaHostRegister). Without CUDA in the build, or without a device, it does
/// nothing and says so. The memory must outlive the lock.
class PageLock {
 public:
  PageLock() = default;
  PageLock(PageLock&& other) noexcept : memory_(std::exchange(other.memory_, nullptr)) {}
  PageLock& operator=(PageLock&& other) noexcept {
    std::swap(memory_, other.memory_);
    return *this;
  }
  ~PageLock() { release(); }

  /// Releases what was held and locks this range. False where there is nothing to lock for, or the system refuses: the
  /// memory works as before, only slower to copy.
  bool hold(void* memory, std::size_t bytes);
  void release();
  bool is_held() const { return memory_ != nullptr; }

 private:
  void* memory_ = nullptr;
};

}  // namespace tf
