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

DayFileWriter::DayFileWriter(const Instrument& instrument, Day day, const std::string& path, bool replace)
    : instrument_(instrument), day_(day), path_(path), replace_(replace) {
  const std::string folder = fs::path(path).parent_path().string();
  temporary_ = temporary_day_path(folder, day);
  sweep_stale(folder);
  lock_ = lock_temporary(temporary_);
  try {
    hdf5_.emplace(lock_, temporary_);
  } catch (...) {
    ::unlink(temporary_.c_str());
    throw;
  }
  for (const int always : {kExchTs, kPx, kQty, kFlags}) columns_[always].stored = true;
}

DayFileWriter::~DayFileWriter() {
  if (!temporary_.empty()) remove_held(lock_, temporary_);
}

void DayFileWriter::append(std::span<const Tick> ticks) {
  expect(!over_, "append comes before commit and not after an error");
  while (!ticks.empty()) {
    if (filled_ == std::size_t(kChunkRows)) flush(false);
    const std::size_t count = std::min(ticks.size(), std::size_t(kChunkRows) - filled_);
    const std::size_t needed = filled_ + count;
    for (int column = 0; column < kColumns; ++column) {
      std::vector<uint8_t>& values = columns_[column].values;
      const std::size_t bytes = needed * kColumnWidths[column];
      if (values.size() < bytes)
        values.resize(std::max(bytes, std::min(2 * values.size(), kChunkRows * std::size_t(8))));
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
    if (rows_ + int64_t(filled_) == 0) first_ts_ = ticks.front().exch_ts;
    last_ts_ = ticks[count - 1].exch_ts;
    filled_ += count;
    ticks = ticks.subspan(count);
  }
}

/// Digest, encoded bytes and table entry of the current chunk of one column; runs beside the other columns.
void DayFileWriter::encode(Column& column, int index, std::size_t rows) {
  const std::size_t width = static_cast<std::size_t>(kColumnWidths[index]);
  column.digest.add(column.values.data(), rows * width);
  if (!column.stored) return;
  const auto padded = static_cast<std::size_t>(chunk_rows_);
  if (column.values.size() < padded * width) column.values.resize(padded * width);
  std::memset(column.values.data() + rows * width, 0, (padded - rows) * width);
  column.encoded = column.encoder.encode(column.values.data(), padded, kColumnWidths[index]);
  ChunkEntry entry;
  entry.column = static_cast<uint32_t>(index);
  entry.chunk = static_cast<uint32_t>(rows_ / chunk_rows_);
  entry.encoded_bytes = static_cast<int64_t>(column.encoded.size());
  entry.rows = static_cast<int64_t>(rows);
  entry.xxh3 = xxh3(column.encoded);
  entry.decoded = sha256(column.values.data(), rows * width);
  column.entries.push_back(entry);
}

/// Makes the dataset of a column and fills in the chunks before this one, in which the column was absent.
void DayFileWriter::begin_column(int column, int64_t rows_known) {
  hdf5_->add_dataset(column, rows_known, chunk_rows_);
  const int64_t missed = rows_ / chunk_rows_;
  Column& begun = columns_[column];
  if (missed == 0) return;
  if (column == kOrderId) {
    const std::vector<uint64_t> zeros(static_cast<std::size_t>(chunk_rows_));
    Encoder encoder(Codec::zstd);
    const std::span<const uint8_t> encoded = encoder.encode(zeros.data(), zeros.size(), 8);
    const Digest digest = sha256(zeros.data(), zeros.size() * 8);
    for (int64_t chunk = 0; chunk < missed; ++chunk) {
      ChunkEntry entry = columns_[kExchTs].entries[chunk];
      entry.column = kOrderId;
      entry.encoded_bytes = static_cast<int64_t>(encoded.size());
      entry.xxh3 = xxh3(encoded);
      entry.decoded = digest;
      begun.entries.push_back(entry);
      hdf5_->write_chunk(column, chunk, (chunk + 1) * chunk_rows_, encoded);
    }
    return;
  }
  // local_ts has equalled exch_ts so far, so the encoded bytes are those that exch_ts has in the file.
  for (int64_t chunk = 0; chunk < missed; ++chunk) {
    const Hdf5Writer::Place place = hdf5_->place_of(kExchTs, chunk);
    std::vector<uint8_t> encoded(static_cast<std::size_t>(place.bytes));
    const std::size_t got = read_at(lock_, encoded.data(), encoded.size(), place.offset, temporary_);
    ChunkEntry entry = columns_[kExchTs].entries[chunk];
    if (got != encoded.size() || xxh3(encoded) != entry.xxh3)
      throw Error(ErrorKind::io, temporary_ + ": a chunk reads back differently from how it was written");
    entry.column = kLocalTs;
    begun.entries.push_back(entry);
    hdf5_->write_chunk(column, chunk, (chunk + 1) * chunk_rows_, encoded);
  }
}

void DayFileWriter::flush(bool last) {
  over_ = true;  // until it went well
  const std::size_t rows = filled_;
  const bool only_chunk = rows_ == 0 && last;
  if (rows_ == 0) chunk_rows_ = static_cast<int64_t>(rows);

  // Which columns are there at all.
  Column &local = columns_[kLocalTs], &id = columns_[kOrderId];
  const bool local_begins =
      !local.stored && std::memcmp(local.values.data(), columns_[kExchTs].values.data(), rows * 8) != 0;
  if (local_begins) local.digest = columns_[kExchTs].digest.copy();
  const auto* ids = values_of<const uint64_t>(id.values);
  const bool id_begins = !id.stored && std::any_of(ids, ids + rows, [](uint64_t value) { return value != 0; });
  const int64_t rows_known = only_chunk ? static_cast<int64_t>(rows) : 0;
  for (int column = 0; column < kColumns; ++column) {
    const bool begins = (column == kLocalTs && local_begins) || (column == kOrderId && id_begins);
    columns_[column].stored |= begins;
    if (begins || (rows_ == 0 && columns_[column].stored)) begin_column(column, rows_known);
  }

  // An absent local_ts needs no work: its digest is that of exch_ts.
  std::vector<int> work;
  for (const int column : {kExchTs, kQty, kPx, kLocalTs, kOrderId, kFlags})
    if (column != kLocalTs || local.stored) work.push_back(column);
  const int threads = rows < kRowsWorthThreads ? 1 : std::clamp(int(std::thread::hardware_concurrency()), 1, 4);
  run_tasks(static_cast<int>(work.size()), threads, [&](int at) { encode(columns_[work[at]], work[at], rows); });

  const auto* exch = values_of<const int64_t>(columns_[kExchTs].values);
  const int64_t chunk = rows_ / chunk_rows_;
  rows_ += static_cast<int64_t>(rows);
  for (int column = 0; column < kColumns; ++column) {
    if (!columns_[column].stored) continue;
    columns_[column].entries.back().first_ts = exch[0];
    columns_[column].entries.back().last_ts = exch[rows - 1];
    hdf5_->write_chunk(column, chunk, rows_, columns_[column].encoded);
  }
  filled_ = 0;
  over_ = false;
}

DayFooter DayFileWriter::make_footer(const std::vector<std::pair<std::string, std::string>>& attributes) {
  DayFooter footer;
  footer.day = day_;
  footer.venue = instrument_.venue;
  footer.symbol = instrument_.symbol;
  for (const auto& [name, text] : attributes)
    if (name == "source_digest") footer.source_digest = text;
  footer.rows = rows_;
  footer.chunk_rows = chunk_rows_;
  footer.first_ts = first_ts_;
  footer.last_ts = last_ts_;
  for (int column = 0; column < kColumns; ++column) {
    const int same = column == kLocalTs && !columns_[column].stored ? int(kExchTs) : column;
    footer.column_digests[column] = columns_[same].digest.copy().digest();
    if (!columns_[column].stored) continue;
    footer.stored_columns |= 1u << column;
    footer.chunks.insert(footer.chunks.end(), columns_[column].entries.begin(), columns_[column].entries.end());
  }
  footer.content_digest = content_digest_of(footer.column_digests);
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
  put("absent_columns", absent);
  put("content_digest", hex_text(footer.content_digest));
  for (const auto& [name, text] : attributes) put(name, text);
}

/// What HDF5 wrote is what we gave it, at the places it named: the readers go by these.
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
  flush(true);
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
