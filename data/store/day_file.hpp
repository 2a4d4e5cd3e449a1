// The format of a day file, schema 1. All integers little-endian.
//
//   [0, H)         an HDF5 file (V110 bounds: checksummed metadata). Root attributes describe it; datasets exch_ts,
//   local_ts,
//                  px, qty (int64), order_id (uint64), flags (uint32), chunks of min(rows, 256 Ki), filters shuffle +
//                  zstd (32015). local_ts is absent when it equals exch_ts in every row, order_id when it is 0 in every
//                  row. The last chunk is stored at full length, its surplus rows are 0.
//   [H, H + B)     footer body: magic, day, venue, symbol, rows, rows a chunk, first and last exch_ts, stored columns,
//   the
//                  six column digests, content digest, source digest, H, digest of the non-chunk bytes, chunk table
//   [.., end)      trailer of 56 bytes: B, version, 0, SHA-256 of body and of these two words, magic
//
// Every byte is under a checksum: chunks by XXH3-64 in the table, all other bytes of the HDF5 part by SHA-256 in the
// body, the footer by SHA-256 in the trailer. Readers check the footer by plain reads before anything trusts the file.
//
// Content digest, the lineage name of a day's ticks: SHA-256 over the six column digests (binary, in the order of
// Column), each the SHA-256 over that column's values as little-endian integers (8 bytes, flags 4), all rows, in order.
// Absent columns count as if stored. It depends on neither codec nor chunk size.
#pragma once
#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "data/store/codec.hpp"
#include "data/store/digest.hpp"
#include "data/store/durable.hpp"
#include "data/store/tick_store.hpp"

namespace tf::data {

inline constexpr uint32_t kSchemaVersion = 1;
inline constexpr int64_t kChunkRows = 256 * 1024;
inline constexpr int kColumns = 6;
inline constexpr std::array<const char*, kColumns> kColumnNames = {"exch_ts", "local_ts", "px",
                                                                   "qty",     "order_id", "flags"};
inline constexpr std::array<int, kColumns> kColumnWidths = {8, 8, 8, 8, 8, 4};  ///< bytes a value
enum ColumnIndex : int { kExchTs, kLocalTs, kPx, kQty, kOrderId, kFlags };

struct ChunkEntry {
  uint32_t column = 0, chunk = 0;
  int64_t offset = 0, encoded_bytes = 0;  ///< in the file
  int64_t rows = 0;                       ///< of them valid
  int64_t first_ts = 0, last_ts = 0;      ///< exch_ts of the first and last row, in the entries of every column
  uint64_t xxh3 = 0;                      ///< of the encoded bytes
  Digest decoded{};                       ///< SHA-256 of the decoded values of the valid rows
};

struct DayFooter {
  Day day;
  std::string venue, symbol, source_digest;
  int64_t rows = 0, chunk_rows = 0, first_ts = 0, last_ts = 0;
  uint32_t stored_columns = 0;  ///< set of Column
  std::array<Digest, kColumns> column_digests{};
  Digest content_digest{};
  int64_t hdf5_bytes = 0;
  Digest non_chunk_digest{};
  std::vector<ChunkEntry> chunks;  ///< stored columns in order, the chunks of each in order

  int64_t chunk_count() const { return (rows - 1) / chunk_rows + 1; }
  bool has(int column) const { return stored_columns >> column & 1; }
  /// Entry of a stored column.
  const ChunkEntry& entry(int column, int64_t chunk) const;
};

/// A day file whose footer was found sound.
struct OpenDay {
  std::string path;
  FileHandle file;
  int64_t bytes = 0;
  DayFooter footer;
  std::vector<uint8_t> tail;  ///< the last bytes of the file, kept so that a small file is read by one call

  DayInfo info() const;
};

std::vector<uint8_t> encode_footer(const DayFooter& footer);

/// Opens and checks the footer and that it names this instrument and day. Returns what is wrong, empty if nothing is.
/// Throws Error{no_input} or Error{io} when the system refuses. `tail_bytes`: how much to read at first.
std::string open_day(const std::string& path, const std::string& instrument, Day day, std::size_t tail_bytes,
                     OpenDay& opened);
/// The same, but throws Error{bad_data}.
OpenDay open_sound_day(const std::string& path, const std::string& instrument, Day day, std::size_t tail_bytes);

/// Content digest of six column digests.
Digest content_digest_of(const std::array<Digest, kColumns>& columns);
/// SHA-256 over the bytes of the HDF5 part that belong to no chunk.
Digest non_chunk_digest_of(const FileHandle& file, const std::string& path, const DayFooter& footer);

/// Reads the encoded bytes of a chunk (into `buffer` unless they lie in the tail) and checks their XXH3. Returns what
/// is wrong, empty if nothing is.
std::string read_chunk(const OpenDay& day, const ChunkEntry& entry, Scratch& buffer, std::span<const uint8_t>& bytes);

/// "damaged day file P: column px, chunk 3 (rows 786432 to 1048575, 2014-05-01T… to …): reason"
std::string to_text(const Damage& damage);
Damage damage_of(const OpenDay& day, int column, int64_t chunk, const std::string& reason);
Damage damage_of_footer(const std::string& path, const std::string& reason);

}  // namespace tf::data
