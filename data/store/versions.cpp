#include "data/store/versions.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <filesystem>
#include <map>
#include <optional>

#include "cuda/base/error.hpp"

namespace tf::data {
namespace {

namespace fs = std::filesystem;

constexpr const char* kDaySuffix = ".h5";
constexpr std::size_t kDayChars = 10;  ///< of YYYY-MM-DD

/// Which file a name means at this moment; empty when there is none.
struct Identity {
  dev_t device;
  ino_t inode;
  bool operator==(const Identity&) const = default;
};
std::optional<Identity> identity_of(const std::string& path) {
  struct stat status;
  if (::stat(path.c_str(), &status) != 0) return {};
  return Identity{status.st_dev, status.st_ino};
}

std::optional<VersionFile> parse_name(const std::string& folder, const std::string& name) {
  if (!name.ends_with(kDaySuffix) || name.size() < kDayChars + 6 || name.compare(kDayChars, 2, ".v") != 0) return {};
  const std::optional<Day> day = parse_day(name.substr(0, kDayChars));
  VersionFile file;
  const char *first = name.data() + kDayChars + 2, *last = name.data() + name.size() - 3;
  const auto end = std::from_chars(first, last, file.number);
  if (!day || end.ec != std::errc() || end.ptr != last || file.number < 1) return {};
  file.day = *day;
  file.path = (fs::path(folder) / name).string();
  return file.path == (fs::path(folder) / version_file_name(file.day, file.number)).string()
             ? std::optional<VersionFile>(file)
             : std::nullopt;
}

/// Gives the file that is there its second name. On return that name is on the disk.
void keep_as_version(const std::string& path) {
  const std::optional<Identity> current = identity_of(path);
  if (!current) return;
  const std::string folder = fs::path(path).parent_path().string();
  const std::optional<Day> day = parse_day(fs::path(path).filename().string().substr(0, kDayChars));
  expect(day.has_value(), "a day file is named by its day");
  std::vector<VersionFile> leftovers;
  int64_t number = 0;
  for (const VersionFile& version : version_files(folder, &leftovers))
    if (version.day == *day) number = std::max(number, version.number);
  const bool linked = std::any_of(leftovers.begin(), leftovers.end(),
                                  [&](const VersionFile& leftover) { return leftover.day == *day; });
  while (!linked && ::link(path.c_str(), (fs::path(folder) / version_file_name(*day, ++number)).c_str()) != 0)
    if (errno != EEXIST) throw_io("keep what is there as an old version (a hard link)", path);
  sync_folder(folder);
}

}  // namespace

std::string day_file_name(Day day) { return to_text(day) + kDaySuffix; }

std::string version_file_name(Day day, int64_t number) {
  return to_text(day) + ".v" + std::to_string(number) + kDaySuffix;
}

bool is_version_name(const std::string& name) { return parse_name("", name).has_value(); }

std::vector<VersionFile> version_files(const std::string& folder, std::vector<VersionFile>* leftover_links) {
  std::vector<VersionFile> versions;
  std::error_code ignored;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder, ignored)) {
    const std::optional<VersionFile> version = parse_name(folder, entry.path().filename().string());
    if (!version) continue;
    const std::optional<Identity> own = identity_of(version->path);
    if (!own) continue;  // pruned since it was listed
    const bool is_leftover = own == identity_of((fs::path(folder) / day_file_name(version->day)).string());
    if (!is_leftover) versions.push_back(*version);
    if (is_leftover && leftover_links) leftover_links->push_back(*version);
  }
  std::sort(versions.begin(), versions.end(), [](const VersionFile& one, const VersionFile& other) {
    return one.day != other.day ? one.day < other.day : one.number < other.number;
  });
  return versions;
}

std::vector<VersionFile> version_files(const std::string& folder, Day day) {
  std::vector<VersionFile> versions = version_files(folder);
  std::erase_if(versions, [&](const VersionFile& version) { return version.day != day; });
  return versions;
}

std::string temporary_day_path(const std::string& folder, Day day) {
  return (fs::path(folder) / ("." + day_file_name(day) + ".tmp")).string();
}

DayLock::DayLock(const std::string& folder, Day day)
    : temporary_(temporary_day_path(folder, day)), file_(lock_temporary(temporary_)) {}

DayLock::~DayLock() { remove_held(file_, temporary_); }

bool publish_day(const std::string& from, const std::string& to, bool replace) {
  if (replace) keep_as_version(to);
  return publish(from, to, replace);
}

std::vector<std::string> sweep_stale(const std::string& folder, bool dry_run) {
  std::vector<std::string> stale;
  std::error_code ignored;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder, ignored)) {
    const std::string name = entry.path().filename().string();
    if (name.starts_with(".part-") || (name.starts_with(".") && name.ends_with(".tmp")))
      if (remove_if_stale(entry.path().string(), dry_run)) stale.push_back(entry.path().string());
  }
  std::sort(stale.begin(), stale.end());
  return stale;
}

std::vector<std::string> prune_versions(const std::string& folder, int keep, bool dry_run) {
  if (keep < 0) throw Error(ErrorKind::usage, "prune keeps " + std::to_string(keep) + " versions: expected 0 or more");
  std::vector<std::string> removed = sweep_stale(folder, dry_run);
  std::vector<VersionFile> leftovers, versions = version_files(folder, &leftovers);
  const auto remove = [&](const std::string& path) {
    if (!dry_run && ::unlink(path.c_str()) != 0) {
      if (errno == ENOENT) return;
      throw_io("remove", path);
    }
    removed.push_back(path);
  };

  // Oldest first: what a crash leaves are the newest.
  std::map<Day, int64_t> count;
  for (const VersionFile& version : versions) ++count[version.day];
  for (const VersionFile& version : versions)
    if (count[version.day]-- > keep) remove(version.path);

  // A second name of a current file is what a crash left, unless a writer is about to rename over it.
  for (const VersionFile& leftover : leftovers) try {
      std::optional<DayLock> lock;
      if (!dry_run) lock.emplace(folder, leftover.day);
      if (identity_of(leftover.path) == identity_of((fs::path(folder) / day_file_name(leftover.day)).string()))
        remove(leftover.path);
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::again) throw;
    }
  if (!removed.empty() && !dry_run) sync_folder(folder);
  std::sort(removed.begin(), removed.end());
  return removed;
}

}  // namespace tf::data
