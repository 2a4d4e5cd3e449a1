#include "data/store/day_writer.hpp"

#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstring>
#include <exception>
#include <filesystem>
#include <set>
#include <thread>

#include "cuda/base/error.hpp"
#include "data/store/versions.hpp"

namespace tf::data {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kRowsWorthThreads = 32 * 1024;

template <class T>
T* values_of(std::vector<uint8_t>& bytes) {
  return reinterpret_cast<T*>(bytes.data());
}

/// Runs task(0) … task(count - 1) on several threads; the first exception is thrown here.
template <class Task>
void run_tasks(int count, int threads, const Task& task) {
  std::atomic<int> next{0};
  std::vector<std::exception_ptr> failures(static_cast<std::size_t>(count));
  const auto work = [&] {
    for (int at = next++; at < count; at = next++) try {
        task(at);
      } catch (...) { failures[static_cast<std::size_t>(at)] = std::current_exception(); }
  };
  {
    std::vector<std::jthread> others;
    for (int thread = 1; thread < threads; ++thread) others.emplace_back(work);
    work();
  }
  for (const std::exception_ptr& failure : failures)
    if (failure) std::rethrow_exception(failure);
}

}  // namespace

DayFileWriter::DayFileWriter(const Instrument& instrument, Day day, const std::string& path, bool replace,
                             const WriteOptions& options)
    : instrument_(instrument), day_(day), path_(path), replace_(replace), codec_(options.codec) {
  const std::string folder = fs::path(path).parent_path().string();
  temporary_ = temporary_day_path(folder, day);
  lock_ = lock_temporary(temporary_);
  try {
    hdf5_.emplace(lock_, temporary_);
  } catch (...) {
    ::unlink(temporary_.c_str());
    throw;
  }
  for (int column = 0; column < kColumns; ++column) columns_.emplace_back(codec_);
  for (const int always : {kExchTs, kPx, kQty, kFlags}) columns_[always].stored = true;
}

DayFileWriter::~DayFileWriter() {
  if (!temporary_.empty()) remove_held(lock_, temporary_);
}

void DayFileWriter::append(std::span<const Tick> ticks) {
  expect(!over_, "append comes before commit and not after an error");
  while (!ticks.empty()) {
    if (filled_ == std::size_t(kChunkRows)) close_chunk(false);
    const std::size_t count = std::min(ticks.size(), std::size_t(kChunkRows) - filled_);
    const std::size_t needed = filled_ + count;
    for (int column = 0; column < kColumns; ++column) {
      std::vector<uint8_t>& values = columns_[column].values;
      const std::size_t width = static_cast<std::size_t>(kColumnWidths[column]), full = kChunkRows * width;
      if (values.size() < needed * width)
        values.resize(rows_ ? full : std::max(needed * width, std::min(2 * values.size(), full)));
    }
    int64_t *exch = values_of<int64_t>(columns_[kExchTs].values),
            *local = values_of<int64_t>(columns_[kLocalTs].values), *px = values_of<int64_t>(columns_[kPx].values),
            *qty = values_of<int64_t>(columns_[kQty].values);
    uint64_t* id = values_of<uint64_t>(columns_[kOrderId].values);
    uint32_t* flags = values_of<uint32_t>(columns_[kFlags].values);
    for (std::size_t at = 0; at < count; ++at) {
      const Tick& tick = ticks[at];
      exch[filled_ + at] = tick.exch_ts;
      local[filled_ + at] = tick.local_ts;
      px[filled_ + at] = tick.px;
      qty[filled_ + at] = tick.qty;
      id[filled_ + at] = tick.order_id;
      flags[filled_ + at] = tick.flags;
    }
    filled_ += count;
    ticks = ticks.subspan(count);
  }
}

/// Digest, encoded bytes and table entry of the closed chunk of one column; runs beside the other columns.
void DayFileWriter::encode_column(Column& column, int index, std::size_t rows) {
  const auto width = static_cast<std::size_t>(kColumnWidths[index]), padded = static_cast<std::size_t>(chunk_rows_);
  uint8_t* values = column.closed.data();
  column.entry.decoded = sha256(values, rows * width);
  // HDF5 wants whole chunks. The last value again is what costs least: no step, no new width, no new unit.
  for (std::size_t row = rows; row < padded; ++row)
    std::memcpy(values + row * width, values + (rows - 1) * width, width);
  column.encoded = column.encoder.encode(values, padded, kColumnWidths[index]);
  column.entry.encoded_bytes = static_cast<int64_t>(column.encoded.size());
  column.entry.xxh3 = xxh3(column.encoded);
}

