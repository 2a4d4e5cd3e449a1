// A library to preload: counts the calls that change files below one folder, and makes the n-th of them fail, kills the
// program there, stops it, or cuts the power there (disk.hpp). Told by the environment:
//   TF_FAULT_ROOT    the folder (absolute, without links); without it nothing is done
//   TF_FAULT_CALLS   which calls count: open (any), create, write, truncate, fsync, rename, link, unlink, mkdir;
//   default:
//                    all but open
//   TF_FAULT_MODE    count, fail, kill, stop (until SIGCONT) or power
//   TF_FAULT_AT      n, from 1; TF_FAULT_ON=1: from then on every call
//   TF_FAULT_ERRNO   of failing calls
//   TF_FAULT_SEED    of what a power cut leaves
//   TF_FAULT_LIE     file or folder: their syncs only say that they were done
//   TF_FAULT_COUNT   file that gets the number of calls at the end
#include <dlfcn.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>

#include "disk.hpp"

namespace {

using faults::Disk;

template <class Call>
Call* next_of(const char* name) {
  return reinterpret_cast<Call*>(::dlsym(RTLD_NEXT, name));
}

std::string setting(const char* name) {
  const char* text = std::getenv(name);
  return text ? text : "";
}

struct State {
  std::string root = setting("TF_FAULT_ROOT"), mode = setting("TF_FAULT_MODE"), calls = setting("TF_FAULT_CALLS"),
              lie = setting("TF_FAULT_LIE");
  long at = std::atol(setting("TF_FAULT_AT").c_str());
  bool on = setting("TF_FAULT_ON") == "1";
  int number = std::atoi(setting("TF_FAULT_ERRNO").c_str());
  long count = 0;
  std::unique_ptr<Disk> disk;
  std::recursive_mutex mutex;

  State() {
    if (calls.empty()) calls = "create,write,truncate,fsync,rename,link,unlink,mkdir";
    calls = "," + calls + ",";
  }
};

thread_local int depth = 0;  // calls that the shadow makes itself pass

State& state() {
  static State* const made = [] {
    ++depth;
    auto* fresh = new State;  // outlives the destructors of the program
    if (fresh->mode == "power") fresh->disk = std::make_unique<Disk>(fresh->root);
    --depth;
    return fresh;
  }();
  return *made;
}

std::string path_of(int folder, const char* path) {
  namespace fs = std::filesystem;
  if (path[0] == '/') return fs::path(path).lexically_normal().string();
  char link[64], target[4096];
  std::snprintf(link, sizeof link, folder == AT_FDCWD ? "/proc/self/cwd" : "/proc/self/fd/%d", folder);
  const ssize_t size = ::readlink(link, target, sizeof target);
  if (size <= 0) return {};
  return (fs::path(std::string(target, static_cast<std::size_t>(size))) / path).lexically_normal().string();
}

std::string path_of(int fd) {
  char link[64], target[4096];
  std::snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  const ssize_t size = ::readlink(link, target, sizeof target);
  return size <= 0 ? "" : std::string(target, static_cast<std::size_t>(size));
}

/// One call that counts, or not. While it lives the model is locked.
class Call {
 public:
  Call(const char* kind, const std::string& path) {
    if (depth > 0) return;
    State& all = state();
    if (all.root.empty() || !(path == all.root || path.starts_with(all.root + "/"))) return;
    lock_.emplace(all.mutex);
    ++depth;
    watched_ = true;
    if (all.calls.find("," + std::string(kind) + ",") == std::string::npos) return;
    ++all.count;
    if (all.count != all.at && !(all.on && all.count > all.at)) return;
    if (all.mode == "kill") ::kill(::getpid(), SIGKILL);
    if (all.mode == "stop") ::kill(::getpid(), SIGSTOP);
    if (all.mode == "power") {
      all.disk->cut_power(std::strtoull(setting("TF_FAULT_SEED").c_str(), nullptr, 10));
      ::kill(::getpid(), SIGKILL);
    }
    fails_ = all.mode == "fail";
  }
  ~Call() {
    if (watched_) --depth;
  }
  Call(const Call&) = delete;

