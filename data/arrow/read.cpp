#include <arrow/io/file.h>
#include <arrow/ipc/reader.h>
#include <parquet/arrow/reader.h>
#include <parquet/arrow/schema.h>
#include <parquet/exception.h>

#include <algorithm>

#include "data/arrow/arrow_table.hpp"

namespace tf::data {
namespace {

constexpr int64_t kMostRows = 64 * 1024;

/// Batches of record batches, cut to at most kMostRows rows.
class ArrowTable : public ForeignTable {
 public:
  const std::vector<ForeignColumn>& columns() const override { return columns_; }
  int64_t rows() const override { return rows_; }
  void select(const std::vector<std::size_t>& columns) override { selected_ = columns; }
  std::string damage() const override { return damage_; }

  bool next(ForeignBatch& batch) override {
    while (damage_.empty() && (!current_ || at_ == current_->num_rows())) {
      at_ = 0;
      try {
        current_ = next_batch();
      } catch (const std::exception& failure) {
        current_ = nullptr;
        damage_ = failure.what();
      }
      if (!current_) return false;
      if (current_->num_columns() != static_cast<int>(selected_.size()))
        damage_ = "a batch lacks columns of the schema";
    }
    if (!damage_.empty()) return false;
    const int64_t rows = std::min(kMostRows, current_->num_rows() - at_);
    batch.first_row = first_row_;
    batch.rows = rows;
    batch.columns.resize(selected_.size());
    for (std::size_t column = 0; column < selected_.size(); ++column) {
      const auto slice = current_->column(place_[column])->Slice(at_, rows);
      const ForeignColumn& wanted = columns_[selected_[column]];
      if (const std::string wrong = convert(*slice, wanted, batch.columns[column]); !wrong.empty()) {
        damage_ = "column '" + wanted.name + "', rows from " + std::to_string(first_row_) + " on: " + wrong;
        return false;
      }
    }
    at_ += rows;
    first_row_ += rows;
    return true;
  }

 protected:
  /// Null at the end; throws, or sets damage_, when the file is damaged.
  virtual std::shared_ptr<arrow::RecordBatch> next_batch() = 0;

  void take_schema(const arrow::Schema& schema) {
    for (int field = 0; field < schema.num_fields(); ++field) {
      ForeignColumn column;
      if (!plain_column(*schema.field(field), column)) continue;
      columns_.push_back(column);
      fields_.push_back(field);
    }
  }
  /// Fields to read, ascending as Arrow wants them; place_ says where each selected column comes out.
  std::vector<int> wanted_fields() {
    std::vector<int> fields;
    for (const std::size_t column : selected_) fields.push_back(fields_[column]);
    std::sort(fields.begin(), fields.end());
    place_.clear();
    for (const std::size_t column : selected_)
      place_.push_back(
          static_cast<int>(std::lower_bound(fields.begin(), fields.end(), fields_[column]) - fields.begin()));
    return fields;
  }

  std::vector<ForeignColumn> columns_;
  std::vector<int> fields_;
  std::vector<std::size_t> selected_;
  std::vector<int> place_;
  int64_t rows_ = 0;
  std::string damage_;

 private:
  std::shared_ptr<arrow::RecordBatch> current_;
  int64_t at_ = 0, first_row_ = 0;
};

[[noreturn]] void refuse(const std::string& path, const std::string& why) {
  throw Error(ErrorKind::bad_data, path + ": " + why);
}

class ParquetTable final : public ArrowTable {
 public:
  ParquetTable(std::shared_ptr<arrow::io::RandomAccessFile> file, const std::string& path) try {
    // Pages carry a CRC-32 where their writer made one (ours does).
    parquet::ReaderProperties properties;
    properties.set_page_checksum_verification(true);
    parquet::arrow::FileReaderBuilder builder;
    if (const arrow::Status status = builder.Open(std::move(file), properties); !status.ok())
      refuse(path, "not a readable Parquet file: " + status.ToString());
    auto opened = builder.Build();
    if (!opened.ok()) refuse(path, "not a readable Parquet file: " + opened.status().ToString());
    reader_ = std::move(*opened);
    reader_->set_use_threads(false);
    reader_->set_batch_size(kMostRows);
    std::shared_ptr<arrow::Schema> schema;
    if (const arrow::Status status = reader_->GetSchema(&schema); !status.ok()) refuse(path, status.ToString());
    take_schema(*schema);
    rows_ = reader_->parquet_reader()->metadata()->num_rows();
    // Leaf numbers differ from field numbers after a nested field.
    const auto& manifest = reader_->manifest();
    for (int& field : fields_) field = manifest.schema_fields[static_cast<std::size_t>(field)].column_index;
  } catch (const parquet::ParquetException& failure) { refuse(path, failure.what()); }

