// parquet: quotes or trades in a Parquet file, by column (through Arrow).
#include "data/arrow/arrow_library.hpp"
#include "data/sources/catalogue.hpp"
#include "data/sources/parse/table_rows.hpp"

namespace tf::data {
namespace {

std::unique_ptr<ForeignTable> open_table(const std::string& path, const std::string&) {
  return arrow_library().open(path);
}

std::unique_ptr<Source> open(const SourceInput& input, const void* params) {
  return std::make_unique<TableRows>("parquet", open_table, input, *static_cast<const TableParams*>(params));
}

Guess guess(const InputHead& head) {
  if (!head.raw.starts_with("PAR1")) return {};
  return {Guess::Sure::yes, "Parquet file", {}};
}

}  // namespace
}  // namespace tf::data

namespace tf::source_catalogue {

const Entry& tf_source_parquet() {
  static const Entry entry{"quotes or trades in a Parquet file, by column (through Arrow)",
                           params_type<data::TableParams>(), data::open, data::guess};
  return entry;
}

}  // namespace tf::source_catalogue
