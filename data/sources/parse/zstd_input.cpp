#include <zstd.h>

#include "data/sources/parse/feed.hpp"

namespace tf::data {
namespace {

class Zstd : public PackedFeed {
 public:
  explicit Zstd(Window packed) : PackedFeed(std::move(packed)), context_(ZSTD_createDCtx()) {
    expect(context_ != nullptr, "zstd starts");
    ZSTD_DCtx_setParameter(context_.get(), ZSTD_d_windowLogMax, kWindowLog);
  }

  std::size_t read(std::span<char> out) override {
    ZSTD_outBuffer to{out.data(), out.size(), 0};
    while (to.pos < to.size && !ended_) {
      const std::string_view bytes = window_.need(1);
      if (bytes.empty() && !in_frame_) {
        ended_ = true;
        break;
      }
      ZSTD_inBuffer from{bytes.data(), bytes.size(), 0};
      const std::size_t before = to.pos;
      const std::size_t left = ZSTD_decompressStream(context_.get(), &to, &from);
      window_.skip(from.pos);
      if (ZSTD_isError(left)) {
        fail(left);
      } else if (bytes.empty() && to.pos == before) {
        damage_ = "truncated zstd stream";
        ended_ = true;
      } else {
        in_frame_ = left != 0;
        frames_ += left == 0;
      }
    }
    return to.pos;
  }

 private:
  static constexpr int kWindowLog = 27;
  static_assert(uint64_t{1} << kWindowLog == kLargestWindow);

  // The library's public header tells errors apart by their names alone.
  void fail(std::size_t code) {
    const std::string_view name = ZSTD_getErrorName(code);
    if (name == "Frame requires too much memory for decoding") {
      damage_ = "the zstd frame asks for a window above 128 MiB, which is the most that is unpacked";
    } else if (name == "Unknown frame descriptor" && frames_ > 0) {
      damage_ = "bytes after the end of a zstd frame that are not zstd";
    } else {
      damage_ = "damaged zstd stream: " + std::string(name);
    }
    ended_ = true;
  }

  struct Free {
    void operator()(ZSTD_DCtx* context) const { ZSTD_freeDCtx(context); }
  };
  std::unique_ptr<ZSTD_DCtx, Free> context_;
  bool in_frame_ = false, ended_ = false;
  int64_t frames_ = 0;
};

}  // namespace

std::unique_ptr<Feed> unpack_zstd(Window packed) { return std::make_unique<Zstd>(std::move(packed)); }

}  // namespace tf::data
