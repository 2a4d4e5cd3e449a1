// A zlib stream over a feed: what gzip and a zip without directory have in common.
#pragma once
#include <zlib.h>

#include "data/sources/parse/feed.hpp"

namespace tf::data {

/// zlib's inflate; `bits` as in inflateInit2 (31 = gzip, -15 = raw).
class Inflater {
 public:
  explicit Inflater(int bits) { expect(inflateInit2(&stream_, bits) == Z_OK, "zlib starts"); }
  ~Inflater() { inflateEnd(&stream_); }
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;

  enum class State { running, ended, cut, broken };
  void restart() { inflateReset(&stream_); }
  /// Fills `out` as far as the stream goes; returns the bytes written.
  std::size_t read(Window& window, std::span<char> out, State& state) {
    stream_.next_out = reinterpret_cast<Bytef*>(out.data());
    stream_.avail_out = static_cast<uInt>(out.size());
    state = State::running;
    while (stream_.avail_out > 0 && state == State::running) {
      const std::string_view bytes = window.need(1);
      stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
      stream_.avail_in = static_cast<uInt>(bytes.size());
      const int code = inflate(&stream_, Z_NO_FLUSH);
      window.skip(bytes.size() - stream_.avail_in);
      if (code == Z_STREAM_END) {
        state = State::ended;
      } else if (code == Z_BUF_ERROR || (code == Z_OK && bytes.empty())) {
        if (bytes.empty()) state = State::cut;
      } else if (code != Z_OK) {
        state = State::broken;
      }
    }
    return out.size() - stream_.avail_out;
  }
  const char* message() const { return stream_.msg ? stream_.msg : "damaged data"; }

 private:
  z_stream stream_{};
};

}  // namespace tf::data
