#include <lzma.h>

#include <bit>

#include "data/sources/parse/feed.hpp"

namespace tf::data {
namespace {

enum class Container { xz, alone };

class Lzma : public PackedFeed {
 public:
  Lzma(Window packed, Container container) : PackedFeed(std::move(packed)), container_(container) {
    // The limit counts a decoder's whole memory: the window and some tables.
    constexpr uint64_t kMemory = kLargestWindow + (uint64_t{2} << 20);
    const lzma_ret code = container == Container::xz ? lzma_stream_decoder(&stream_, kMemory, LZMA_CONCATENATED)
                                                     : lzma_alone_decoder(&stream_, kMemory);
    expect(code == LZMA_OK, "liblzma starts");
  }
  ~Lzma() override { lzma_end(&stream_); }
  Lzma(const Lzma&) = delete;
  Lzma& operator=(const Lzma&) = delete;

  std::size_t read(std::span<char> out) override {
    stream_.next_out = reinterpret_cast<uint8_t*>(out.data());
    stream_.avail_out = out.size();
    while (stream_.avail_out > 0 && !ended_) {
      const std::string_view bytes = window_.need(1);
      stream_.next_in = reinterpret_cast<const uint8_t*>(bytes.data());
      stream_.avail_in = bytes.size();
      const lzma_ret code = lzma_code(&stream_, bytes.empty() ? LZMA_FINISH : LZMA_RUN);
      window_.skip(bytes.size() - stream_.avail_in);
      if (code == LZMA_OK || (code == LZMA_BUF_ERROR && !bytes.empty())) continue;
      ended_ = true;
      if (code != LZMA_STREAM_END) {
        damage_ = what(code);
      } else if (!window_.need(1).empty()) {
        damage_ = "bytes after the end of the " + name() + " stream";
      }
    }
    return out.size() - stream_.avail_out;
  }

 private:
  std::string name() const { return container_ == Container::xz ? "xz" : "LZMA"; }
  std::string what(lzma_ret code) const {
    switch (code) {
      case LZMA_BUF_ERROR:
        return "truncated " + name() + " stream";
      case LZMA_MEMLIMIT_ERROR:
        return "the " + name() + " stream asks for a window above 128 MiB, which is the most that is unpacked";
      case LZMA_MEM_ERROR:
        return "no memory for the window of the " + name() + " stream";
      case LZMA_OPTIONS_ERROR:
        return "the " + name() + " stream uses options that are not known";
      default:
        return "damaged " + name() + " stream";
    }
  }

  Container container_;
  lzma_stream stream_ = LZMA_STREAM_INIT;
  bool ended_ = false;
};

}  // namespace

std::unique_ptr<Feed> unpack_xz(Window packed) { return std::make_unique<Lzma>(std::move(packed), Container::xz); }
std::unique_ptr<Feed> unpack_lzma(Window packed) { return std::make_unique<Lzma>(std::move(packed), Container::alone); }

// 13 bytes: lc + 9 * (lp + 5 * pb), window u32 (a power of two, or that and a half, as every known writer does), size
// u64 or all ones (LZMA SDK, lzma-specification.txt). liblzma takes no other.
bool is_lzma_header(std::string_view bytes) {
  if (bytes.size() < 13) return false;
  const auto word = [&](std::size_t at, int count) {
    uint64_t value = 0;
    for (int place = count - 1; place >= 0; --place)
      value = value << 8 | static_cast<unsigned char>(bytes[at + static_cast<std::size_t>(place)]);
    return value;
  };
  const uint64_t settings = word(0, 1), window = word(1, 4), size = word(5, 8);
  if (settings >= 225 || settings % 9 + settings / 9 % 5 > 4) return false;
  if (window != UINT32_MAX && !std::has_single_bit(window) && !(window % 3 == 0 && std::has_single_bit(window / 3)))
    return false;
  return size == UINT64_MAX || size < uint64_t{1} << 38;
}

}  // namespace tf::data
