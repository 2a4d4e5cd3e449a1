// What tables there are in an HDF5 file, and which columns one has. For the child process alone.
#pragma once
#include <string>
#include <vector>

#include "data/store/foreign_hdf5_types.hpp"

namespace tf::data::foreign {

struct Dataset {
  std::string path;
  Handle id, type, space;
  std::vector<hsize_t> size;

  H5T_class_t type_class() const { return H5Tget_class(type); }
  hsize_t rows() const { return size.empty() ? 0 : size[0]; }
};

struct Table {
  std::string path;
  std::vector<Dataset> datasets;
  std::vector<ColumnPlan> columns;
  int64_t rows = -1;
};

/// The table of that path, or the only one when it is empty, ready to be read: every filter is there, every row in the
/// file. Throws Error{bad_data} without the path of the file; an unknown or ambiguous name lists what there is.
Table plan_table(hid_t file, const std::string& wanted);

}  // namespace tf::data::foreign
