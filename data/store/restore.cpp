#include "data/store/restore.hpp"

#include <algorithm>
#include <filesystem>

#include "cuda/base/error.hpp"
#include "data/store/day_file.hpp"
#include "data/store/repair.hpp"
#include "data/store/versions.hpp"

namespace tf::data {

DayInfo restore_version(const TickStore& store, const std::string& id, Day day, int64_t number) {
  store.instrument(id);
  const std::string path = std::filesystem::absolute(store.day_path(id, day)).lexically_normal().string();
  const std::string folder = std::filesystem::path(path).parent_path().string();
  // Whoever replaces the day waits, so the version that is checked is the one that is taken.
  const DayLock lock(folder, day);
  const std::vector<VersionFile> versions = version_files(folder, day);
  const auto chosen = std::find_if(versions.begin(), versions.end(),
                                   [&](const VersionFile& version) { return version.number == number; });
  if (chosen == versions.end()) {
    std::string known;
    for (const VersionFile& version : versions) known += (known.empty() ? "" : ", ") + std::to_string(version.number);
    throw Error(ErrorKind::no_input, path + ": no old version " + std::to_string(number) +
                                         "; there are: " + (known.empty() ? "none" : known));
  }
  const FileState state = file_state(chosen->path, id, day, true);
  if (!state.damages.empty())
    throw Error(ErrorKind::bad_data,
                "the version is damaged, the day stays as it is: " + to_text(state.damages.front()));
  publish_day(chosen->path, path, true);
  DayInfo restored = *state.info;
  restored.path = path;
  return restored;
}

}  // namespace tf::data