  bool fails() const {
    if (fails_) errno = state().number;
    return fails_;
  }
  /// The shadow, when this call is one that it must know of.
  Disk* disk() const { return watched_ ? state().disk.get() : nullptr; }

 private:
  std::optional<std::unique_lock<std::recursive_mutex>> lock_;
  bool watched_ = false, fails_ = false;
};

int open_at(int folder, const char* path, int flags, mode_t mode) {
  static auto* const real = next_of<int(int, const char*, int, ...)>("openat");
  if (depth > 0) return real(folder, path, flags, mode);
  const std::string full = path_of(folder, path);
  const bool is_new = flags & O_CREAT && ::access(full.c_str(), F_OK) != 0;
  const bool writes = flags & (O_CREAT | O_TRUNC | O_WRONLY | O_RDWR);
  const bool counts_open = state().calls.find(",open,") != std::string::npos;
  const Call call(counts_open ? "open" : is_new || writes ? "create" : "open", full);
  if (call.fails()) return -1;
  const int fd = real(folder, path, flags, mode);
  if (fd >= 0 && call.disk()) {
    if (is_new)
      call.disk()->made_file(full);
    else if (flags & O_TRUNC)
      call.disk()->truncated(fd, 0);
  }
  return fd;
}

mode_t mode_of(int flags, va_list arguments) { return flags & O_CREAT ? va_arg(arguments, mode_t) : 0; }

template <class Real>
ssize_t write_at(Real* real, int fd, const void* bytes, size_t count, off_t offset) {
  const Call call("write", depth > 0 ? "" : path_of(fd));
  if (call.fails()) return -1;
  const ssize_t done = real(fd, bytes, count, offset);
  if (done > 0 && call.disk()) call.disk()->wrote(fd, offset, bytes, static_cast<std::size_t>(done));
  return done;
}

int truncate_to(int fd, off_t size) {
  static auto* const real = next_of<int(int, off_t)>("ftruncate");
  const Call call("truncate", depth > 0 ? "" : path_of(fd));
  if (call.fails()) return -1;
  const int result = real(fd, size);
  if (result == 0 && call.disk()) call.disk()->truncated(fd, size);
  return result;
}

int sync_of(const char* name, int fd) {
  auto* const real = next_of<int(int)>(name);
  const std::string path = depth > 0 ? "" : path_of(fd);
  const Call call("fsync", path);
  if (call.fails()) return -1;
  if (!call.disk()) return real(fd);
  struct stat status {};
  ::fstat(fd, &status);
  const bool is_folder = S_ISDIR(status.st_mode);
  if (state().lie == (is_folder ? "folder" : "file")) return 0;
  if (is_folder)
    call.disk()->synced_folder(path);
  else
    call.disk()->synced_file(fd);
  return 0;  // the shadow is the disk
}

template <class Act>
int rename_by(const std::string& from, const std::string& to, const Act& act) {
  const Call call("rename", to);
  if (call.fails()) return -1;
  const int result = act();
  if (result == 0 && call.disk()) call.disk()->renamed(from, to);
  return result;
}

template <class Act>
int link_by(const std::string& from, const std::string& to, const Act& act) {
  const Call call("link", to);
  if (call.fails()) return -1;
  const int result = act();
  if (result == 0 && call.disk()) call.disk()->linked(from, to);
  return result;
}

template <class Act>
int remove_by(const std::string& path, const Act& act) {
  const Call call("unlink", path);
  if (call.fails()) return -1;
  const int result = act();
  if (result == 0 && call.disk()) call.disk()->removed(path);
  return result;
}

template <class Act>
int make_folder_by(const std::string& path, const Act& act) {
  const Call call("mkdir", path);
  if (call.fails()) return -1;
  const int result = act();
  if (result == 0 && call.disk()) call.disk()->made_folder(path);
  return result;
}

__attribute__((destructor)) void write_count() {
  const std::string path = setting("TF_FAULT_COUNT");
  if (path.empty()) return;
  if (std::FILE* file = std::fopen(path.c_str(), "w")) {
    std::fprintf(file, "%ld\n", state().count);
    std::fclose(file);
  }
}

}  // namespace

