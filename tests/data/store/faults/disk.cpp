#include "disk.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <system_error>

namespace faults {
namespace fs = std::filesystem;
namespace {

std::string parent_of(const std::string& path) { return fs::path(path).parent_path().string(); }
std::string name_of(const std::string& path) { return fs::path(path).filename().string(); }

std::string bytes_of(int fd) {
  struct stat status {};
  ::fstat(fd, &status);
  std::string bytes(static_cast<std::size_t>(status.st_size), '\0');
  std::size_t done = 0;
  while (done < bytes.size()) {
    const ssize_t part = ::pread(fd, bytes.data() + done, bytes.size() - done, static_cast<off_t>(done));
    if (part <= 0) break;
    done += static_cast<std::size_t>(part);
  }
  bytes.resize(done);
  return bytes;
}

std::pair<uint64_t, uint64_t> inode_of(const struct stat& status) { return {status.st_dev, status.st_ino}; }

void apply(std::string& bytes, int64_t offset, std::string_view from) {
  const auto at = static_cast<std::size_t>(offset);
  if (bytes.size() < at + from.size()) bytes.resize(at + from.size());
  std::copy(from.begin(), from.end(), bytes.begin() + static_cast<std::ptrdiff_t>(at));
}

}  // namespace

Disk::Disk(const std::string& root) : root_(root) { scan(root); }

void Disk::scan(const std::string& folder) {
  Folder& made = folders_[folder];
  std::vector<std::string> below;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder)) {
    const std::string path = entry.path().string();
    struct stat status {};
    if (::lstat(path.c_str(), &status) != 0) continue;
    if (S_ISDIR(status.st_mode)) {
      made.now[name_of(path)] = {true, -1};
      below.push_back(path);
      continue;
    }
    const auto [known, is_new] = by_inode_.try_emplace(inode_of(status), static_cast<int>(files_.size()));
    if (is_new) {
      const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
      files_.push_back({bytes_of(fd), {}});
      ::close(fd);
    }
    made.now[name_of(path)] = {false, known->second};
  }
  made.synced = made.now;
  for (const std::string& path : below) scan(path);
}

void Disk::change(const std::string& path, bool is_removal, Entry entry) {
  Folder& folder = folders_[parent_of(path)];
  folder.changes.push_back({name_of(path), is_removal, entry});
  if (is_removal)
    folder.now.erase(name_of(path));
  else
    folder.now[name_of(path)] = entry;
}

int Disk::file_at(const std::string& path) { return folders_[parent_of(path)].now.at(name_of(path)).file; }

int Disk::file_of(int fd) {
  struct stat status {};
  ::fstat(fd, &status);
  return by_inode_.at(inode_of(status));
}

void Disk::made_file(const std::string& path) {
  struct stat status {};
  ::stat(path.c_str(), &status);
  // The system may give a number again that a removed file had.
  by_inode_[inode_of(status)] = static_cast<int>(files_.size());
  change(path, false, {false, static_cast<int>(files_.size())});
  files_.emplace_back();
}

void Disk::made_folder(const std::string& path) {
  folders_[path] = {};
  change(path, false, {true, -1});
}

void Disk::linked(const std::string& from, const std::string& to) { change(to, false, {false, file_at(from)}); }

void Disk::renamed(const std::string& from, const std::string& to) {
  const Entry entry = folders_[parent_of(from)].now.at(name_of(from));
  if (parent_of(from) == parent_of(to)) {
    // Within one folder a rename is one step: both names change or none. Told as a removal that brings a name along.
    change(to, false, entry);
    folders_[parent_of(to)].changes.back().name += '/' + name_of(from);
    folders_[parent_of(from)].now.erase(name_of(from));
    return;
  }
  change(to, false, entry);
  change(from, true, {});
}

void Disk::removed(const std::string& path) { change(path, true, {}); }

void Disk::wrote(int fd, int64_t offset, const void* bytes, std::size_t count) {
  files_[static_cast<std::size_t>(file_of(fd))].changes.push_back(
      {false, offset, std::string(static_cast<const char*>(bytes), count)});
}

void Disk::truncated(int fd, int64_t size) {
  files_[static_cast<std::size_t>(file_of(fd))].changes.push_back({true, size, {}});
}

void Disk::synced_file(int fd) {
  File& file = files_[static_cast<std::size_t>(file_of(fd))];
  file.synced = bytes_of(fd);
  file.changes.clear();
}

void Disk::synced_folder(const std::string& path) {
  Folder& folder = folders_[path];
  folder.synced = folder.now;
  folder.changes.clear();
}

/// The bytes that are left: of each unsynced write all, nothing, a torn first part, or a hole of zeros.
std::string Disk::left_of(const File& file, double kept) {
  std::string bytes = file.synced;
  for (const Change& change : file.changes) {
    const bool is_kept = chance(kept);
    if (change.is_size) {
      if (is_kept) bytes.resize(static_cast<std::size_t>(change.offset));
    } else if (is_kept) {
      const std::size_t torn = chance(0.1) ? random_() % (change.bytes.size() + 1) : change.bytes.size();
      apply(bytes, change.offset, std::string_view(change.bytes).substr(0, torn));
    } else if (chance(0.3) && bytes.size() < static_cast<std::size_t>(change.offset) + change.bytes.size()) {
      bytes.resize(static_cast<std::size_t>(change.offset) + change.bytes.size());
    }
  }
  return bytes;
}

void Disk::put(const std::string& folder, double kept, std::map<int, std::string>& placed) {
  const Folder& there = folders_[folder];
  std::map<std::string, Entry> names = there.synced;
  for (const NameChange& change : there.changes) {
    if (!chance(kept)) continue;
    const std::size_t slash = change.name.find('/');
    if (change.is_removal)
      names.erase(change.name);
    else
      names[change.name.substr(0, slash)] = change.entry;
    if (slash != std::string::npos) names.erase(change.name.substr(slash + 1));
  }
  for (const auto& [name, entry] : names) {
    const std::string path = (fs::path(folder) / name).string();
    if (entry.is_folder) {
      ::mkdir(path.c_str(), 0777);
      put(path, kept, placed);
    } else if (placed.contains(entry.file)) {
      if (::link(placed[entry.file].c_str(), path.c_str()) != 0) std::abort();
    } else {
      const std::string bytes = left_of(files_[static_cast<std::size_t>(entry.file)], kept);
      const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
      for (std::size_t done = 0; done < bytes.size();) {
        const ssize_t part = ::write(fd, bytes.data() + done, bytes.size() - done);
        if (part <= 0) std::abort();
        done += static_cast<std::size_t>(part);
      }
      ::close(fd);
      placed[entry.file] = path;
    }
  }
}

void Disk::cut_power(uint64_t seed) {
  random_.seed(seed);
  const double shares[] = {0, 0.1, 0.5, 0.5, 0.9, 1};
  const double kept = shares[random_() % 6];
  for (const fs::directory_entry& entry : fs::directory_iterator(root_)) fs::remove_all(entry.path());
  std::map<int, std::string> placed;
  put(root_, kept, placed);
}

}  // namespace faults
