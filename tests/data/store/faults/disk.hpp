// What a disk would hold if the power went now: a shadow of everything below one folder. A file's bytes are on the disk
// up to its last sync, a folder's names up to the sync of that folder; what came later is there or not, by chance.
#pragma once
#include <cstdint>
#include <map>
#include <random>
#include <string>
#include <vector>

namespace faults {

class Disk {
 public:
  /// Everything below `root` as it is now counts as synced.
  explicit Disk(const std::string& root);

  void made_file(const std::string& path);
  void made_folder(const std::string& path);
  void linked(const std::string& from, const std::string& to);
  void renamed(const std::string& from, const std::string& to);
  void removed(const std::string& path);
  void wrote(int fd, int64_t offset, const void* bytes, std::size_t count);
  void truncated(int fd, int64_t size);
  void synced_file(int fd);
  void synced_folder(const std::string& path);

  /// Replaces what lies below the root by one of the states that a power cut may leave.
  void cut_power(uint64_t seed);

 private:
  struct Change {
    bool is_size = false;
    int64_t offset = 0;  ///< or the size
    std::string bytes;
  };
  struct File {
    std::string synced;
    std::vector<Change> changes;
  };
  struct Entry {
    bool is_folder = false;
    int file = -1;
  };
  struct NameChange {
    std::string name;
    bool is_removal = false;
    Entry entry;
  };
  struct Folder {
    std::map<std::string, Entry> synced, now;
    std::vector<NameChange> changes;
  };

  void scan(const std::string& folder);
  void change(const std::string& path, bool is_removal, Entry entry);
  int file_of(int fd);
  int file_at(const std::string& path);
  std::string left_of(const File& file, double kept);
  void put(const std::string& folder, double kept, std::map<int, std::string>& placed);
  bool chance(double share) { return std::uniform_real_distribution<double>(0, 1)(random_) < share; }

  std::string root_;
  std::map<std::string, Folder> folders_;
  std::vector<File> files_;
  std::map<std::pair<uint64_t, uint64_t>, int> by_inode_;
  std::mt19937_64 random_;
};

}  // namespace faults
