#include "data/sources/parse/inflate.hpp"

namespace tf::data {
namespace {

class Gzip : public PackedFeed {
 public:
  explicit Gzip(Window packed) : PackedFeed(std::move(packed)), inflater_(31) {}

  std::size_t read(std::span<char> out) override {
    std::size_t filled = 0;
    while (filled < out.size() && !ended_) {
      Inflater::State state;
      filled += inflater_.read(window_, out.subspan(filled), state);
      if (state == Inflater::State::ended) {
        next_stream();
      } else if (state != Inflater::State::running) {
        damage_ = state == Inflater::State::cut ? "truncated gzip stream"
                                                : std::string("damaged gzip stream: ") + inflater_.message();
        ended_ = true;
      }
    }
    return filled;
  }

 private:
  // Several gzip streams may follow each other; zero padding ends the file, anything else after a stream is damage.
  void next_stream() {
    std::string_view rest = window_.need(2);
    if (rest.starts_with("\x1f\x8b")) {
      inflater_.restart();
      return;
    }
    ended_ = true;
    while (!rest.empty()) {
      if (rest.find_first_not_of('\0') != rest.npos) {
        damage_ = "bytes after the end of the gzip stream that are not gzip";
        return;
      }
      window_.skip(rest.size());
      rest = window_.need(1);
    }
  }

  Inflater inflater_;
  bool ended_ = false;
};

}  // namespace

std::unique_ptr<Feed> unpack_gzip(Window packed) { return std::make_unique<Gzip>(std::move(packed)); }

}  // namespace tf::data
