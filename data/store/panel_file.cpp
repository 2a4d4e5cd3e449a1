#include "data/store/panel_file.hpp"

#include <hdf5.h>

#include <filesystem>

#include "cuda/base/error.hpp"
#include "data/store/durable.hpp"

namespace tf::data {
namespace {

/// One HDF5 identifier, closed with its owner.
class Handle {
 public:
  Handle(hid_t id, herr_t (*close)(hid_t), const std::string& path) : id_(id), close_(close) {
    if (id < 0) throw Error(ErrorKind::io, path + ": HDF5 cannot write it (is the disk full, the folder writable?)");
  }
  ~Handle() { close_(id_); }
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;
  hid_t id() const { return id_; }

 private:
  hid_t id_;
  herr_t (*close_)(hid_t);
};

void check(herr_t status, const std::string& path) {
  if (status < 0) throw Error(ErrorKind::io, path + ": HDF5 cannot write it (is the disk full?)");
}

void put_text(hid_t file, const char* name, const std::string& text, const std::string& path) {
  const Handle type(H5Tcopy(H5T_C_S1), H5Tclose, path);
  check(H5Tset_size(type.id(), text.empty() ? 1 : text.size()), path);
  check(H5Tset_cset(type.id(), H5T_CSET_UTF8), path);
  const Handle space(H5Screate(H5S_SCALAR), H5Sclose, path);
  const Handle attribute(H5Acreate2(file, name, type.id(), space.id(), H5P_DEFAULT, H5P_DEFAULT), H5Aclose, path);
  check(H5Awrite(attribute.id(), type.id(), text.empty() ? "" : text.data()), path);
}

void put_names(hid_t file, const std::vector<std::string>& names, const std::string& path) {
  std::vector<const char*> pointers;
  for (const std::string& name : names) pointers.push_back(name.c_str());
  const Handle type(H5Tcopy(H5T_C_S1), H5Tclose, path);
  check(H5Tset_size(type.id(), H5T_VARIABLE), path);
  check(H5Tset_cset(type.id(), H5T_CSET_UTF8), path);
  const hsize_t count = names.size();
  const Handle space(H5Screate_simple(1, &count, nullptr), H5Sclose, path);
  const Handle attribute(H5Acreate2(file, "feature_names", type.id(), space.id(), H5P_DEFAULT, H5P_DEFAULT), H5Aclose,
                         path);
  check(H5Awrite(attribute.id(), type.id(), pointers.data()), path);
}

void put_rows(hid_t file, const char* name, hid_t type, int dimensions, const hsize_t* size, const void* rows,
              const std::string& path) {
  const Handle space(H5Screate_simple(dimensions, size, nullptr), H5Sclose, path);
  const Handle dataset(H5Dcreate2(file, name, type, space.id(), H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT), H5Dclose, path);
  if (size[0] > 0) check(H5Dwrite(dataset.id(), type, H5S_ALL, H5S_ALL, H5P_DEFAULT, rows), path);
}

}  // namespace

void write_panel_file(const std::string& path, const PanelDescription& description, std::span<const int64_t> known_ts,
                      Panel<const double> values) {
  expect(static_cast<int64_t>(known_ts.size()) == values.rows && values.stride == values.lanes,
         "a panel of whole rows with their times");
  const std::filesystem::path target(path);
  const std::string temporary = (target.parent_path() / ("." + target.filename().string() + ".tmp")).string();
  H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
  {
    const Handle access(H5Pcreate(H5P_FILE_ACCESS), H5Pclose, path);
    check(H5Pset_libver_bounds(access.id(), H5F_LIBVER_V110, H5F_LIBVER_V110), path);
    const Handle file(H5Fcreate(temporary.c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, access.id()), H5Fclose, path);
    const hsize_t size[2] = {static_cast<hsize_t>(values.rows), static_cast<hsize_t>(values.lanes)};
    put_rows(file.id(), "known_ts", H5T_NATIVE_INT64, 1, size, known_ts.data(), path);
    put_rows(file.id(), "values", H5T_NATIVE_DOUBLE, 2, size, values.data, path);
    put_names(file.id(), description.feature_names, path);
    put_text(file.id(), "schema_digest", description.schema_digest, path);
    put_text(file.id(), "schema", description.schema, path);
    put_text(file.id(), "instrument", description.instrument, path);
    check(H5Fflush(file.id(), H5F_SCOPE_GLOBAL), path);
  }
  sync_file(open_to_read(temporary), temporary);
  publish(temporary, path, true);
}

}  // namespace tf::data
