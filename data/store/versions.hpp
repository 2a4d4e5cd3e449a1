// Old versions of a day beside the current file <YYYY-MM-DD>.h5: <YYYY-MM-DD>.v<N>.h5, N counting up from 1. A day is
// replaced in four steps, each of which leaves a store that reads right: the new file is whole and synced under its
// temporary name; the current file gets a second name (hard link) as version N; the folder is synced; the new file is
// renamed over the current name, the folder is synced again. After a crash between link and rename version N is the
// current file itself: such a leftover is no version, and the next replacement uses it.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "cuda/base/time.hpp"
#include "data/store/durable.hpp"

namespace tf::data {

/// The name of a day's current file, and of its version N.
std::string day_file_name(Day day);
std::string version_file_name(Day day, int64_t number);
bool is_version_name(const std::string& name);

struct VersionFile {
  Day day;
  int64_t number = 0;
  std::string path;
};
/// Old versions in an instrument's folder by name, ascending by day and number; their contents are not looked at.
/// Leftover links of current files are left out, or in `leftover_links` alone.
std::vector<VersionFile> version_files(const std::string& folder, std::vector<VersionFile>* leftover_links = nullptr);
std::vector<VersionFile> version_files(const std::string& folder, Day day);

/// The right to publish one day, held by its writer as the lock of its temporary file.
class DayLock {
 public:
  /// Throws Error{again} while another writer is at work on this day.
  DayLock(const std::string& folder, Day day);
  ~DayLock();
  DayLock(const DayLock&) = delete;
  DayLock& operator=(const DayLock&) = delete;

 private:
  std::string temporary_;
  FileHandle file_;
};

/// Name of the temporary file of a day's writer.
std::string temporary_day_path(const std::string& folder, Day day);

/// Makes the synced file `from` the day `to`; the caller holds that day's lock. With `replace` the file that is there
/// becomes the day's newest old version; without, false is returned when there is one.
bool publish_day(const std::string& from, const std::string& to, bool replace);

/// Removes what dead writers left in a folder: temporary files (.*.tmp) and parts (.part-*) that nobody holds locked.
/// Returns their paths, sorted; with `dry_run` nothing is removed.
std::vector<std::string> sweep_stale(const std::string& folder, bool dry_run = false);

/// Removes old versions in a folder but the newest `keep` of each day, leftover links and stale files. Returns the
/// paths removed, sorted.
std::vector<std::string> prune_versions(const std::string& folder, int keep, bool dry_run);

}  // namespace tf::data
