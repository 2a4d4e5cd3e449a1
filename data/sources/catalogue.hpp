// The table of sources, written by CMake from the files of this folder.
#pragma once
#include <span>

#include "data/sources/source.hpp"

namespace tf::source_catalogue {

using Entry = data::SourceEntry;
struct Row {
  const char* name;
  const Entry& (*entry)();
};
std::span<const Row> rows();

}  // namespace tf::source_catalogue
