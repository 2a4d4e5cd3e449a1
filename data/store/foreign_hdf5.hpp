// Somebody else's HDF5 file as a table: datasets of one group, a compound dataset (PyTables Table, pandas "table"), or
// the blocks of a pandas "fixed" frame.
#pragma once
#include "data/store/foreign_table.hpp"

namespace tf::data {

/// `table` is the path inside the file ("/ticks", "/EURUSD/table"); empty: the only one there is. The file is read by a
/// child process, since libhdf5 may crash on a damaged or hostile file: then this throws or damage() says so, and
/// the program lives. Throws Error{no_input}, Error{bad_data} (not HDF5; a filter that is not available, by name and
/// id; no such table: lists what there is).
std::unique_ptr<ForeignTable> open_foreign_hdf5(const std::string& path, const std::string& table);

/// Our own day files and panels are no foreign tables: true if the file bears our attributes.
bool is_own_file(const std::string& path);

}  // namespace tf::data
