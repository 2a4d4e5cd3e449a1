#include "data/store/day_file.hpp"

#include <algorithm>
#include <bit>
#include <cstring>
#include <limits>

#include "cuda/base/error.hpp"

namespace tf::data {
namespace {

static_assert(std::endian::native == std::endian::little, "day files are little-endian and read as they are");

constexpr std::array<char, 8> kMagic = {'T', 'F', 'D', 'A', 'Y', '\r', '\n', '\x1a'};
constexpr std::size_t kTrailerBytes = 56;
constexpr std::size_t kEntryBytes = 2 * 4 + 5 * 8 + 8 + 32;
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

std::string parse_entries(ByteReader& body, DayFooter& footer, int64_t count) {
  footer.chunks.resize(static_cast<std::size_t>(count));
  for (ChunkEntry& entry : footer.chunks) {
    entry.column = body.take<uint32_t>();
    entry.chunk = body.take<uint32_t>();
    for (int64_t* field : {&entry.offset, &entry.encoded_bytes, &entry.rows, &entry.first_ts, &entry.last_ts})
      *field = body.take<int64_t>();
    entry.xxh3 = body.take<uint64_t>();
    entry.decoded = body.take<Digest>();
  }
  std::size_t at = 0;
  for (int column = 0; column < kColumns; ++column)
    for (int64_t chunk = 0; footer.has(column) && chunk < footer.chunk_count(); ++chunk, ++at) {
      const ChunkEntry& entry = footer.chunks[at];
      const int64_t rows = std::min(footer.chunk_rows, footer.rows - chunk * footer.chunk_rows);
      if (entry.column != uint32_t(column) || entry.chunk != chunk || entry.rows != rows)
        return "the chunk table is out of order";
      const auto most = static_cast<int64_t>(encoded_bound(Codec::zstd, footer.chunk_rows * kColumnWidths[column]));
      if (entry.encoded_bytes < 1 || entry.encoded_bytes > most || entry.offset < 0 ||
          entry.offset > footer.hdf5_bytes - entry.encoded_bytes)
        return "a chunk lies outside the file";
    }
  return {};
}

std::string parse_body(std::span<const uint8_t> bytes, int64_t hdf5_bytes, DayFooter& footer) {
  ByteReader body(bytes);
  if (body.take<std::array<char, 8>>() != kMagic) return "it does not start with its magic";
  footer.day.days = body.take<int32_t>();
  footer.venue = body.take_text();
  footer.symbol = body.take_text();
  footer.source_digest = body.take_text();
  footer.rows = body.take<int64_t>();
  footer.chunk_rows = body.take<int64_t>();
  footer.first_ts = body.take<int64_t>();
  footer.last_ts = body.take<int64_t>();
  footer.stored_columns = body.take<uint32_t>();
  footer.column_digests = body.take<std::array<Digest, kColumns>>();
  footer.content_digest = body.take<Digest>();
  footer.hdf5_bytes = body.take<int64_t>();
  footer.non_chunk_digest = body.take<Digest>();
  if (body.is_short()) return "it is too short";
  if (footer.hdf5_bytes != hdf5_bytes)
    return "the HDF5 part has " + std::to_string(hdf5_bytes) + " bytes, expected " + std::to_string(footer.hdf5_bytes);
  if (footer.rows < 1 || footer.chunk_rows < 1 || footer.chunk_rows > kMostChunkRows)
    return "its number of rows makes no sense";
  const uint32_t required = kAllColumns & ~(Column::local_ts | Column::order_id);
  if ((footer.stored_columns & required) != required || footer.stored_columns > kAllColumns)
    return "its set of columns makes no sense";
  // The bytes that are there bound the number of entries, hence the memory asked for.
  const auto entries = static_cast<int64_t>(body.left() / kEntryBytes);
  if (body.left() % kEntryBytes || entries / std::popcount(footer.stored_columns) != footer.chunk_count() ||
      entries % std::popcount(footer.stored_columns))
    return "the length of its chunk table does not fit its number of rows";
  return parse_entries(body, footer, entries);
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
  for (const int64_t word : {footer.rows, footer.chunk_rows, footer.first_ts, footer.last_ts}) out.put(word);
  out.put(footer.stored_columns);
  out.put(footer.column_digests);
  out.put(footer.content_digest);
  out.put(footer.hdf5_bytes);
  out.put(footer.non_chunk_digest);
  for (const ChunkEntry& entry : footer.chunks) {
    out.put(entry.column);
    out.put(entry.chunk);
    for (const int64_t word : {entry.offset, entry.encoded_bytes, entry.rows, entry.first_ts, entry.last_ts})
      out.put(word);
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

std::string open_day(const std::string& path, const std::string& instrument, Day day, std::size_t tail_bytes,
                     OpenDay& opened) {
  opened.path = path;
  opened.file = open_to_read(path);
  opened.bytes = file_bytes(opened.file, path);
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
  if (version != kSchemaVersion)
    return "schema version " + std::to_string(version) + ", this program reads " + std::to_string(kSchemaVersion);
  if (const std::string wrong = parse_body(footer.first(body_bytes), opened.bytes - footer_bytes, opened.footer);
      !wrong.empty())
    return wrong;
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

Digest content_digest_of(const std::array<Digest, kColumns>& columns) {
  return sha256(columns.data(), sizeof(columns));
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

std::string read_chunk(const OpenDay& day, const ChunkEntry& entry, Scratch& buffer, std::span<const uint8_t>& bytes) {
  const auto count = static_cast<std::size_t>(entry.encoded_bytes);
  const int64_t tail_at = day.bytes - int64_t(day.tail.size());
  if (entry.offset >= tail_at) {
    bytes = std::span<const uint8_t>(day.tail).subspan(static_cast<std::size_t>(entry.offset - tail_at), count);
  } else {
    uint8_t* read = buffer.data(count);
    if (read_at(day.file, read, count, entry.offset, day.path) != count) return "the file ends inside it";
    bytes = {read, count};
  }
  if (xxh3(bytes) != entry.xxh3) return "the stored bytes do not match their checksum (XXH3)";
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
