// What inspect finds out: of stores and day files (inspect_store.cpp), of runs and models (inspect.cpp).
#pragma once
#include <string>

#include "engine/app/shell.hpp"

namespace tf::app {

struct Inspection {
  Json json = Json::object();
  std::string text;
  bool sound = true;
};

Inspection inspect_store(const std::string& root, bool deep, int threads);
/// A current file or an old version in a store, or one that lies anywhere.
Inspection inspect_day(const std::string& file, int threads);

}  // namespace tf::app
