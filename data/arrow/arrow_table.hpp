// Inside libtickfold_arrow only: Parquet and Arrow IPC files as foreign tables, and the Parquet writer.
#pragma once
#include <arrow/api.h>

#include <string>

#include "cuda/base/error.hpp"
#include "data/arrow/arrow_library.hpp"

namespace tf::data {

std::unique_ptr<ForeignTable> open_arrow_table(const std::string& path);
std::unique_ptr<ArrowWriter> make_parquet_writer(const std::string& path, std::span<const ArrowColumn> columns,
                                                 const std::vector<std::pair<std::string, std::string>>& metadata);

/// Values of one column of a batch, or the reason why they cannot be had ("time beyond 2262", ...).
std::string convert(const arrow::Array& array, const ForeignColumn& column, ForeignValues& out);
/// How a column comes out; false for types that hold no plain values (lists, structs, maps, binary).
bool plain_column(const arrow::Field& field, ForeignColumn& column);

}  // namespace tf::data