 private:
  std::shared_ptr<arrow::RecordBatch> next_batch() override {
    if (!batches_) {
      std::vector<int> groups(static_cast<std::size_t>(reader_->num_row_groups()));
      for (std::size_t group = 0; group < groups.size(); ++group) groups[group] = static_cast<int>(group);
      auto made = reader_->GetRecordBatchReader(groups, wanted_fields());
      if (!made.ok()) {
        damage_ = made.status().ToString();
        return nullptr;
      }
      batches_ = std::move(*made);
    }
    std::shared_ptr<arrow::RecordBatch> batch;
    if (const arrow::Status status = batches_->ReadNext(&batch); !status.ok()) {
      damage_ = status.ToString();
      return nullptr;
    }
    if (batch)
      if (const arrow::Status status = batch->Validate(); !status.ok()) {
        damage_ = status.ToString();
        return nullptr;
      }
    return batch;
  }

  std::unique_ptr<parquet::arrow::FileReader> reader_;
  std::unique_ptr<arrow::RecordBatchReader> batches_;
};

class IpcTable final : public ArrowTable {
 public:
  IpcTable(std::shared_ptr<arrow::io::RandomAccessFile> file, const std::string& path) : file_(std::move(file)) {
    open({}, path);
    take_schema(*reader_->schema());
    const auto rows = reader_->CountRows();
    if (!rows.ok()) refuse(path, rows.status().ToString());
    rows_ = *rows;
  }

 private:
  void open(const std::vector<int>& fields, const std::string& path) {
    arrow::ipc::IpcReadOptions options;
    options.included_fields = fields;
    options.use_threads = false;
    auto opened = arrow::ipc::RecordBatchFileReader::Open(file_, options);
    if (!opened.ok()) refuse(path, "not a readable Arrow (Feather) file: " + opened.status().ToString());
    reader_ = *opened;
  }

  std::shared_ptr<arrow::RecordBatch> next_batch() override {
    if (!begun_) {
      begun_ = true;
      open(wanted_fields(), "this file");
    }
    if (next_ == reader_->num_record_batches()) return nullptr;
    auto batch = reader_->ReadRecordBatch(next_++);
    if (!batch.ok()) {
      damage_ = "record batch " + std::to_string(next_ - 1) + ": " + batch.status().ToString();
      return nullptr;
    }
    if (const arrow::Status status = (*batch)->ValidateFull(); !status.ok()) {
      damage_ = "record batch " + std::to_string(next_ - 1) + ": " + status.ToString();
      return nullptr;
    }
    return *batch;
  }

  std::shared_ptr<arrow::io::RandomAccessFile> file_;
  std::shared_ptr<arrow::ipc::RecordBatchFileReader> reader_;
  int next_ = 0;
  bool begun_ = false;
};

}  // namespace

std::unique_ptr<ForeignTable> open_arrow_table(const std::string& path) {
  auto opened = arrow::io::ReadableFile::Open(path);
  if (!opened.ok()) throw Error(ErrorKind::no_input, path + ": cannot open: " + opened.status().message());
  const std::shared_ptr<arrow::io::RandomAccessFile> file = *opened;
  const auto head = file->ReadAt(0, 6);
  const std::string magic = head.ok() ? (*head)->ToString() : std::string();
  if (magic.starts_with("PAR1")) return std::make_unique<ParquetTable>(file, path);
  if (magic.starts_with("PARE")) refuse(path, "is an encrypted Parquet file");
  if (magic.starts_with("ARROW1")) return std::make_unique<IpcTable>(file, path);
  if (magic.starts_with("FEA1"))
    refuse(path, "is a Feather file of version 1; write it again as version 2 (Arrow IPC)");
  refuse(path, "is neither Parquet (PAR1) nor Arrow IPC (ARROW1)");
}

}  // namespace tf::data
