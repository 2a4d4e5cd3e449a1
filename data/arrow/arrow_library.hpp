// Parquet and Feather through Arrow C++, in a library (libtickfold_arrow.so beside the program) that is loaded when
// first needed, so that start-up does not pay for it and a build without Arrow is whole.
#pragma once
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "data/store/foreign_table.hpp"

namespace tf::data {

struct ArrowColumn {
  std::string name;
  ForeignColumn::Type type = ForeignColumn::Type::int64;
};

class ArrowWriter {
 public:
  virtual ~ArrowWriter() = default;
  /// One row group; values as in ForeignValues, one entry a column.
  virtual void write(const ForeignBatch& batch) = 0;
  /// Ends the file; without it the file is not complete.
  virtual void finish() = 0;
};

class ArrowLibrary {
 public:
  virtual ~ArrowLibrary() = default;
  /// A .parquet file, or a .feather / .arrow file (IPC, version 2; version 1 is refused by name). Throws Error{no_input
  /// | bad_data}.
  virtual std::unique_ptr<ForeignTable> open(const std::string& path) const = 0;
  /// Parquet with zstd. `metadata` are key-value pairs of the schema. Writes to exactly `path`; the caller renames.
  virtual std::unique_ptr<ArrowWriter> create_parquet(
      const std::string& path, std::span<const ArrowColumn> columns,
      const std::vector<std::pair<std::string, std::string>>& metadata) const = 0;
  virtual std::string version() const = 0;
};

/// Loads the library once. Throws Error{no_input} saying how to get it when this build has none.
const ArrowLibrary& arrow_library();

}  // namespace tf::data
