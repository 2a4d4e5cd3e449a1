#include "data/store/hdf5_file.hpp"

#include <hdf5.h>
#include <zstd.h>

#include <array>
#include <charconv>

#include "cuda/base/error.hpp"
#include "data/store/codec.hpp"
#include "data/store/day_file.hpp"
#include "data/store/hdf5_sink.hpp"
#include "data/store/packed.hpp"

namespace tf::data {
namespace {

/// HDF5's filter 32015 for this process: what h5py needs a plugin for. Ours goes the direct way; this serves H5Dread,
/// and HDF5 wants the filter registered before it makes a dataset with it.
std::size_t zstd_filter(unsigned flags, std::size_t, const unsigned*, std::size_t bytes, std::size_t* capacity,
                        void** buffer) {
  const bool decode = flags & H5Z_FLAG_REVERSE;
  const unsigned long long size = decode ? ZSTD_getFrameContentSize(*buffer, bytes) : ZSTD_compressBound(bytes);
  if (size == 0 || size > (1ull << 32)) return 0;  // includes zstd's "unknown" and "error"
  void* out = H5allocate_memory(size, false);
  if (!out) return 0;
  const std::size_t written =
      decode ? ZSTD_decompress(out, size, *buffer, bytes) : ZSTD_compress(out, size, *buffer, bytes, kZstdLevel);
  if (ZSTD_isError(written)) {
    H5free_memory(out);
    return 0;
  }
  H5free_memory(*buffer);
  *buffer = out;
  *capacity = size;
  return written;
}

/// HDF5's filter 43210 for this process.
std::size_t packed_filter(unsigned flags, std::size_t words, const unsigned* settings, std::size_t bytes,
                          std::size_t* capacity, void** buffer) {
  const std::span<const uint8_t> given(static_cast<const uint8_t*>(*buffer), bytes);
  const bool decode = flags & H5Z_FLAG_REVERSE;
  PackedHead head;
  if (decode && !read_packed_head(given, head).empty()) return 0;
  if (!decode && (words < 2 || (settings[1] != 4 && settings[1] != 8))) return 0;
  if (!decode) head.width = static_cast<int>(settings[1]), head.count = bytes / settings[1];
  const auto width = static_cast<std::size_t>(head.width);
  const std::size_t size = decode ? head.count * width : packed_bound(head.count, head.width);
  if (size == 0 || size > (std::size_t(1) << 32)) return 0;
  void* out = H5allocate_memory(size, false);
  if (!out) return 0;
  std::size_t written = size;
  if (!decode) written = encode_packed(*buffer, head.count, head.width, static_cast<uint8_t*>(out));
  if (decode && !decode_packed(given, out, head.count, head.count, head.width).empty()) written = 0;
  if (written == 0) {
    H5free_memory(out);
    return 0;
  }
  H5free_memory(*buffer);
  *buffer = out;
  *capacity = size;
  return written;
}

/// Silences HDF5's own printing on this thread and registers the filters. Every entry point calls it.
void prepare_hdf5() {
  H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
  static const bool registered = [] {
    static const H5Z_class2_t zstd = {H5Z_CLASS_T_VERS, kZstdFilter, 1, 1, "zstd", nullptr, nullptr, zstd_filter};
    static const H5Z_class2_t packed = {H5Z_CLASS_T_VERS, kPackedFilter, 1,       1,
                                        "packed",         nullptr,       nullptr, packed_filter};
    return H5Zregister(&zstd) >= 0 && H5Zregister(&packed) >= 0;
  }();
  expect(registered, "HDF5 takes the filters");
}

/// Owner of an HDF5 id.
class Id {
 public:
  Id() = default;
  Id(hid_t id, herr_t (*close_id)(hid_t)) : id_(id), close_(close_id) {}
  ~Id() { close(); }
  Id(Id&& other) noexcept : id_(other.id_), close_(other.close_) { other.id_ = -1; }
  Id& operator=(Id&& other) noexcept {
    std::swap(id_, other.id_);
    std::swap(close_, other.close_);
    return *this;
  }
  operator hid_t() const { return id_; }
  bool close() {
    const bool closed = id_ < 0 || close_(id_) >= 0;
    id_ = -1;
    return closed;
  }

