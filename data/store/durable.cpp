#include "data/store/durable.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <system_error>
#include <thread>

#include "cuda/base/error.hpp"

namespace tf::data {
namespace {

/// True if the name still means the open file: others rename and unlink too.
bool still_names(const std::string& path, const FileHandle& file) {
  struct stat ours, named;
  return ::fstat(file.fd(), &ours) == 0 && ::stat(path.c_str(), &named) == 0 && ours.st_ino == named.st_ino &&
         ours.st_dev == named.st_dev;
}

/// Takes the lock, or waits at most 20 ms for it: who looks whether a file is stale holds its lock for a moment.
bool lock_soon(const FileHandle& file, const std::string& path) {
  for (int tries = 0; ::flock(file.fd(), LOCK_EX | LOCK_NB) != 0; ++tries) {
    if (errno != EWOULDBLOCK) throw_io("lock", path);
    if (tries == 20) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  return true;
}

}  // namespace

void FileHandle::close() {
  if (fd_ >= 0) ::close(fd_);
  fd_ = -1;
}

void throw_io(const char* what, const std::string& path) {
  const int reason = errno;
  throw Error(ErrorKind::io, path + ": cannot " + what + ": " + std::generic_category().message(reason));
}

FileHandle open_to_read(const std::string& path) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0 && (errno == ENOENT || errno == ENOTDIR)) throw Error(ErrorKind::no_input, path + ": no such file");
  if (fd < 0) throw_io("open", path);
  return FileHandle(fd);
}

int64_t file_bytes(const FileHandle& file, const std::string& path) {
  struct stat status;
  if (::fstat(file.fd(), &status) != 0) throw_io("look up the size", path);
  return status.st_size;
}

std::size_t read_at(const FileHandle& file, void* to, std::size_t count, int64_t offset, const std::string& path) {
  std::size_t done = 0;
  while (done < count) {
    const ssize_t part = ::pread(file.fd(), static_cast<char*>(to) + done, count - done, offset + int64_t(done));
    if (part == 0) break;
    if (part < 0 && errno == EINTR) continue;
    if (part < 0) throw_io("read", path);
    done += static_cast<std::size_t>(part);
  }
  return done;
}

void write_at(const FileHandle& file, const void* from, std::size_t count, int64_t offset, const std::string& path) {
  std::size_t done = 0;
  while (done < count) {
    const ssize_t part =
        ::pwrite(file.fd(), static_cast<const char*>(from) + done, count - done, offset + int64_t(done));
    if (part < 0 && errno == EINTR) continue;
    if (part < 0) throw_io("write", path);
    done += static_cast<std::size_t>(part);
  }
}

void sync_file(const FileHandle& file, const std::string& path) {
  if (::fsync(file.fd()) != 0) throw_io("sync", path);
}

void sync_folder(const std::string& folder) {
  const FileHandle handle(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (handle.fd() < 0) throw_io("open", folder);
  sync_file(handle, folder);
}

void make_folders(const std::string& folder) {
  const std::filesystem::path path(folder);
  if (std::filesystem::is_directory(path)) return;
  const std::filesystem::path parent = path.parent_path();
  if (!parent.empty() && parent != path) make_folders(parent.string());
  if (::mkdir(folder.c_str(), 0777) != 0 && errno != EEXIST) throw_io("make the folder", folder);
  sync_folder(parent.empty() ? "." : parent.string());
}

FileHandle lock_temporary(const std::string& path) {
  for (;;) {
    FileHandle file(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666));
    if (file.fd() < 0) throw_io("create", path);
    if (!lock_soon(file, path)) throw Error(ErrorKind::again, path + ": another writer is at work on this day");
    // Between open and lock the file may have been published or swept away: then the name means another file by now.
    if (!still_names(path, file)) continue;
    if (::ftruncate(file.fd(), 0) != 0) {
      const int reason = errno;
      remove_held(file, path);
      errno = reason;
      throw_io("empty", path);
    }
    return file;
  }
}

bool remove_if_stale(const std::string& path, bool dry_run) {
  const FileHandle file(::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC));
  struct stat status;
  if (file.fd() < 0 || ::fstat(file.fd(), &status) != 0 || !S_ISREG(status.st_mode)) return false;
  if (::flock(file.fd(), LOCK_EX | LOCK_NB) != 0 || !still_names(path, file)) return false;
  return dry_run || ::unlink(path.c_str()) == 0;
}

void remove_held(const FileHandle& file, const std::string& path) {
  if (still_names(path, file)) ::unlink(path.c_str());
}

bool publish(const std::string& from, const std::string& to, bool replace) {
  if (replace) {
    if (::rename(from.c_str(), to.c_str()) != 0) throw_io("rename to its final name", from);
  } else if (::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE) != 0) {
    if (errno == EEXIST) return false;
    if (errno != EINVAL && errno != ENOSYS) throw_io("rename to its final name", from);
    // A file system without RENAME_NOREPLACE: a hard link refuses an existing name just as well.
    if (::link(from.c_str(), to.c_str()) != 0) {
      if (errno == EEXIST) return false;
      throw_io("link to its final name", from);
    }
    ::unlink(from.c_str());
  }
  sync_folder(std::filesystem::path(to).parent_path().string());
  return true;
}

}  // namespace tf::data
