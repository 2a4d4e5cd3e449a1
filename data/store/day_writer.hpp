// Writes one day file: gathers a chunk of rows as columns; while the next one fills, encodes the columns of the last in
// threads of its own; hands the bytes to HDF5.
#pragma once
#include <exception>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "data/store/codec.hpp"
#include "data/store/day_file.hpp"
#include "data/store/hdf5_file.hpp"

namespace tf::data {

class DayFileWriter : public DayWriter {
 public:
  /// Locks the temporary file, or takes over the one that a dead writer of this day left.
  DayFileWriter(const Instrument& instrument, Day day, const std::string& path, bool replace,
                const WriteOptions& options);
  ~DayFileWriter() override;
  void append(std::span<const Tick> ticks) override;
  DayInfo commit(const std::vector<std::pair<std::string, std::string>>& attributes) override;

 private:
  struct Column {
    explicit Column(Codec codec) : encoder(codec) {}
    std::vector<uint8_t> values;  ///< of the chunk that fills
    std::vector<uint8_t> closed;  ///< of the chunk that is encoded
    Encoder encoder;
    std::span<const uint8_t> encoded;
    ChunkEntry entry;  ///< of the chunk that is encoded
    bool stored = false;
    std::vector<ChunkEntry> entries;
  };

  void close_chunk(bool last);
  void begin_column(int column, int64_t rows_known);
  void encode_chunk(std::size_t rows, int64_t chunk);
  void encode_column(Column& column, int index, std::size_t rows);
  void take_encoded();
  void write_attributes(const std::vector<std::pair<std::string, std::string>>& attributes, const DayFooter& footer);
  DayFooter make_footer(const std::vector<std::pair<std::string, std::string>>& attributes);
  void finish(DayFooter& footer);
  void check_written(const DayFooter& footer);

  Instrument instrument_;
  Day day_;
  std::string path_, temporary_;
  bool replace_ = false, over_ = false;
  Codec codec_;
  FileHandle lock_;
  std::optional<Hdf5Writer> hdf5_;
  std::vector<Column> columns_;
  std::size_t filled_ = 0;  ///< rows in the chunk that fills
  int64_t rows_ = 0;        ///< rows in closed chunks
  int64_t chunk_rows_ = kChunkRows;
  std::exception_ptr failure_;  ///< of the encoding thread, read when it has ended
  std::jthread encoding_;       ///< last: it uses all of the above
};

}  // namespace tf::data
