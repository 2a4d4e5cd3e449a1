// The HDF5 part of a day file: written chunk by chunk with bytes we encoded, and its attributes read back.
#pragma once
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "data/store/codec.hpp"
#include "data/store/durable.hpp"

namespace tf::data {

/// Writes columns as chunked datasets whose chunks arrive encoded. Errors are Error{io} naming the file.
class Hdf5Writer {
 public:
  /// Into an empty file that the caller opened; `path` is for messages.
  Hdf5Writer(const FileHandle& file, const std::string& path);
  ~Hdf5Writer();  ///< closes without complaint

  /// `rows` known = the dataset is as long from the start (smaller index); 0 = it grows with its chunks.
  void add_dataset(int column, int64_t rows, int64_t chunk_rows, Codec codec);
  void write_chunk(int column, int64_t chunk, int64_t rows_so_far, std::span<const uint8_t> encoded);
  void put(const std::string& name, const std::string& text);
  void put(const std::string& name, int64_t value);
  void put(const std::string& name, double value);
  struct Place {
    int64_t offset = 0, bytes = 0;
  };
  /// Where a chunk came to lie.
  Place place_of(int column, int64_t chunk);
  void close();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// Text attributes of the root group in the order of their names; numbers as text. Only for files whose bytes were
/// checked.
std::vector<std::pair<std::string, std::string>> read_attributes(const std::string& path);

}  // namespace tf::data
