// Finding a source by its name, the way every command does it.
#pragma once
#include <string>

#include "data/sources/catalogue.hpp"

namespace tf::data {

/// The catalogue entry of that name. Throws Error{config} that lists the candidates.
const source_catalogue::Entry& find_source(const std::string& name);

}  // namespace tf::data
