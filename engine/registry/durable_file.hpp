// Files that are either there and whole, or not there, whenever the machine stops.
#pragma once
#include <string>
#include <string_view>

namespace tf::registry {

void make_folder(const std::string& path);  ///< with its parents, each synced into the one above
/// Temporary name in the same folder (it starts with "."), sync, rename, sync of the folder. Throws Error{io}.
void write_durably(const std::string& path, std::string_view bytes);
void sync_folder(const std::string& path);
bool file_exists(const std::string& path);
std::string read_file(const std::string& path);  ///< throws Error{no_input} or Error{io}

/// An open file, closed with its owner.
class FileHandle {
 public:
  FileHandle() = default;
  FileHandle(const std::string& path, int flags);  ///< throws Error{io}
  FileHandle(FileHandle&& other) noexcept;
  FileHandle& operator=(FileHandle&& other) noexcept;
  ~FileHandle();
  static FileHandle adopt(int number, const std::string& path);  ///< owns a descriptor; throws Error{io} where it is -1
  int number() const { return number_; }
  bool is_open() const { return number_ >= 0; }

 private:
  int number_ = -1;
};

void write_all(const FileHandle& file, const std::string& path,
               std::string_view bytes);  ///< at the end; throws Error{io}
void sync_file(const FileHandle& file, const std::string& path);

/// The exclusive flock of an open file, held for a scope; it dies with its process.
class ExclusiveLock {
 public:
  ExclusiveLock(const FileHandle& file, const std::string& path);
  ~ExclusiveLock();
  ExclusiveLock(const ExclusiveLock&) = delete;
  ExclusiveLock& operator=(const ExclusiveLock&) = delete;

 private:
  int number_;
};

}  // namespace tf::registry
