// A table of somebody else's file (HDF5, Parquet, Feather), read as batches of plain columns. What opens it knows the
// format; what maps its columns to ticks (data/sources) knows nothing of it.
#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <variant>
#include <vector>

namespace tf::data {

struct ForeignColumn {
  enum class Type { int64, uint64, float64, text, boolean, time_ns };  ///< time_ns: ns since 1970 UTC, zone applied
  std::string name;  ///< of a nested or compound member with dots; of a two-dimensional dataset with [k] behind
  Type type = Type::int64;
  int decimal_places = -1;  ///< of a decimal column, which comes as int64 mantissas; -1 = not a decimal
};

/// Values of one column: int64 (also for time_ns and boolean 0/1), uint64, double, or text. `missing` is empty (none
/// are) or one byte a row, 1 = null.
struct ForeignValues {
  std::variant<std::vector<int64_t>, std::vector<uint64_t>, std::vector<double>, std::vector<std::string>> values;
  std::vector<uint8_t> missing;
};

struct ForeignBatch {
  int64_t first_row = 0;
  int64_t rows = 0;
  std::vector<ForeignValues> columns;  ///< those asked for, in that order
};

class ForeignTable {
 public:
  virtual ~ForeignTable() = default;
  virtual const std::vector<ForeignColumn>& columns() const = 0;
  virtual int64_t rows() const = 0;
  /// Which columns next() reads, by index. Before the first next().
  virtual void select(const std::vector<std::size_t>& columns) = 0;
  /// The next batch of at most 64 Ki rows; false at the end, or at damage. Memory stays bounded.
  virtual bool next(ForeignBatch& batch) = 0;
  virtual std::string damage() const = 0;  ///< what is wrong with the file after the rows yielded; empty = sound
};

}  // namespace tf::data
