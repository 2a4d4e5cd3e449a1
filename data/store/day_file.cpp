#include "data/store/day_file.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <bit>
#include <cstring>
#include <limits>

#include "cuda/base/error.hpp"
#include "data/store/merkle.hpp"

namespace tf::data {
namespace {

static_assert(std::endian::native == std::endian::little, "day files are little-endian and read as they are");

constexpr std::array<char, 8> kMagic = {'T', 'F', 'D', 'A', 'Y', '\r', '\n', '\x1a'};
constexpr std::size_t kTrailerBytes = 56;
constexpr std::size_t kTimesBytes = 4 * 8, kEntryBytes = 3 * 8 + 32;  // schema 2: of a chunk, of a column's chunk
constexpr std::size_t kEntryBytesOfSchema1 = 2 * 4 + 5 * 8 + 8 + 32;
constexpr int64_t kMostChunkRows = int64_t{1} << 24;

class ByteWriter {
 public:
  template <class T>
  void put(const T& value) {
    const auto* from = reinterpret_cast<const uint8_t*>(&value);
    bytes.insert(bytes.end(), from, from + sizeof(T));
  }
  void put_text(const std::string& text) {
    put(static_cast<uint32_t>(text.size()));
    bytes.insert(bytes.end(), text.begin(), text.end());
  }
  std::vector<uint8_t> bytes;
};

/// Reads past the end yield zeros and are remembered.
class ByteReader {
 public:
  explicit ByteReader(std::span<const uint8_t> bytes) : bytes_(bytes) {}
  template <class T>
  T take() {
    T value{};
    if (bytes_.size() < sizeof(T)) {
      short_ = true;
      return value;
    }
    std::memcpy(&value, bytes_.data(), sizeof(T));
    bytes_ = bytes_.subspan(sizeof(T));
    return value;
  }
  std::string take_text() {
    const auto length = take<uint32_t>();
    if (bytes_.size() < length) {
      short_ = true;
      return {};
    }
    std::string text(reinterpret_cast<const char*>(bytes_.data()), length);
    bytes_ = bytes_.subspan(length);
    return text;
  }
  std::size_t left() const { return bytes_.size(); }
  bool is_short() const { return short_; }

