// The format of a day file, schema 2. All integers little-endian.
//
//   [0, H)      an HDF5 file (V110 bounds: checksummed metadata). Root attributes describe it; datasets exch_ts,
//               local_ts, px, qty (int64), order_id (uint64), flags (uint32), chunks of min(rows, 256 Ki). Filters:
//               codec packed: 43210 with cd_values {format version, width}; packed+zstd: the same, then zstd (32015);
//               zstd: shuffle + zstd (32015). local_ts is absent when it equals exch_ts in every row, order_id when it
//               is 0 in every row. The last chunk is filled up to full length with its last value.
//   [H, H + B)  footer body: magic, day, venue, symbol, source digest, codec, rows, rows a chunk, stored columns,
//               content digest, H, digest of the non-chunk bytes; per chunk first, last, least, largest exch_ts; per
//               stored column and chunk offset, encoded bytes, XXH3-64 of these, SHA-256 of the decoded values
//   [.., end)   trailer of 56 bytes: B, version, 0, SHA-256 of body and of these two words, magic
//
// Every byte is under a checksum: chunks by XXH3-64 in the table, all other bytes of the HDF5 part by SHA-256 in the
// body, the footer by SHA-256 in the trailer. Readers check the footer by plain reads before anything trusts the file.
//
// Content digest, the lineage name of a day's ticks. It depends on the ticks alone, not on the codec:
//   1. R = 262144. Chunk c of a column holds its rows [c R, min((c + 1) R, rows)).
//   2. D(k, c) = SHA-256 over the values of chunk c of column k, in order, as little-endian integers of 8 bytes (flags
//      4). Columns k = 0..5: exch_ts, local_ts, px, qty, order_id, flags. An absent local_ts counts as exch_ts, an
//      absent order_id as zeros.
//   3. leaf(k, c) = SHA-256 over the 49 bytes: 0x00, k (4 bytes), c (4 bytes), rows of the chunk (8 bytes), D(k, c).
//   4. Leaves in the order of k, then c. Pair neighbours: node = SHA-256(0x01, left, right); a last one without a
//      partner moves up unchanged; again until one is left: the content digest. (The tree of RFC 6962: merkle.hpp.)
// tests/data/store/h5py_test.py does this from h5py.
//
// Schema 1, written until the end of 2026, is read and verified as ever. It has codec zstd, no least and largest times,
// and another content digest: SHA-256 over six SHA-256, one a column over all its rows.
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

inline constexpr uint32_t kSchemaVersion = 2;  ///< what is written; 1 is read too
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
  /// exch_ts of the first and last row, and the least and largest (schema 1: unknown, the widest there is); in the
  /// entries of every column.
  int64_t first_ts = 0, last_ts = 0, least_ts = INT64_MIN, largest_ts = INT64_MAX;
  uint64_t xxh3 = 0;  ///< of the encoded bytes
  Digest decoded{};   ///< SHA-256 of the decoded values of the valid rows
};

struct DayFooter {
  Day day;
  uint32_t version = kSchemaVersion;
  std::string venue, symbol, source_digest;
  Codec codec = Codec::zstd;
  int64_t rows = 0, chunk_rows = 0, first_ts = 0, last_ts = 0;
  uint32_t stored_columns = 0;                    ///< set of Column
  std::array<Digest, kColumns> column_digests{};  ///< schema 1 alone
  Digest content_digest{};
  int64_t hdf5_bytes = 0;
  Digest non_chunk_digest{};
  std::vector<ChunkEntry> chunks;  ///< stored columns in order, the chunks of each in order

  int64_t chunk_count() const { return (rows - 1) / chunk_rows + 1; }
  bool has(int column) const { return stored_columns >> column & 1; }
  /// Entry of a stored column.
  const ChunkEntry& entry(int column, int64_t chunk) const;
};

/// Which file, in which state: two of one identity hold the same bytes.
struct FileIdentity {
  uint64_t device = 0, inode = 0;
  int64_t bytes = 0, changed_ns = 0;
  auto operator<=>(const FileIdentity&) const = default;
};

/// A day file whose footer was found sound.
struct OpenDay {
  std::string path;
  FileHandle file;
  FileIdentity identity;
  int64_t bytes = 0;
  DayFooter footer;
  std::vector<uint8_t> tail;  ///< the last bytes of the file, kept so that a small file is read by one call

  DayInfo info() const;
};

std::vector<uint8_t> encode_footer(const DayFooter& footer);

/// Opens and checks the footer. Returns what is wrong, empty if nothing is. Throws Error{no_input} or Error{io} when
/// the system refuses. `tail_bytes`: how much to read at first.
std::string open_named_day(const std::string& path, std::size_t tail_bytes, OpenDay& opened);
/// The same, and that the footer names this instrument and day.
std::string open_day(const std::string& path, const std::string& instrument, Day day, std::size_t tail_bytes,
                     OpenDay& opened);
/// The same, but throws Error{bad_data}.
OpenDay open_sound_day(const std::string& path, const std::string& instrument, Day day, std::size_t tail_bytes);

/// SHA-256 of `rows` values of 8 zero bytes: what an absent order_id counts as.
Digest digest_of_zeros(int64_t rows);
/// SHA-256 of the decoded values of a column's chunk, absent columns as if stored.
Digest decoded_digest(const DayFooter& footer, int column, int64_t chunk);
Digest chunk_leaf(int column, int64_t chunk, int64_t rows, const Digest& decoded);
/// The leaves of the content digest, columns in order, the chunks of each in order.
std::vector<Digest> leaves_of(const DayFooter& footer);
/// The content digest that the chunk table (schema 1: the column digests) implies.
Digest content_digest_of(const DayFooter& footer);
/// SHA-256 over the bytes of the HDF5 part that belong to no chunk.
Digest non_chunk_digest_of(const FileHandle& file, const std::string& path, const DayFooter& footer);

/// Reads the encoded bytes of a chunk (into `buffer` unless they lie in the tail). By pread: a map of the file was no
/// faster (0.4 ns a tick either way, with XXH3 0.8), and a file that shrinks under a map ends the process. Compares
/// their XXH3 unless that was done before. Returns what is wrong, empty if nothing is.
std::string read_chunk(const OpenDay& day, const ChunkEntry& entry, Scratch& buffer, std::span<const uint8_t>& bytes,
                       bool check = true);

/// "damaged day file P: column px, chunk 3 (rows 786432 to 1048575, 2014-05-01T… to …): reason"
std::string to_text(const Damage& damage);
Damage damage_of(const OpenDay& day, int column, int64_t chunk, const std::string& reason);
Damage damage_of_footer(const std::string& path, const std::string& reason);

}  // namespace tf::data
