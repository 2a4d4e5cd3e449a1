// A file that is read from front to back.
#pragma once
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>
#include <span>
#include <string>

#include "cuda/base/error.hpp"

namespace tf::data {

class RawFile {
 public:
  /// Throws Error{no_input} when the file cannot be opened.
  explicit RawFile(const std::string& path) : path_(path), file_(std::fopen(path.c_str(), "rb")) {
    if (!file_) throw Error(ErrorKind::no_input, path + ": cannot open: " + std::strerror(errno));
    std::setvbuf(file_.get(), nullptr, _IONBF, 0);
  }
  /// 0 = end of file. Throws Error{io}.
  std::size_t read(std::span<char> out) {
    const std::size_t count = std::fread(out.data(), 1, out.size(), file_.get());
    if (count == 0 && std::ferror(file_.get()))
      throw Error(ErrorKind::io, path_ + ": reading failed: " + std::strerror(errno));
    consumed_ += static_cast<int64_t>(count);
    return count;
  }
  int64_t consumed() const { return consumed_; }

 private:
  struct Close {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };
  std::string path_;
  std::unique_ptr<std::FILE, Close> file_;
  int64_t consumed_ = 0;
};

}  // namespace tf::data
