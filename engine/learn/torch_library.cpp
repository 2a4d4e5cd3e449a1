#include "engine/learn/torch_library.hpp"

#include <dlfcn.h>

#include <cstdlib>
#include <filesystem>

#include "cuda/base/error.hpp"

namespace tf::learn {
namespace {

void check_interface(void* library, const std::string& path) {
  const auto interface_of = reinterpret_cast<InterfaceFunction>(dlsym(library, kInterfaceSymbol));
  const std::string theirs = interface_of ? interface_of() : "none";
  if (theirs != TF_TRAINER_INTERFACE)
    throw Error(ErrorKind::no_input, "the trainer " + path + " is of another build: its interface is " + theirs +
                                         ", this program's " TF_TRAINER_INTERFACE
                                         ": run ./dev build, or name the right file in TF_LEARN_LIBRARY");
}

void* load_library() {
  const std::string path = torch_library_path();
  if (void* library = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL)) {
    check_interface(library, path);
    return library;
  }
  const char* reason = dlerror();
  throw Error(ErrorKind::no_input, "the trainer cannot be loaded from " + path + " (" +
                                       (reason ? reason : "no reason given") +
                                       "): run ./dev setup and ./dev build, or name the file in TF_LEARN_LIBRARY");
}

}  // namespace

std::string torch_library_path() {
  if (const char* path = std::getenv("TF_LEARN_LIBRARY"); path && *path) return path;
  std::error_code failed;
  const std::filesystem::path program = std::filesystem::read_symlink("/proc/self/exe", failed);
  if (failed) throw Error(ErrorKind::io, "/proc/self/exe cannot be read: " + failed.message());
  return (program.parent_path() / "libtickfold_learn.so").string();
}

void* torch_library_function(const char* name) {
  // Never unloaded: LibTorch does not survive it.
  static void* const library = load_library();
  if (void* function = dlsym(library, name)) return function;
  throw Error(ErrorKind::internal, torch_library_path() + " has no function " + name + ": it is of another build");
}

Trainer& torch_trainer() { return *reinterpret_cast<TrainerFunction>(torch_library_function(kTrainerSymbol))(); }

}  // namespace tf::learn
