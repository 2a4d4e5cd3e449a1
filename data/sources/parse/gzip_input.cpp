#include <utility>

#include "data/sources/parse/inflate.hpp"
#include "data/sources/parse/input_file.hpp"

namespace tf::data {
namespace {

class Gzip : public Unpacker {
 public:
  explicit Gzip(const std::string& path) : window_(path), inflater_(31) {}
  bool next_member(std::string& name) override {
    name.clear();
    return !std::exchange(begun_, true);
  }
  int64_t consumed() const override { return window_.consumed(); }

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

  Window window_;
  Inflater inflater_;
  bool begun_ = false, ended_ = false;
};

}  // namespace

std::unique_ptr<Unpacker> open_gzip(const std::string& path) { return std::make_unique<Gzip>(path); }

}  // namespace tf::data
