#include "engine/registry/durable_file.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <utility>

#include "cuda/base/error.hpp"

namespace tf::registry {
namespace {

[[noreturn]] void fail(const std::string& path, const char* what) {
  throw Error(ErrorKind::io, path + ": cannot " + what + ": " + std::strerror(errno));
}

std::string folder_of(const std::string& path) {
  const std::string folder = std::filesystem::path(path).parent_path().string();
  return folder.empty() ? "." : folder;
}

}  // namespace

FileHandle::FileHandle(const std::string& path, int flags) : number_(::open(path.c_str(), flags | O_CLOEXEC, 0644)) {
  if (number_ < 0) fail(path, "be opened");
}
FileHandle FileHandle::adopt(int number, const std::string& path) {
  if (number < 0) fail(path, "be made");
  FileHandle handle;
  handle.number_ = number;
  return handle;
}
FileHandle::FileHandle(FileHandle&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
FileHandle& FileHandle::operator=(FileHandle&& other) noexcept {
  std::swap(number_, other.number_);
  return *this;
}
FileHandle::~FileHandle() {
  if (number_ >= 0) ::close(number_);
}

ExclusiveLock::ExclusiveLock(const FileHandle& file, const std::string& path) : number_(file.number()) {
  while (::flock(number_, LOCK_EX) != 0)
    if (errno != EINTR) fail(path, "be locked");
}
ExclusiveLock::~ExclusiveLock() { ::flock(number_, LOCK_UN); }

void sync_folder(const std::string& path) {
  const FileHandle folder(path, O_RDONLY | O_DIRECTORY);
  if (::fsync(folder.number()) != 0) fail(path, "be synced");
}

void make_folder(const std::string& path) {
  if (path.empty() || std::filesystem::is_directory(path)) return;
  const std::string above = folder_of(path);
  if (above != path) make_folder(above);
  if (::mkdir(path.c_str(), 0755) != 0 && errno != EEXIST) fail(path, "be made");
  sync_folder(above);
}

bool file_exists(const std::string& path) {
  struct stat state;
  return ::stat(path.c_str(), &state) == 0 && S_ISREG(state.st_mode);
}

void write_all(const FileHandle& file, const std::string& path, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(file.number(), bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) fail(path, "be written");
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
}

void sync_file(const FileHandle& file, const std::string& path) {
  if (::fsync(file.number()) != 0) fail(path, "be synced");
}

void write_durably(const std::string& path, std::string_view bytes) {
  std::string part = folder_of(path) + "/.part-XXXXXX";
  const FileHandle file = FileHandle::adopt(::mkostemp(part.data(), O_CLOEXEC), part);
  try {
    if (::fchmod(file.number(), 0644) != 0) fail(part, "be made readable");
    write_all(file, part, bytes);
    sync_file(file, part);
    if (::rename(part.c_str(), path.c_str()) != 0) fail(path, "be put in place");
  } catch (...) {
    ::unlink(part.c_str());
    throw;
  }
  sync_folder(folder_of(path));
}

std::string read_file(const std::string& path) {
  if (!file_exists(path)) throw Error(ErrorKind::no_input, path + ": there is no such file");
  const FileHandle file(path, O_RDONLY);
  std::string bytes;
  std::size_t used = 0;
  for (;;) {
    bytes.resize(used + (1 << 16) + used / 2);
    const ssize_t got = ::read(file.number(), bytes.data() + used, bytes.size() - used);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) fail(path, "be read");
    if (got == 0) break;
    used += static_cast<std::size_t>(got);
  }
  bytes.resize(used);
  return bytes;
}

}  // namespace tf::registry
