// A panel of features as an HDF5 file for other programs: /known_ts [row] (ns since 1970 UTC), /values [row][feature]
// (NaN = not ready), and root attributes feature_names, schema_digest, schema, instrument. Uncompressed and without our
// filters: any HDF5 reader opens it.
#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "cuda/base/view.hpp"

namespace tf::data {

struct PanelDescription {
  std::vector<std::string> feature_names;  ///< one a lane
  std::string schema_digest, schema, instrument;
};

/// Writes under a temporary name, syncs, renames. rows of `values` and `known_ts` must agree. Throws Error{io}.
void write_panel_file(const std::string& path, const PanelDescription& description, std::span<const int64_t> known_ts,
                      Panel<const double> values);

}  // namespace tf::data
