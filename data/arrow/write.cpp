#include <arrow/io/file.h>
#include <arrow/util/key_value_metadata.h>
#include <parquet/arrow/writer.h>

#include "data/arrow/arrow_table.hpp"

namespace tf::data {
namespace {

using Type = ForeignColumn::Type;

std::shared_ptr<arrow::DataType> arrow_type(Type type) {
  switch (type) {
    case Type::int64:
      return arrow::int64();
    case Type::uint64:
      return arrow::uint64();
    case Type::float64:
      return arrow::float64();
    case Type::text:
      return arrow::utf8();
    case Type::boolean:
      return arrow::boolean();
    case Type::time_ns:
      return arrow::timestamp(arrow::TimeUnit::NANO, "UTC");
  }
  return arrow::int64();
}

class ParquetWriter final : public ArrowWriter {
 public:
  ParquetWriter(const std::string& path, std::span<const ArrowColumn> columns,
                const std::vector<std::pair<std::string, std::string>>& metadata)
      : path_(path), columns_(columns.begin(), columns.end()) {
    std::vector<std::shared_ptr<arrow::Field>> fields;
    for (const ArrowColumn& column : columns) fields.push_back(arrow::field(column.name, arrow_type(column.type)));
    std::vector<std::string> names, texts;
    for (const auto& [name, text] : metadata) {
      names.push_back(name);
      texts.push_back(text);
    }
    schema_ = arrow::schema(fields, arrow::key_value_metadata(names, texts));
    auto sink = arrow::io::FileOutputStream::Open(path);
    check(sink.status());
    sink_ = *sink;
    const auto properties = parquet::WriterProperties::Builder()
                                .compression(arrow::Compression::ZSTD)
                                ->enable_page_checksum()
                                ->version(parquet::ParquetVersion::PARQUET_2_6)
                                ->build();
    const auto arrow_properties = parquet::ArrowWriterProperties::Builder().store_schema()->build();
    auto writer =
        parquet::arrow::FileWriter::Open(*schema_, arrow::default_memory_pool(), sink_, properties, arrow_properties);
    check(writer.status());
    writer_ = std::move(*writer);
  }

  void write(const ForeignBatch& batch) override {
    expect(batch.columns.size() == columns_.size(), "a batch has one entry a column");
    std::vector<std::shared_ptr<arrow::Array>> arrays;
    for (std::size_t column = 0; column < columns_.size(); ++column)
      arrays.push_back(array_of(batch.columns[column], columns_[column].type));
    const auto table = arrow::Table::Make(schema_, arrays, batch.rows);
    check(writer_->WriteTable(*table, std::max<int64_t>(1, batch.rows)));
  }

  void finish() override {
    check(writer_->Close());
    check(sink_->Close());
  }

 private:
  void check(const arrow::Status& status) const {
    if (!status.ok()) throw Error(ErrorKind::io, path_ + ": " + status.ToString());
  }

  template <class Builder, class Values>
  std::shared_ptr<arrow::Array> build(Builder builder, const Values& values,
                                      const std::vector<uint8_t>& missing) const {
    check(builder.Reserve(static_cast<int64_t>(values.size())));
    for (std::size_t row = 0; row < values.size(); ++row)
      check(!missing.empty() && missing[row] ? builder.AppendNull() : builder.Append(values[row]));
    std::shared_ptr<arrow::Array> array;
    check(builder.Finish(&array));
    return array;
  }

  std::shared_ptr<arrow::Array> array_of(const ForeignValues& from, Type type) const {
    switch (type) {
      case Type::int64:
        return build(arrow::Int64Builder(), std::get<std::vector<int64_t>>(from.values), from.missing);
      case Type::uint64:
        return build(arrow::UInt64Builder(), std::get<std::vector<uint64_t>>(from.values), from.missing);
      case Type::float64:
        return build(arrow::DoubleBuilder(), std::get<std::vector<double>>(from.values), from.missing);
      case Type::text:
        return build(arrow::StringBuilder(), std::get<std::vector<std::string>>(from.values), from.missing);
      case Type::boolean: {
        const auto& bits = std::get<std::vector<int64_t>>(from.values);
        return build(arrow::BooleanBuilder(), std::vector<bool>(bits.begin(), bits.end()), from.missing);
      }
      case Type::time_ns:
        return build(arrow::TimestampBuilder(arrow_type(type), arrow::default_memory_pool()),
                     std::get<std::vector<int64_t>>(from.values), from.missing);
    }
    return nullptr;
  }

  std::string path_;
  std::vector<ArrowColumn> columns_;
  std::shared_ptr<arrow::Schema> schema_;
  std::shared_ptr<arrow::io::FileOutputStream> sink_;
  std::unique_ptr<parquet::arrow::FileWriter> writer_;
};

class Library final : public ArrowLibrary {
 public:
  std::unique_ptr<ForeignTable> open(const std::string& path) const override { return open_arrow_table(path); }
  std::unique_ptr<ArrowWriter> create_parquet(
      const std::string& path, std::span<const ArrowColumn> columns,
      const std::vector<std::pair<std::string, std::string>>& metadata) const override {
    return make_parquet_writer(path, columns, metadata);
  }
  std::string version() const override { return ARROW_VERSION_STRING; }
};

}  // namespace

std::unique_ptr<ArrowWriter> make_parquet_writer(const std::string& path, std::span<const ArrowColumn> columns,
                                                 const std::vector<std::pair<std::string, std::string>>& metadata) {
  return std::make_unique<ParquetWriter>(path, columns, metadata);
}

}  // namespace tf::data

extern "C" const tf::data::ArrowLibrary* tf_arrow_library() {
  static const tf::data::Library library;
  return &library;
}