/// All stored columns of the closed chunk.
void DayFileWriter::encode_chunk(std::size_t rows, int64_t chunk) {
  const std::span<const int64_t> times(values_of<const int64_t>(columns_[kExchTs].closed), rows);
  const auto [least, largest] = std::minmax_element(times.begin(), times.end());
  ChunkEntry entry;
  entry.chunk = static_cast<uint32_t>(chunk);
  entry.rows = static_cast<int64_t>(rows);
  entry.first_ts = times.front(), entry.last_ts = times.back();
  entry.least_ts = *least, entry.largest_ts = *largest;
  std::vector<int> work;
  for (const int column : {kExchTs, kQty, kPx, kLocalTs, kOrderId, kFlags}) {
    if (!columns_[column].stored) continue;
    columns_[column].entry = entry;
    columns_[column].entry.column = static_cast<uint32_t>(column);
    work.push_back(column);
  }
  const int threads = rows < kRowsWorthThreads ? 1 : std::clamp(int(std::thread::hardware_concurrency()), 1, 4);
  run_tasks(static_cast<int>(work.size()), threads, [&](int at) { encode_column(columns_[work[at]], work[at], rows); });
}

/// Waits for the encoding thread and hands what it encoded to HDF5.
void DayFileWriter::take_encoded() {
  if (encoding_.joinable()) encoding_.join();
  if (failure_) std::rethrow_exception(failure_);
  for (int index = 0; index < kColumns; ++index) {
    Column& column = columns_[index];
    if (column.encoded.empty()) continue;
    const ChunkEntry& entry = column.entry;
    hdf5_->write_chunk(index, entry.chunk, entry.chunk * chunk_rows_ + entry.rows, column.encoded);
    column.entries.push_back(entry);
    column.encoded = {};
  }
}

/// Makes the dataset of a column and fills in the chunks before this one, in which the column was absent.
void DayFileWriter::begin_column(int column, int64_t rows_known) {
  hdf5_->add_dataset(column, rows_known, chunk_rows_, codec_);
  const int64_t missed = rows_ / chunk_rows_;
  Column& begun = columns_[column];
  if (missed == 0) return;
  std::vector<uint8_t> encoded;
  if (column == kOrderId) {
    const std::vector<uint64_t> zeros(static_cast<std::size_t>(chunk_rows_));
    const std::span<const uint8_t> bytes = begun.encoder.encode(zeros.data(), zeros.size(), 8);
    encoded.assign(bytes.begin(), bytes.end());
  }
  const Digest zeros_digest = column == kOrderId ? digest_of_zeros(chunk_rows_) : Digest{};
  for (int64_t chunk = 0; chunk < missed; ++chunk) {
    ChunkEntry entry = columns_[kExchTs].entries[chunk];
    entry.column = static_cast<uint32_t>(column);
    if (column == kLocalTs) {
      // It has equalled exch_ts so far, so its encoded bytes are those that exch_ts has in the file.
      const Hdf5Writer::Place place = hdf5_->place_of(kExchTs, chunk);
      encoded.resize(static_cast<std::size_t>(place.bytes));
      const std::size_t got = read_at(lock_, encoded.data(), encoded.size(), place.offset, temporary_);
      if (got != encoded.size() || xxh3(encoded) != entry.xxh3)
        throw Error(ErrorKind::io, temporary_ + ": a chunk reads back differently from how it was written");
    } else {
      entry.encoded_bytes = static_cast<int64_t>(encoded.size());
      entry.xxh3 = xxh3(encoded);
      entry.decoded = zeros_digest;
    }
    begun.entries.push_back(entry);
    hdf5_->write_chunk(column, chunk, (chunk + 1) * chunk_rows_, encoded);
  }
}

/// Hands the chunk that filled to the encoding thread and lets the next one fill.
void DayFileWriter::close_chunk(bool last) {
  over_ = true;  // until it went well
  take_encoded();
  const std::size_t rows = filled_;
  const bool only_chunk = rows_ == 0 && last;
  if (rows_ == 0) chunk_rows_ = static_cast<int64_t>(rows);

  // Which columns are there at all.
  Column &local = columns_[kLocalTs], &id = columns_[kOrderId];
  const bool local_begins =
      !local.stored && std::memcmp(local.values.data(), columns_[kExchTs].values.data(), rows * 8) != 0;
  const auto* ids = values_of<const uint64_t>(id.values);
  const bool id_begins = !id.stored && std::any_of(ids, ids + rows, [](uint64_t value) { return value != 0; });
  const int64_t rows_known = only_chunk ? static_cast<int64_t>(rows) : 0;
  for (int column = 0; column < kColumns; ++column) {
    const bool begins = (column == kLocalTs && local_begins) || (column == kOrderId && id_begins);
    columns_[column].stored |= begins;
    if (begins || (rows_ == 0 && columns_[column].stored)) begin_column(column, rows_known);
  }

  const int64_t chunk = rows_ / chunk_rows_;
  for (int column = 0; column < kColumns; ++column) {
    Column& closing = columns_[column];
    if (!closing.stored) continue;
    closing.values.swap(closing.closed);
    const std::size_t padded = static_cast<std::size_t>(chunk_rows_ * kColumnWidths[column]);
    if (closing.closed.size() < padded) closing.closed.resize(padded);
  }
  rows_ += static_cast<int64_t>(rows);
  filled_ = 0;
  if (last) {
    encode_chunk(rows, chunk);
    take_encoded();
  } else {
    encoding_ = std::jthread([this, rows, chunk] {
      try {
        encode_chunk(rows, chunk);
      } catch (...) { failure_ = std::current_exception(); }
    });
  }
  over_ = false;
}

