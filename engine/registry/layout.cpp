#include "engine/registry/layout.hpp"

#include <algorithm>
#include <filesystem>

#include "cuda/base/error.hpp"

namespace tf::registry {
namespace {

namespace fs = std::filesystem;

std::vector<fs::path> children(const fs::path& folder) {
  std::vector<fs::path> paths;
  if (!fs::is_directory(folder)) return paths;
  for (const fs::directory_entry& child : fs::directory_iterator(folder))
    if (!child.path().filename().string().starts_with(".")) paths.push_back(child.path());
  std::sort(paths.begin(), paths.end());
  return paths;
}

void require_hash_name(const std::string& name, const char* what) {
  if (!is_hash_name(name))
    throw Error(ErrorKind::no_input, "\"" + name + "\" is not the name of " + what + ": 64 hex digits were expected");
}

}  // namespace

bool is_hash_name(std::string_view name) {
  return name.size() == 64 &&
         std::all_of(name.begin(), name.end(), [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

std::string object_path_of(const std::string& root, const std::string& name) {
  require_hash_name(name, "an object");
  return root + "/objects/" + name.substr(0, 2) + "/" + name.substr(2);
}

std::string model_path_of(const std::string& root, const std::string& model_id) {
  require_hash_name(model_id, "a model");
  return root + "/models/" + model_id + ".json";
}

std::vector<StoredFile> stored_objects(const std::string& root) {
  std::vector<StoredFile> files;
  for (const fs::path& shelf : children(root + "/objects")) {
    if (!fs::is_directory(shelf)) {
      files.push_back({shelf.string(), ""});
      continue;
    }
    for (const fs::path& path : children(shelf)) {
      const std::string name = shelf.filename().string() + path.filename().string();
      files.push_back({path.string(), is_hash_name(name) ? name : ""});
    }
  }
  return files;
}

std::vector<StoredFile> stored_models(const std::string& root) {
  std::vector<StoredFile> files;
  for (const fs::path& path : children(root + "/models")) {
    const std::string name = path.stem().string();
    files.push_back({path.string(), path.extension() == ".json" && is_hash_name(name) ? name : ""});
  }
  return files;
}

}  // namespace tf::registry
