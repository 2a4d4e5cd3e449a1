// Bytes that come in order from a file or out of a packing, and a window for looking at them before they are used.
#pragma once
#include <algorithm>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "data/sources/parse/raw_file.hpp"

namespace tf::data {

class Feed {
 public:
  virtual ~Feed() = default;
  /// Fills `out` from its start; 0 = the end, or damage. May throw Error{io}.
  virtual std::size_t read(std::span<char> out) = 0;
  virtual int64_t consumed() const = 0;  ///< bytes of the file on the disk used so far
  virtual std::string damage() const { return {}; }
};

class FileFeed : public Feed {
 public:
  explicit FileFeed(const std::string& path) : file_(path) {}
  std::size_t read(std::span<char> out) override { return file_.read(out); }
  int64_t consumed() const override { return file_.consumed(); }

 private:
  RawFile file_;
};

/// A feed through a buffer, so that headers can be read between compressed streams.
class Window {
 public:
  explicit Window(std::unique_ptr<Feed> feed)
      : feed_(std::move(feed)), buffer_(std::make_unique_for_overwrite<char[]>(kBytes)) {}
  /// At least `count` bytes in view if the feed has them; count <= 64 KiB.
  std::string_view need(std::size_t count) {
    if (end_ - begin_ < count) {
      std::copy(buffer_.get() + begin_, buffer_.get() + end_, buffer_.get());
      end_ -= begin_;
      begin_ = 0;
      while (end_ < count) {
        const std::size_t got = feed_->read({buffer_.get() + end_, kBytes - end_});
        if (got == 0) break;
        end_ += got;
      }
    }
    return {buffer_.get() + begin_, end_ - begin_};
  }
  void skip(std::size_t count) { begin_ += count; }
  /// What is in view, then the feed itself without a copy.
  std::size_t read(std::span<char> out) {
    if (begin_ == end_) return feed_->read(out);
    const std::size_t count = std::min(out.size(), end_ - begin_);
    std::copy_n(buffer_.get() + begin_, count, out.data());
    begin_ += count;
    return count;
  }
  const Feed& feed() const { return *feed_; }

 private:
  static constexpr std::size_t kBytes = std::size_t{1} << 18;
  std::unique_ptr<Feed> feed_;
  std::unique_ptr<char[]> buffer_;
  std::size_t begin_ = 0, end_ = 0;
};

/// A feed that unpacks another. Where the packed bytes are damaged themselves (a cut zip entry), that is the damage.
class PackedFeed : public Feed {
 public:
  explicit PackedFeed(Window packed) : window_(std::move(packed)) {}
  int64_t consumed() const override { return window_.feed().consumed(); }
  std::string damage() const override {
    const std::string below = window_.feed().damage();
    return below.empty() ? damage_ : below;
  }

 protected:
  Window window_;
  std::string damage_;
};

/// The largest history that a packing may ask for; the memory of a decoder is this and a little more.
inline constexpr uint64_t kLargestWindow = uint64_t{128} << 20;

/// Decoders; the window stands at the first packed byte.
std::unique_ptr<Feed> unpack_gzip(Window packed);  ///< several members end to end
std::unique_ptr<Feed> unpack_zstd(Window packed);  ///< several frames end to end, skippable ones among them
std::unique_ptr<Feed> unpack_xz(Window packed);    ///< several streams end to end, padded or not
std::unique_ptr<Feed> unpack_lzma(Window packed);  ///< LZMA-alone, with an end marker or a size

/// Is this the header of an LZMA-alone stream that could be unpacked?
bool is_lzma_header(std::string_view bytes);

/// Unpacks one level where the first bytes say that `feed` is packed; `name` (of the file or the archive's entry) tells
/// LZMA-alone streams of unusual settings, which have no magic: .lzma and .bi5.
std::unique_ptr<Feed> unpack(std::unique_ptr<Feed> feed, std::string_view name);

}  // namespace tf::data
