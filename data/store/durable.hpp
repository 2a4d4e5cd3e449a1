// Files as the store needs them: positioned reads, writes that are on the disk when they return, publishing by rename.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>

namespace tf::data {

/// Owner of a file descriptor; closed on every path, never inherited by a program started from here.
class FileHandle {
 public:
  FileHandle() = default;
  explicit FileHandle(int fd) : fd_(fd) {}
  ~FileHandle() { close(); }
  FileHandle(FileHandle&& other) noexcept : fd_(other.fd_) { other.fd_ = -1; }
  FileHandle& operator=(FileHandle&& other) noexcept {
    if (this != &other) {
      close();
      fd_ = other.fd_;
      other.fd_ = -1;
    }
    return *this;
  }
  int fd() const { return fd_; }
  void close();

 private:
  int fd_ = -1;
};

/// Throws Error{io} with what was tried, the path and the system's reason (errno of the call before).
[[noreturn]] void throw_io(const char* what, const std::string& path);

/// Throws Error{no_input} when there is no such file, Error{io} for any other refusal.
FileHandle open_to_read(const std::string& path);
int64_t file_bytes(const FileHandle& file, const std::string& path);
/// Bytes read: less than asked only at the end of the file.
std::size_t read_at(const FileHandle& file, void* to, std::size_t count, int64_t offset, const std::string& path);
void write_at(const FileHandle& file, const void* from, std::size_t count, int64_t offset, const std::string& path);
void sync_file(const FileHandle& file, const std::string& path);
void sync_folder(const std::string& folder);

/// Makes `folder` and its missing parents, each synced into its parent.
void make_folders(const std::string& folder);

/// Creates (or takes over, when its writer is dead) the temporary file `path`, empty and locked until the handle
/// closes. Throws Error{again} while another writer holds it.
FileHandle lock_temporary(const std::string& path);
/// Removes `path` unless its writer is alive or it is no plain file. True if it was stale; with `dry_run` it stays.
bool remove_if_stale(const std::string& path, bool dry_run = false);
/// Removes `path` if it still means the file that is held: after a rename the name may be another writer's.
void remove_held(const FileHandle& file, const std::string& path);

/// Renames within one folder and syncs the folder. Without `replace` an existing `to` is left alone and false returned.
bool publish(const std::string& from, const std::string& to, bool replace);

}  // namespace tf::data
