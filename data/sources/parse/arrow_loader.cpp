#include <dlfcn.h>

#include <cstdlib>
#include <filesystem>

#include "cuda/base/error.hpp"
#include "data/arrow/arrow_library.hpp"

namespace tf::data {
namespace {

std::string library_path() {
  if (const char* path = std::getenv("TF_ARROW_LIBRARY"); path && *path) return path;
  std::error_code failed;
  const std::filesystem::path program = std::filesystem::read_symlink("/proc/self/exe", failed);
  if (failed) throw Error(ErrorKind::io, "/proc/self/exe cannot be read: " + failed.message());
  return (program.parent_path() / "libtickfold_arrow.so").string();
}

const ArrowLibrary* load_library() {
  const std::string path = library_path();
  void* const library = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  using Function = const ArrowLibrary* (*)();
  const auto function = library ? reinterpret_cast<Function>(dlsym(library, "tf_arrow_library")) : nullptr;
  if (function) return function();
  const char* const reason = dlerror();
  throw Error(ErrorKind::no_input, "Parquet and Feather need Arrow, which cannot be loaded from " + path + " (" +
                                       (reason ? reason : "no reason given") +
                                       "): run ./dev setup and ./dev build, or name the library in TF_ARROW_LIBRARY");
}

}  // namespace

const ArrowLibrary& arrow_library() {
  static const ArrowLibrary* const library = load_library();  // never unloaded
  return *library;
}

}  // namespace tf::data