 private:
  hid_t id_ = -1;
  herr_t (*close_)(hid_t) = nullptr;
};

/// The pipeline through which other programs read what a codec wrote. Negative on failure.
herr_t set_filters(hid_t creation, Codec codec, int width) {
  const unsigned level = kZstdLevel, packing[] = {kPackedVersion, static_cast<unsigned>(width)};
  herr_t set = codec == Codec::zstd ? H5Pset_shuffle(creation)
                                    : H5Pset_filter(creation, kPackedFilter, H5Z_FLAG_MANDATORY, 2, packing);
  if (set >= 0 && codec != Codec::packed) set = H5Pset_filter(creation, kZstdFilter, H5Z_FLAG_MANDATORY, 1, &level);
  return set;
}

const std::array<hid_t, kColumns> column_types() {
  return {H5T_STD_I64LE, H5T_STD_I64LE, H5T_STD_I64LE, H5T_STD_I64LE, H5T_STD_U64LE, H5T_STD_U32LE};
}

}  // namespace

struct Hdf5Writer::State {
  std::string path;
  Hdf5Sink sink;
  Id file;
  struct Dataset {
    Id id;
    int64_t rows = 0, chunk_rows = 0;
  };
  std::array<Dataset, kColumns> datasets;

  /// After every call: a negative result is HDF5's own refusal, a failed write is the system's.
  template <class T>
  T check(T result, const char* what) const {
    sink.check(path);
    if (result < 0) throw Error(ErrorKind::io, path + ": HDF5 cannot " + what);
    return result;
  }
};

Hdf5Writer::Hdf5Writer(const FileHandle& file, const std::string& path) : state_(std::make_unique<State>()) {
  prepare_hdf5();
  state_->path = path;
  state_->sink.file = &file;
  const Id access(H5Pcreate(H5P_FILE_ACCESS), H5Pclose), creation(H5Pcreate(H5P_FILE_CREATE), H5Pclose);
  state_->check(H5Pset_libver_bounds(access, H5F_LIBVER_V110, H5F_LIBVER_V110), "set its format");
  state_->check(H5Pset_fclose_degree(access, H5F_CLOSE_STRONG), "set its way to close");
  state_->check(send_to(access, state_->sink), "take our file");
  // No block of 2 KB set aside for small chunks: a day of few ticks would carry it unused.
  state_->check(H5Pset_small_data_block_size(access, 0), "place small chunks");
  // Equal ticks make equal files: no times of creation.
  state_->check(H5Pset_obj_track_times(creation, false), "leave times out");
  // Attributes lie one after the other in the root's header; else more than 8 of them cost a heap and a tree of 4 KB.
  state_->check(H5Pset_attr_phase_change(creation, 64, 0), "place the attributes");
  state_->file = Id(H5Fcreate(path.c_str(), H5F_ACC_TRUNC, creation, access), H5Fclose);
  state_->check(hid_t(state_->file), "create the file");
}

Hdf5Writer::~Hdf5Writer() { prepare_hdf5(); }

void Hdf5Writer::add_dataset(int column, int64_t rows, int64_t chunk_rows, Codec codec) {
  prepare_hdf5();
  const hsize_t size = static_cast<hsize_t>(rows), most = rows ? size : H5S_UNLIMITED;
  const hsize_t chunk = static_cast<hsize_t>(chunk_rows);
  const Id space(H5Screate_simple(1, &size, &most), H5Sclose), creation(H5Pcreate(H5P_DATASET_CREATE), H5Pclose);
  state_->check(hid_t(space), "describe a column");
  state_->check(H5Pset_chunk(creation, 1, &chunk), "set the chunk size");
  state_->check(set_filters(creation, codec, kColumnWidths[column]), "set the filters");
  state_->check(H5Pset_obj_track_times(creation, false), "leave times out");
  State::Dataset& dataset = state_->datasets[column];
  dataset.id = Id(
      H5Dcreate2(state_->file, kColumnNames[column], column_types()[column], space, H5P_DEFAULT, creation, H5P_DEFAULT),
      H5Dclose);
  state_->check(hid_t(dataset.id), "create a column");
  dataset.rows = rows;
  dataset.chunk_rows = chunk_rows;
}

void Hdf5Writer::write_chunk(int column, int64_t chunk, int64_t rows_so_far, std::span<const uint8_t> encoded) {
  prepare_hdf5();
  State::Dataset& dataset = state_->datasets[column];
  if (rows_so_far > dataset.rows) {
    const hsize_t size = static_cast<hsize_t>(rows_so_far);
    state_->check(H5Dset_extent(dataset.id, &size), "lengthen a column");
    dataset.rows = rows_so_far;
  }
  const hsize_t at = static_cast<hsize_t>(chunk * dataset.chunk_rows);
  state_->check(H5Dwrite_chunk(dataset.id, H5P_DEFAULT, 0, &at, encoded.size(), encoded.data()), "write a chunk");
}

void Hdf5Writer::put(const std::string& name, const std::string& text) {
  prepare_hdf5();
  const Id type(H5Tcopy(H5T_C_S1), H5Tclose), space(H5Screate(H5S_SCALAR), H5Sclose);
  state_->check(H5Tset_size(type, text.size() + 1), "describe a text");
  state_->check(H5Tset_cset(type, H5T_CSET_UTF8), "describe a text");
  const Id attribute(H5Acreate2(state_->file, name.c_str(), type, space, H5P_DEFAULT, H5P_DEFAULT), H5Aclose);
  state_->check(hid_t(attribute), "create an attribute");
  state_->check(H5Awrite(attribute, type, text.c_str()), "write an attribute");
}

void Hdf5Writer::put(const std::string& name, int64_t value) {
  prepare_hdf5();
  const Id space(H5Screate(H5S_SCALAR), H5Sclose);
  const Id attribute(H5Acreate2(state_->file, name.c_str(), H5T_STD_I64LE, space, H5P_DEFAULT, H5P_DEFAULT), H5Aclose);
  state_->check(hid_t(attribute), "create an attribute");
  state_->check(H5Awrite(attribute, H5T_NATIVE_INT64, &value), "write an attribute");
}

void Hdf5Writer::put(const std::string& name, double value) {
  prepare_hdf5();
  const Id space(H5Screate(H5S_SCALAR), H5Sclose);
  const Id attribute(H5Acreate2(state_->file, name.c_str(), H5T_IEEE_F64LE, space, H5P_DEFAULT, H5P_DEFAULT), H5Aclose);
  state_->check(hid_t(attribute), "create an attribute");
  state_->check(H5Awrite(attribute, H5T_NATIVE_DOUBLE, &value), "write an attribute");
}

Hdf5Writer::Place Hdf5Writer::place_of(int column, int64_t chunk) {
  prepare_hdf5();
  const State::Dataset& dataset = state_->datasets[column];
  const hsize_t at = static_cast<hsize_t>(chunk * dataset.chunk_rows);
  unsigned skipped_filters = 0;
  haddr_t address = 0;
  hsize_t bytes = 0;
  state_->check(H5Dget_chunk_info_by_coord(dataset.id, &at, &skipped_filters, &address, &bytes), "find a chunk");
  expect(skipped_filters == 0 && address != HADDR_UNDEF, "every chunk lies in the file, filtered");
  return {static_cast<int64_t>(address), static_cast<int64_t>(bytes)};
}

void Hdf5Writer::close() {
  prepare_hdf5();
  bool closed = true;
  for (State::Dataset& dataset : state_->datasets) closed &= dataset.id.close();
  closed &= state_->file.close();
  state_->check(closed ? 0 : -1, "finish the file");
}

namespace {

std::string attribute_text(hid_t attribute) {
  const Id type(H5Aget_type(attribute), H5Tclose);
  char digits[64];
  if (H5Tget_class(type) == H5T_STRING) {
    std::string text(H5Tget_size(type), '\0');
    if (H5Tis_variable_str(type) != 0 || H5Aread(attribute, type, text.data()) < 0) return {};
    return text.c_str();
  }
  if (H5Tget_class(type) == H5T_INTEGER) {
    int64_t value = 0;
    H5Aread(attribute, H5T_NATIVE_INT64, &value);
    return std::to_string(value);
  }
  double value = 0;
  H5Aread(attribute, H5T_NATIVE_DOUBLE, &value);
  return std::string(digits, std::to_chars(digits, digits + sizeof(digits), value).ptr);
}

}  // namespace

std::vector<std::pair<std::string, std::string>> read_attributes(const std::string& path) {
  prepare_hdf5();
  const auto fail = [&](const char* what) { throw Error(ErrorKind::io, path + ": HDF5 cannot " + what); };
  const Id access(H5Pcreate(H5P_FILE_ACCESS), H5Pclose);
  H5Pset_file_locking(access, false, true);
  const Id file(H5Fopen(path.c_str(), H5F_ACC_RDONLY, access), H5Fclose);
  if (file < 0) fail("open the file");
  H5O_info_t info;
  if (H5Oget_info2(file, &info, H5O_INFO_NUM_ATTRS) < 0) fail("list the attributes");
  std::vector<std::pair<std::string, std::string>> attributes;
  for (hsize_t at = 0; at < info.num_attrs; ++at) {
    const Id attribute(H5Aopen_by_idx(file, ".", H5_INDEX_NAME, H5_ITER_INC, at, H5P_DEFAULT, H5P_DEFAULT), H5Aclose);
    if (attribute < 0) fail("open an attribute");
    std::string name(static_cast<std::size_t>(H5Aget_name(attribute, 0, nullptr)) + 1, '\0');
    H5Aget_name(attribute, name.size(), name.data());
    attributes.emplace_back(name.c_str(), attribute_text(attribute));
  }
  return attributes;
}

}  // namespace tf::data
