// Writes one day file: gathers a chunk of rows as columns, encodes the columns side by side, hands the bytes to HDF5.
#pragma once
#include <array>
#include <optional>
#include <string>
#include <vector>

#include "data/store/codec.hpp"
#include "data/store/day_file.hpp"
#include "data/store/hdf5_file.hpp"

namespace tf::data {

class DayFileWriter : public DayWriter {
 public:
  /// Locks the temporary file, after sweeping away those that dead writers left in the folder.
  DayFileWriter(const Instrument& instrument, Day day, const std::string& path, bool replace);
  ~DayFileWriter() override;
  void append(std::span<const Tick> ticks) override;
  DayInfo commit(const std::vector<std::pair<std::string, std::string>>& attributes) override;

 private:
  struct Column {
    std::vector<uint8_t> values;  ///< of the current chunk, as stored
    Encoder encoder{Codec::zstd};
    std::span<const uint8_t> encoded;
    Sha256 digest;  ///< over all rows so far
    bool stored = false;
    std::vector<ChunkEntry> entries;
  };

  void flush(bool last);
  void begin_column(int column, int64_t rows_known);
  void encode(Column& column, int index, std::size_t rows);
  void write_attributes(const std::vector<std::pair<std::string, std::string>>& attributes, const DayFooter& footer);
  DayFooter make_footer(const std::vector<std::pair<std::string, std::string>>& attributes);
  void finish(DayFooter& footer);
  void check_written(const DayFooter& footer);

  Instrument instrument_;
  Day day_;
  std::string path_, temporary_;
  bool replace_ = false, over_ = false;
  FileHandle lock_;
  std::optional<Hdf5Writer> hdf5_;
  std::array<Column, kColumns> columns_;
  std::size_t filled_ = 0;  ///< rows in the current chunk
  int64_t rows_ = 0;        ///< rows in finished chunks
  int64_t chunk_rows_ = kChunkRows;
  int64_t first_ts_ = 0, last_ts_ = 0;
};

}  // namespace tf::data
