// The one owner of numeric memory. A Buffer knows its device; copies between devices are explicit (copy_to_*); nothing
// moves behind an accessor.
#pragma once
#include <cstdint>
#include <span>
#include <type_traits>
#include <utility>

#include "cuda/base/device.hpp"
#include "cuda/base/view.hpp"

namespace tf {

/// Raw memory of a device, 64-byte aligned on the CPU. Throws Error{io} when there is none left. (buffer.cpp)
void* allocate_bytes(Device device, std::size_t bytes);
void release_bytes(Device device, void* memory);
/// Copies between any two devices; waits for the copy.
void copy_bytes(Device to_device, void* to, Device from_device, const void* from, std::size_t bytes);

template <class T>
class Buffer {
  static_assert(std::is_trivially_copyable_v<T>, "a Buffer holds numbers and plain structs");

 public:
  Buffer() = default;
  /// `count` zeroed elements on `device`.
  explicit Buffer(std::size_t count, Device device = Device::cpu) : device_(device), count_(count) {
    if (count) data_ = static_cast<T*>(allocate_bytes(device, count * sizeof(T)));
  }
  Buffer(Buffer&& other) noexcept
      : device_(other.device_), count_(std::exchange(other.count_, 0)), data_(std::exchange(other.data_, nullptr)) {}
  Buffer& operator=(Buffer&& other) noexcept {
    std::swap(device_, other.device_);
    std::swap(count_, other.count_);
    std::swap(data_, other.data_);
    return *this;
  }
  Buffer(const Buffer&) = delete;
  Buffer& operator=(const Buffer&) = delete;
  ~Buffer() {
    if (data_) release_bytes(device_, data_);
  }

  std::size_t size() const { return count_; }
  Device device() const { return device_; }
  T* data() { return data_; }
  const T* data() const { return data_; }
  /// Host elements; a device buffer has no operator[] that works, by design: copy first.
  T& operator[](std::size_t at) { return data_[at]; }
  const T& operator[](std::size_t at) const { return data_[at]; }
  std::span<T> span() { return {data_, count_}; }
  std::span<const T> span() const { return {data_, count_}; }
  Panel<T> panel(int64_t rows, int64_t lanes) { return {data_, rows, lanes, lanes}; }
  Panel<const T> panel(int64_t rows, int64_t lanes) const { return {data_, rows, lanes, lanes}; }

  /// A copy of the same elements on another (or the same) device.
  Buffer to(Device device) const {
    Buffer copy(count_, device);
    if (count_) copy_bytes(device, copy.data_, device_, data_, count_ * sizeof(T));
    return copy;
  }

 private:
  Device device_ = Device::cpu;
  std::size_t count_ = 0;
  T* data_ = nullptr;
};

}  // namespace tf
