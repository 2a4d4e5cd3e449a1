// The files of a report, written so that a crash leaves the old file or the new one, never half of one.
#include "engine/report/report.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string_view>
#include <system_error>

#include "cuda/base/error.hpp"

namespace tf::report {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void refuse(const char* what, const fs::path& path, int code) {
  throw Error(ErrorKind::io,
              std::string("cannot ") + what + " " + path.string() + ": " + std::system_category().message(code));
}

/// A file descriptor that is closed on every way out.
class Descriptor {
 public:
  Descriptor(const fs::path& path, int flags) : number_(::open(path.c_str(), flags | O_CLOEXEC, 0644)) {
    if (number_ < 0) refuse("open", path, errno);
  }
  ~Descriptor() { ::close(number_); }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int number() const { return number_; }

 private:
  int number_;
};

void write_whole(const fs::path& path, std::string_view bytes) {
  const fs::path temporary = path.string() + "." + std::to_string(::getpid()) + ".tmp";
  try {
    const Descriptor file(temporary, O_WRONLY | O_CREAT | O_TRUNC);
    while (!bytes.empty()) {
      const ssize_t written = ::write(file.number(), bytes.data(), bytes.size());
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) refuse("write", temporary, errno);
      bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    if (::fsync(file.number()) != 0) refuse("sync", temporary, errno);
    if (::rename(temporary.c_str(), path.c_str()) != 0) refuse("rename to", path, errno);
  } catch (...) {
    ::unlink(temporary.c_str());
    throw;
  }
  const Descriptor folder(path.parent_path(), O_RDONLY | O_DIRECTORY);
  if (::fsync(folder.number()) != 0) refuse("sync", path.parent_path(), errno);
}

std::string read_whole(const std::string& path) {
  std::error_code ignored;
  std::ifstream file(path, std::ios::binary);
  if (!fs::is_regular_file(path, ignored) || !file)
    throw Error(ErrorKind::no_input, "plotly.js for the report's charts not found at '" + path + "': run ./dev setup");
  std::string bytes(std::istreambuf_iterator<char>(file), {});
  if (file.bad()) refuse("read", path, EIO);
  return bytes;
}

}  // namespace

Page write(const std::string& report_json, const std::string& folder, const std::string& plotly_js) {
  const std::string page = page_html(report_json), script = read_whole(plotly_js);
  const fs::path root = folder.empty() ? fs::path(".") : fs::path(folder);
  std::error_code failure;
  fs::create_directories(root, failure);
  if (failure) refuse("make the folder", root, failure.value());
  const Page out{(root / "index.html").string(), (root / "plotly.min.js").string()};
  write_whole(root / "report.json", report_json);
  write_whole(out.script_path, script);
  write_whole(out.html_path, page);
  return out;
}

}  // namespace tf::report
