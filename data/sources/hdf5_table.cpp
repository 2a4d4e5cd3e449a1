// hdf5_table: quotes or trades in somebody else's HDF5 file: datasets of a group, PyTables, pandas "table" and "fixed".
#include "cuda/base/error.hpp"
#include "data/sources/catalogue.hpp"
#include "data/sources/parse/table_rows.hpp"
#include "data/store/foreign_hdf5.hpp"

namespace tf::data {
namespace {

std::unique_ptr<ForeignTable> open_table(const std::string& path, const std::string& table) {
  std::unique_ptr<ForeignTable> opened = open_foreign_hdf5(path, table);
  if (is_own_file(path))
    throw Error(ErrorKind::bad_data, path + ": is a day file or panel of ours, not a table of another program; a day " +
                                         "file belongs into a store");
  return opened;
}

std::unique_ptr<Source> open(const SourceInput& input, const void* params) {
  return std::make_unique<TableRows>("hdf5_table", open_table, input, *static_cast<const TableParams*>(params));
}

Guess guess(const InputHead& head) {
  constexpr std::string_view kMagic{"\x89HDF\r\n\x1a\n", 8};
  bool hdf5 = false;
  for (std::size_t at = 0; at < head.raw.size(); at = at == 0 ? 512 : 2 * at)
    hdf5 = hdf5 || head.raw.substr(at).starts_with(kMagic);
  if (!hdf5) return {};
  if (is_own_file(head.path)) return {Guess::Sure::no, "a day file or panel of ours", {}};
  return {Guess::Sure::yes, "HDF5 file of another program", {}};
}

}  // namespace
}  // namespace tf::data

namespace tf::source_catalogue {

const Entry& tf_source_hdf5_table() {
  static const Entry entry{"quotes or trades in an HDF5 file of another program (h5py, PyTables, pandas), by column",
                           params_type<data::TableParams>(), data::open, data::guess};
  return entry;
}

}  // namespace tf::source_catalogue