extern "C" {

int open(const char* path, int flags, ...) {
  va_list arguments;
  va_start(arguments, flags);
  const mode_t mode = mode_of(flags, arguments);
  va_end(arguments);
  return open_at(AT_FDCWD, path, flags, mode);
}
int open64(const char* path, int flags, ...) {
  va_list arguments;
  va_start(arguments, flags);
  const mode_t mode = mode_of(flags, arguments);
  va_end(arguments);
  return open_at(AT_FDCWD, path, flags, mode);
}
int openat(int folder, const char* path, int flags, ...) {
  va_list arguments;
  va_start(arguments, flags);
  const mode_t mode = mode_of(flags, arguments);
  va_end(arguments);
  return open_at(folder, path, flags, mode);
}

ssize_t write(int fd, const void* bytes, size_t count) {
  static auto* const real = next_of<ssize_t(int, const void*, size_t)>("write");
  const Call call("write", depth > 0 ? "" : path_of(fd));
  if (call.fails()) return -1;
  const off_t offset = call.disk() ? ::lseek(fd, 0, SEEK_CUR) : 0;
  const ssize_t done = real(fd, bytes, count);
  if (done > 0 && call.disk()) call.disk()->wrote(fd, offset, bytes, static_cast<std::size_t>(done));
  return done;
}
ssize_t pwrite(int fd, const void* bytes, size_t count, off_t offset) {
  static auto* const real = next_of<ssize_t(int, const void*, size_t, off_t)>("pwrite");
  return write_at(real, fd, bytes, count, offset);
}
ssize_t pwrite64(int fd, const void* bytes, size_t count, off_t offset) { return pwrite(fd, bytes, count, offset); }

int ftruncate(int fd, off_t size) noexcept { return truncate_to(fd, size); }
int ftruncate64(int fd, off_t size) noexcept { return truncate_to(fd, size); }
int fsync(int fd) { return sync_of("fsync", fd); }
int fdatasync(int fd) { return sync_of("fdatasync", fd); }

int rename(const char* from, const char* to) noexcept {
  static auto* const real = next_of<int(const char*, const char*)>("rename");
  return rename_by(path_of(AT_FDCWD, from), path_of(AT_FDCWD, to), [&] { return real(from, to); });
}
int renameat2(int from_folder, const char* from, int to_folder, const char* to, unsigned flags) noexcept {
  static auto* const real = next_of<int(int, const char*, int, const char*, unsigned)>("renameat2");
  return rename_by(path_of(from_folder, from), path_of(to_folder, to),
                   [&] { return real(from_folder, from, to_folder, to, flags); });
}
int link(const char* from, const char* to) noexcept {
  static auto* const real = next_of<int(const char*, const char*)>("link");
  return link_by(path_of(AT_FDCWD, from), path_of(AT_FDCWD, to), [&] { return real(from, to); });
}
int unlink(const char* path) noexcept {
  static auto* const real = next_of<int(const char*)>("unlink");
  return remove_by(path_of(AT_FDCWD, path), [&] { return real(path); });
}
int unlinkat(int folder, const char* path, int flags) noexcept {
  static auto* const real = next_of<int(int, const char*, int)>("unlinkat");
  return remove_by(path_of(folder, path), [&] { return real(folder, path, flags); });
}
int remove(const char* path) noexcept {
  static auto* const real = next_of<int(const char*)>("remove");
  return remove_by(path_of(AT_FDCWD, path), [&] { return real(path); });
}
int rmdir(const char* path) noexcept {
  static auto* const real = next_of<int(const char*)>("rmdir");
  return remove_by(path_of(AT_FDCWD, path), [&] { return real(path); });
}
int mkdir(const char* path, mode_t mode) noexcept {
  static auto* const real = next_of<int(const char*, mode_t)>("mkdir");
  return make_folder_by(path_of(AT_FDCWD, path), [&] { return real(path, mode); });
}

}  // extern "C"
