#include "engine/app/input_files.hpp"

#include <algorithm>
#include <filesystem>

#include "cuda/base/error.hpp"

namespace tf::app {
namespace {

namespace fs = std::filesystem;

bool matches(std::string_view name, std::string_view pattern) {
  // Greedy with one step back: the last * takes one character more whenever the rest does not fit.
  std::size_t at = 0, in = 0, star = pattern.npos, star_at = 0;
  while (at < name.size()) {
    if (in < pattern.size() && (pattern[in] == '?' || pattern[in] == name[at]) && pattern[in] != '*') {
      ++at;
      ++in;
    } else if (in < pattern.size() && pattern[in] == '*') {
      star = in++;
      star_at = at;
    } else if (star != pattern.npos) {
      in = star + 1;
      at = ++star_at;
    } else {
      return false;
    }
  }
  while (in < pattern.size() && pattern[in] == '*') ++in;
  return in == pattern.size();
}

bool is_data(const std::string& name) {
  return !name.empty() && name.front() != '.' && !name.ends_with(".CHECKSUM") && !name.ends_with(".md5") &&
         !name.ends_with(".sha256");
}

}  // namespace

std::vector<std::string> expand_path(const std::string& path) {
  std::vector<std::string> files;
  const fs::path given(path);
  const std::string name = given.filename().string();
  std::error_code error;
  if (fs::is_directory(given, error)) {
    for (auto entry = fs::recursive_directory_iterator(given, fs::directory_options::skip_permission_denied);
         entry != fs::recursive_directory_iterator(); ++entry) {
      const std::string inside = entry->path().filename().string();
      if (entry->is_directory() && inside.front() == '.') entry.disable_recursion_pending();
      if (entry->is_regular_file() && is_data(inside)) files.push_back(entry->path().string());
    }
  } else if (name.find_first_of("*?") != std::string::npos && !fs::exists(given, error)) {
    const fs::path parent = given.parent_path().empty() ? fs::path(".") : given.parent_path();
    if (fs::is_directory(parent, error))
      for (const auto& entry : fs::directory_iterator(parent))
        if (entry.is_regular_file() && matches(entry.path().filename().string(), name))
          files.push_back(entry.path().string());
  } else {
    return {path};
  }
  std::sort(files.begin(), files.end());
  if (files.empty()) throw Error(ErrorKind::no_input, path + ": no file there");
  return files;
}

}  // namespace tf::app
