// Where a command finds its registry: the folder itself, or a config that names it.
#pragma once
#include <string>

#include "engine/app/shell.hpp"

namespace tf::app {

/// CONFIG may be a registry folder or a config with paths.registry.
std::string registry_root(const Shell& shell);

}  // namespace tf::app
