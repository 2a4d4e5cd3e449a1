#include "data/sources/parse/open.hpp"

#include "cuda/base/error.hpp"

namespace tf::data {

const source_catalogue::Entry& find_source(const std::string& name) {
  std::string candidates;
  for (const source_catalogue::Row& row : source_catalogue::rows()) {
    if (name == row.name) return row.entry();
    candidates += (candidates.empty() ? "" : ", ") + std::string(row.name);
  }
  throw Error(ErrorKind::config, "unknown source '" + name + "'; there are: " + candidates);
}

}  // namespace tf::data