DayFooter DayFileWriter::make_footer(const std::vector<std::pair<std::string, std::string>>& attributes) {
  DayFooter footer;
  footer.day = day_;
  footer.venue = instrument_.venue;
  footer.symbol = instrument_.symbol;
  footer.codec = codec_;
  for (const auto& [name, text] : attributes)
    if (name == "source_digest") footer.source_digest = text;
  footer.rows = rows_;
  footer.chunk_rows = chunk_rows_;
  for (int column = 0; column < kColumns; ++column) {
    if (!columns_[column].stored) continue;
    footer.stored_columns |= 1u << column;
    footer.chunks.insert(footer.chunks.end(), columns_[column].entries.begin(), columns_[column].entries.end());
  }
  footer.first_ts = columns_[kExchTs].entries.front().first_ts;
  footer.last_ts = columns_[kExchTs].entries.back().last_ts;
  footer.content_digest = content_digest_of(footer);
  return footer;
}

void DayFileWriter::write_attributes(const std::vector<std::pair<std::string, std::string>>& attributes,
                                     const DayFooter& footer) {
  std::string absent;
  for (int column = 0; column < kColumns; ++column)
    if (!footer.has(column)) absent += (absent.empty() ? "" : " ") + std::string(kColumnNames[column]);
  std::set<std::string> names;
  const auto put = [&](const std::string& name, const auto& value) {
    if (name.empty() || !names.insert(name).second)
      throw Error(ErrorKind::usage, path_ + ": attribute name '" + name + "' is empty or given twice");
    hdf5_->put(name, value);
  };
  put("schema_version", int64_t{kSchemaVersion});
  put("venue", instrument_.venue);
  put("symbol", instrument_.symbol);
  put("day", to_text(day_));
  put("tick_size", instrument_.tick_size);
  put("lot_size", instrument_.lot_size);
  put("multiplier", instrument_.multiplier);
  put("currency", instrument_.currency);
  put("zone", instrument_.zone);
  put("day_start_s", int64_t{instrument_.day_start_s});
  put("has_local_clock", int64_t{instrument_.has_local_clock});
  put("rows", footer.rows);
  put("codec", std::string(name_of(codec_)));
  put("absent_columns", absent);
  put("content_digest", hex_text(footer.content_digest));
  for (const auto& [name, text] : attributes) put(name, text);
}

/// What HDF5 wrote is what we gave it, at the places it named: the readers go by these. From the page cache, at some 10
/// GB/s of encoded bytes.
void DayFileWriter::check_written(const DayFooter& footer) {
  std::vector<uint8_t> bytes;
  for (const ChunkEntry& entry : footer.chunks) {
    bytes.resize(static_cast<std::size_t>(entry.encoded_bytes));
    if (read_at(lock_, bytes.data(), bytes.size(), entry.offset, temporary_) != bytes.size() ||
        xxh3(bytes) != entry.xxh3)
      throw Error(ErrorKind::io, temporary_ + ": a chunk reads back differently from how it was written");
  }
}

void DayFileWriter::finish(DayFooter& footer) {
  for (ChunkEntry& entry : footer.chunks) {
    const Hdf5Writer::Place place = hdf5_->place_of(static_cast<int>(entry.column), entry.chunk);
    expect(place.bytes == entry.encoded_bytes, "HDF5 stores the chunk as given");
    entry.offset = place.offset;
  }
  hdf5_->close();
  hdf5_.reset();
  footer.hdf5_bytes = file_bytes(lock_, temporary_);
  check_written(footer);
  footer.non_chunk_digest = non_chunk_digest_of(lock_, temporary_, footer);
  const std::vector<uint8_t> bytes = encode_footer(footer);
  write_at(lock_, bytes.data(), bytes.size(), footer.hdf5_bytes, temporary_);
  sync_file(lock_, temporary_);
}

DayInfo DayFileWriter::commit(const std::vector<std::pair<std::string, std::string>>& attributes) {
  expect(!over_, "commit comes once and not after an error");
  if (rows_ + int64_t(filled_) == 0) throw Error(ErrorKind::usage, path_ + ": a day without ticks is not stored");
  close_chunk(true);
  over_ = true;
  DayFooter footer = make_footer(attributes);
  write_attributes(attributes, footer);
  finish(footer);
  const int64_t bytes = file_bytes(lock_, temporary_);
  if (!publish_day(temporary_, path_, replace_))
    throw Error(ErrorKind::usage, path_ + ": the day exists already; day files are never changed");
  temporary_.clear();
  lock_.close();
  return {
      footer.day,          path_, footer.rows, footer.first_ts, footer.last_ts, bytes, hex_text(footer.content_digest),
      footer.source_digest};
}

}  // namespace tf::data
