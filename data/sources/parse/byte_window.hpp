// Bytes of a member of an input file through a window: for formats that are framed, not cut into lines.
#pragma once
#include <algorithm>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <vector>

#include "data/sources/parse/input_file.hpp"

namespace tf::data {

class ByteWindow {
 public:
  static constexpr std::size_t kMost = std::size_t{1} << 17;  ///< that need() can be asked for

  void start(InputFile& file) {
    if (buffer_.empty()) buffer_.resize(std::size_t{1} << 20);
    file_ = &file;
    begin_ = end_ = 0;
    offset_ = 0;
    ended_ = false;
  }
  /// At least `count` bytes in view if the member has them, perhaps more; valid until the next call.
  std::string_view need(std::size_t count) {
    if (end_ - begin_ < count && !ended_) refill(count);
    return {buffer_.data() + begin_, end_ - begin_};
  }
  /// Moves on by bytes that are in view.
  void skip(std::size_t count) {
    begin_ += count;
    offset_ += static_cast<int64_t>(count);
  }
  int64_t offset() const { return offset_; }  ///< of the view's first byte, from the start of the member

 private:
  void refill(std::size_t count) {
    std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
    end_ -= begin_;
    begin_ = 0;
    while (end_ < count) {
      const std::size_t got = file_->read(std::span(buffer_).subspan(end_));
      if (got == 0) {
        ended_ = true;
        return;
      }
      end_ += got;
    }
  }

  InputFile* file_ = nullptr;
  std::vector<char> buffer_;
  std::size_t begin_ = 0, end_ = 0;
  int64_t offset_ = 0;
  bool ended_ = false;
};

/// An unsigned big-endian integer of 1 to 8 bytes.
template <int kBytes>
uint64_t big_endian(const char* at) {
  uint64_t value = 0;
  std::memcpy(reinterpret_cast<char*>(&value) + (8 - kBytes), at, kBytes);
  return __builtin_bswap64(value);
}

}  // namespace tf::data