 private:
  std::span<const uint8_t> bytes_;
  bool short_ = false;
};

/// The entries of the columns stored, in order, each with its column, chunk and rows.
void lay_out_entries(DayFooter& footer) {
  for (int column = 0; column < kColumns; ++column)
    for (int64_t chunk = 0; footer.has(column) && chunk < footer.chunk_count(); ++chunk) {
      ChunkEntry entry;
      entry.column = static_cast<uint32_t>(column);
      entry.chunk = static_cast<uint32_t>(chunk);
      entry.rows = std::min(footer.chunk_rows, footer.rows - chunk * footer.chunk_rows);
      footer.chunks.push_back(entry);
    }
}

void take_entries(ByteReader& body, DayFooter& footer) {
  const int64_t count = footer.chunk_count();
  for (int64_t chunk = 0; chunk < count; ++chunk) {
    std::array<int64_t, 4> times;
    for (int64_t& time : times) time = body.take<int64_t>();
    for (std::size_t at = static_cast<std::size_t>(chunk); at < footer.chunks.size(); at += std::size_t(count)) {
      ChunkEntry& entry = footer.chunks[at];
      entry.first_ts = times[0], entry.last_ts = times[1], entry.least_ts = times[2], entry.largest_ts = times[3];
    }
  }
  for (ChunkEntry& entry : footer.chunks) {
    entry.offset = body.take<int64_t>();
    entry.encoded_bytes = body.take<int64_t>();
    entry.xxh3 = body.take<uint64_t>();
    entry.decoded = body.take<Digest>();
  }
  footer.first_ts = footer.entry(kExchTs, 0).first_ts;
  footer.last_ts = footer.entry(kExchTs, count - 1).last_ts;
}

/// False: an entry is not where its column, chunk and rows belong.
bool take_entries_of_schema1(ByteReader& body, DayFooter& footer) {
  bool in_order = true;
  for (ChunkEntry& entry : footer.chunks) {
    in_order &= body.take<uint32_t>() == entry.column;
    in_order &= body.take<uint32_t>() == entry.chunk;
    entry.offset = body.take<int64_t>();
    entry.encoded_bytes = body.take<int64_t>();
    in_order &= body.take<int64_t>() == entry.rows;
    entry.first_ts = body.take<int64_t>();
    entry.last_ts = body.take<int64_t>();
    entry.xxh3 = body.take<uint64_t>();
    entry.decoded = body.take<Digest>();
  }
  return in_order;
}

std::string judge_entries(const DayFooter& footer) {
  for (const ChunkEntry& entry : footer.chunks) {
    const int width = kColumnWidths[entry.column];
    const auto most = static_cast<int64_t>(encoded_bound(footer.codec, footer.chunk_rows * width));
    if (entry.encoded_bytes < 1 || entry.encoded_bytes > most || entry.offset < 0 ||
        entry.offset > footer.hdf5_bytes - entry.encoded_bytes)
      return "a chunk lies outside the file";
    if (std::min(entry.first_ts, entry.last_ts) < entry.least_ts ||
        std::max(entry.first_ts, entry.last_ts) > entry.largest_ts)
      return "the times of a chunk make no sense";
  }
  return {};
}

std::string parse_body(std::span<const uint8_t> bytes, int64_t hdf5_bytes, DayFooter& footer) {
  ByteReader body(bytes);
  const bool first_schema = footer.version == 1;
  if (body.take<std::array<char, 8>>() != kMagic) return "it does not start with its magic";
  footer.day.days = body.take<int32_t>();
  footer.venue = body.take_text();
  footer.symbol = body.take_text();
  footer.source_digest = body.take_text();
  if (!first_schema) footer.codec = static_cast<Codec>(body.take<uint32_t>());
  footer.rows = body.take<int64_t>();
  footer.chunk_rows = body.take<int64_t>();
  if (first_schema) {
    footer.first_ts = body.take<int64_t>();
    footer.last_ts = body.take<int64_t>();
  }
  footer.stored_columns = body.take<uint32_t>();
  if (first_schema) footer.column_digests = body.take<std::array<Digest, kColumns>>();
  footer.content_digest = body.take<Digest>();
  footer.hdf5_bytes = body.take<int64_t>();
  footer.non_chunk_digest = body.take<Digest>();
  if (body.is_short()) return "it is too short";
  if (footer.hdf5_bytes != hdf5_bytes)
    return "the HDF5 part has " + std::to_string(hdf5_bytes) + " bytes, expected " + std::to_string(footer.hdf5_bytes);
  if (footer.codec != Codec::zstd && footer.codec != Codec::packed && footer.codec != Codec::packed_zstd)
    return "it names a codec that this program does not know";
  if (footer.rows < 1 || footer.chunk_rows < 1 || footer.chunk_rows > kMostChunkRows ||
      (!first_schema && footer.chunk_rows != std::min(footer.rows, kChunkRows)))
    return "its number of rows makes no sense";
  const uint32_t required = kAllColumns & ~(Column::local_ts | Column::order_id);
  if ((footer.stored_columns & required) != required || footer.stored_columns > kAllColumns)
    return "its set of columns makes no sense";
  // The bytes that are there bound the number of entries, hence the memory asked for.
  const auto columns = static_cast<std::size_t>(std::popcount(footer.stored_columns));
  const std::size_t a_chunk = first_schema ? columns * kEntryBytesOfSchema1 : kTimesBytes + columns * kEntryBytes;
  if (body.left() % a_chunk || static_cast<int64_t>(body.left() / a_chunk) != footer.chunk_count())
    return "the length of its chunk table does not fit its number of rows";
  lay_out_entries(footer);
  if (!first_schema) take_entries(body, footer);
  if (first_schema && !take_entries_of_schema1(body, footer)) return "the chunk table is out of order";
  return judge_entries(footer);
}

}  // namespace

const ChunkEntry& DayFooter::entry(int column, int64_t chunk) const {
  const int rank = std::popcount(stored_columns & ((1u << column) - 1));
  return chunks[static_cast<std::size_t>(rank * chunk_count() + chunk)];
}

DayInfo OpenDay::info() const {
  return {
      footer.day,          path, footer.rows, footer.first_ts, footer.last_ts, bytes, hex_text(footer.content_digest),
      footer.source_digest};
}

std::vector<uint8_t> encode_footer(const DayFooter& footer) {
  ByteWriter out;
  out.put(kMagic);
  out.put(footer.day.days);
  out.put_text(footer.venue);
  out.put_text(footer.symbol);
  out.put_text(footer.source_digest);
  out.put(static_cast<uint32_t>(footer.codec));
  out.put(footer.rows);
  out.put(footer.chunk_rows);
  out.put(footer.stored_columns);
  out.put(footer.content_digest);
  out.put(footer.hdf5_bytes);
  out.put(footer.non_chunk_digest);
  for (const ChunkEntry& entry : footer.chunks)
    if (entry.column == kExchTs)
      for (const int64_t time : {entry.first_ts, entry.last_ts, entry.least_ts, entry.largest_ts}) out.put(time);
  for (const ChunkEntry& entry : footer.chunks) {
    out.put(entry.offset);
    out.put(entry.encoded_bytes);
    out.put(entry.xxh3);
    out.put(entry.decoded);
  }
  out.put(static_cast<uint64_t>(out.bytes.size()));
  out.put(kSchemaVersion);
  out.put(uint32_t{0});
  out.put(sha256(out.bytes.data(), out.bytes.size()));
  out.put(kMagic);
  return std::move(out.bytes);
}

std::string open_named_day(const std::string& path, std::size_t tail_bytes, OpenDay& opened) {
  opened.path = path;
  opened.file = open_to_read(path);
  struct stat status;
  if (::fstat(opened.file.fd(), &status) != 0) throw_io("look up the size", path);
  opened.bytes = status.st_size;
  opened.identity = {status.st_dev, status.st_ino, status.st_size,
                     int64_t{status.st_mtim.tv_sec} * 1'000'000'000 + status.st_mtim.tv_nsec};
  if (opened.bytes < int64_t(kTrailerBytes)) return "the file has only " + std::to_string(opened.bytes) + " bytes";
  const auto read_tail = [&](int64_t count) {
    opened.tail.resize(static_cast<std::size_t>(count));
    return read_at(opened.file, opened.tail.data(), opened.tail.size(), opened.bytes - count, path) ==
           opened.tail.size();
  };
  if (!read_tail(std::min(opened.bytes, int64_t(std::max(tail_bytes, kTrailerBytes)))))
    return "the file shrank while it was read";

  const auto trailer = [&] { return std::span<const uint8_t>(opened.tail).last(kTrailerBytes); };
  ByteReader words(trailer());
  const auto body_bytes = words.take<uint64_t>();
  const auto version = words.take<uint32_t>();
  words.take<uint32_t>();
  const auto digest = words.take<Digest>();
  if (words.take<std::array<char, 8>>() != kMagic)
    return "the file does not end with its magic: truncated, appended to, or no day file";
  if (body_bytes > uint64_t(opened.bytes) - kTrailerBytes) return "it claims to be longer than the file";
  const auto footer_bytes = static_cast<int64_t>(body_bytes + kTrailerBytes);
  if (footer_bytes > int64_t(opened.tail.size()) && !read_tail(footer_bytes))
    return "the file shrank while it was read";

  const auto footer = std::span<const uint8_t>(opened.tail).last(static_cast<std::size_t>(footer_bytes));
  if (sha256(footer.data(), body_bytes + 16) != digest) return "its SHA-256 does not match";
  if (version < 1 || version > kSchemaVersion)
    return "schema version " + std::to_string(version) + ", this program reads 1 to " + std::to_string(kSchemaVersion);
  opened.footer.version = version;
  return parse_body(footer.first(body_bytes), opened.bytes - footer_bytes, opened.footer);
}

std::string open_day(const std::string& path, const std::string& instrument, Day day, std::size_t tail_bytes,
                     OpenDay& opened) {
  if (std::string wrong = open_named_day(path, tail_bytes, opened); !wrong.empty()) return wrong;
  const std::string named = opened.footer.venue + "/" + opened.footer.symbol;
  if (named != instrument || opened.footer.day != day)
    return "it belongs to " + named + " " + to_text(opened.footer.day) + ", expected " + instrument + " " +
           to_text(day);
  return {};
}

OpenDay open_sound_day(const std::string& path, const std::string& instrument, Day day, std::size_t tail_bytes) {
  OpenDay opened;
  if (const std::string wrong = open_day(path, instrument, day, tail_bytes, opened); !wrong.empty())
    throw Error(ErrorKind::bad_data, to_text(damage_of_footer(path, wrong)));
  return opened;
}

Digest digest_of_zeros(int64_t rows) {
  const std::vector<uint64_t> zeros(1024);
  Sha256 sum;
  for (int64_t left = rows; left > 0; left -= 1024)
    sum.add(zeros.data(), 8 * static_cast<std::size_t>(std::min<int64_t>(left, 1024)));
  return sum.digest();
}

Digest decoded_digest(const DayFooter& footer, int column, int64_t chunk) {
  if (footer.has(column)) return footer.entry(column, chunk).decoded;
  if (column == kLocalTs) return footer.entry(kExchTs, chunk).decoded;
  return digest_of_zeros(footer.entry(kExchTs, chunk).rows);
}

Digest chunk_leaf(int column, int64_t chunk, int64_t rows, const Digest& decoded) {
  ByteWriter data;
  data.put(static_cast<uint32_t>(column));
  data.put(static_cast<uint32_t>(chunk));
  data.put(static_cast<uint64_t>(rows));
  data.put(decoded);
  return merkle_leaf(data.bytes);
}

std::vector<Digest> leaves_of(const DayFooter& footer) {
  const int64_t count = footer.chunk_count();
  std::vector<Digest> leaves;
  Digest full_zeros{};
  if (!footer.has(kOrderId) && count > 1) full_zeros = digest_of_zeros(footer.chunk_rows);
  for (int column = 0; column < kColumns; ++column)
    for (int64_t chunk = 0; chunk < count; ++chunk) {
      const bool known_zeros = column == kOrderId && !footer.has(kOrderId) && chunk + 1 < count;
      leaves.push_back(chunk_leaf(column, chunk, footer.entry(kExchTs, chunk).rows,
                                  known_zeros ? full_zeros : decoded_digest(footer, column, chunk)));
    }
  return leaves;
}

Digest content_digest_of(const DayFooter& footer) {
  if (footer.version == 1) return sha256(footer.column_digests.data(), sizeof(footer.column_digests));
  return merkle_root(leaves_of(footer));
}

Digest non_chunk_digest_of(const FileHandle& file, const std::string& path, const DayFooter& footer) {
  std::vector<std::pair<int64_t, int64_t>> ranges;
  for (const ChunkEntry& entry : footer.chunks) ranges.emplace_back(entry.offset, entry.offset + entry.encoded_bytes);
  ranges.emplace_back(footer.hdf5_bytes, footer.hdf5_bytes);
  std::sort(ranges.begin(), ranges.end());
  Sha256 sum;
  std::vector<uint8_t> bytes;
  int64_t at = 0;
  for (const auto& [first, past] : ranges) {
    if (first > at) {
      bytes.resize(static_cast<std::size_t>(first - at));
      const std::size_t got = read_at(file, bytes.data(), bytes.size(), at, path);
      sum.add(bytes.data(), got);
    }
    at = std::max(at, past);
  }
  return sum.digest();
}

std::string read_chunk(const OpenDay& day, const ChunkEntry& entry, Scratch& buffer, std::span<const uint8_t>& bytes,
                       bool check) {
  const auto count = static_cast<std::size_t>(entry.encoded_bytes);
  const int64_t tail_at = day.bytes - int64_t(day.tail.size());
  if (entry.offset >= tail_at) {
    bytes = std::span<const uint8_t>(day.tail).subspan(static_cast<std::size_t>(entry.offset - tail_at), count);
  } else {
    uint8_t* read = buffer.data(count);
    if (read_at(day.file, read, count, entry.offset, day.path) != count) return "the file ends inside it";
    bytes = {read, count};
  }
  if (check && xxh3(bytes) != entry.xxh3) return "the stored bytes do not match their checksum (XXH3)";
  return {};
}

std::string to_text(const Damage& damage) {
  std::string text = "damaged day file " + damage.file + ": ";
  if (damage.rows == 0) return text + damage.column + ": " + damage.reason;
  // Midnight before the earliest time there is has no number.
  const auto time = [](int64_t ts) { return time_text(std::max(ts, std::numeric_limits<int64_t>::min() + kDay)); };
  return text + "column " + damage.column + ", chunk " + std::to_string(damage.chunk) + " (rows " +
         std::to_string(damage.first_row) + " to " + std::to_string(damage.first_row + damage.rows - 1) + ", " +
         time(damage.first_ts) + " to " + time(damage.last_ts) + "): " + damage.reason;
}

Damage damage_of(const OpenDay& day, int column, int64_t chunk, const std::string& reason) {
  const ChunkEntry& entry = day.footer.entry(column, chunk);
  return {day.path,   kColumnNames[column], reason,       chunk, chunk * day.footer.chunk_rows,
          entry.rows, entry.first_ts,       entry.last_ts};
}

Damage damage_of_footer(const std::string& path, const std::string& reason) {
  return {path, "footer", reason, 0, 0, 0, 0, 0};
}

}  // namespace tf::data
