// TickStore: a folder of immutable HDF5 day files, one folder an instrument (DESIGN section 7).
//   <root>/<venue>/<symbol>/instrument.toml and <root>/<venue>/<symbol>/<YYYY-MM-DD>.h5
// A day file is written to a temporary name, synced, renamed; it is never touched again. Its format: see day_file.hpp.
#pragma once
#include <cstdint>
#include <memory>
#include <span>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "cuda/base/market.hpp"
#include "cuda/base/time.hpp"
#include "data/store/codec.hpp"

namespace tf::data {

enum class Column : uint32_t { exch_ts = 1, local_ts = 2, px = 4, qty = 8, order_id = 16, flags = 32 };
inline constexpr uint32_t kAllColumns = 63;
constexpr uint32_t operator|(Column a, Column b) { return static_cast<uint32_t>(a) | static_cast<uint32_t>(b); }

/// What is known of a day without reading its ticks (from the file's footer).
struct DayInfo {
  Day day;
  std::string path;
  int64_t rows = 0;
  int64_t first_ts = 0, last_ts = 0;  ///< exch_ts of the first and last row
  int64_t file_bytes = 0;
  std::string content_digest;  ///< hex Merkle root over the decoded column chunks: the lineage name of these ticks
  std::string
      source_digest;  ///< hex SHA-256 of the source files' bytes, as ingest recorded it; empty for generated data
};

/// What to do when damage is found while reading: stop with Error{bad_data} that names file, column, chunk, rows and
/// time range, or skip the rows of that chunk and go on, counting them.
enum class OnDamage { stop, skip };

/// Decoded chunks that several readers share: what one has decoded, another need not. Keeps at most `most_bytes`, least
/// recently used out first. For several threads.
class ChunkCache;
std::shared_ptr<ChunkCache> make_chunk_cache(std::size_t most_bytes);

struct ReadOptions {
  uint32_t columns = kAllColumns;  ///< set of Column
  int decode_threads = 1;          ///< 0: next() decodes on its caller's thread, one block in flight
  int blocks_in_flight = 4;        ///< bound of the ring
  OnDamage on_damage = OnDamage::stop;
  /// Per day the rows from the first with exch_ts >= from_ts up to the last with exch_ts < to_ts (where exchange time
  /// goes back, rows between them are kept); INT64_MAX is no bound. Chunks outside are not read, days without such rows
  /// yield no block.
  int64_t from_ts = INT64_MIN, to_ts = INT64_MAX;
  std::shared_ptr<ChunkCache> cache;  ///< decoded chunks shared with other readers; empty: none
  std::stop_token cancel;             ///< next() throws Error{again} soon after it was asked to stop
  bool pinned = false;  ///< with CUDA and a device: blocks lie in page-locked memory (not those of a cache)
};

/// A contiguous run of rows of one day, empty only as the last block of a day whose last chunk was skipped. Spans live
/// until the next call of TickReader::next().
struct TickBlock {
  Day day;
  int64_t first_row = 0;  ///< row number of ticks[0] within its day
  TickSpan ticks;  ///< columns that were not asked for are empty spans (size() needs exch_ts, which is always read)
  bool last_of_day = false;
};

/// Damage that was skipped: one a chunk, of the first column that has it. rows = 0: of the file as a whole
/// (verify_day).
struct Damage {
  std::string file, column, reason;
  int64_t chunk = 0, first_row = 0, rows = 0;
  int64_t first_ts = 0, last_ts = 0;  ///< time range of the chunk, from the chunk table
};

/// One run of rows of one instrument, in a merge of several.
struct MergedRun {
  std::size_t instrument = 0;  ///< index into what was asked
  Day day;
  TickSpan ticks;  ///< lives until the next call
};

/// Several instruments as one stream in the order of a clock. Equal times: by index of the instrument. An instrument's
/// own rows keep their stored order: where its clock goes back, a row counts with the largest time so far.
class MergeReader {
 public:
  enum class Clock { exchange, local };
  virtual ~MergeReader() = default;
  virtual const MergedRun* next() = 0;
};

/// Streams days in order as blocks of at most one chunk (256 Ki rows), decoded ahead by its own threads into a bounded
/// ring.
class TickReader {
 public:
  virtual ~TickReader() = default;
  /// The next block, or nullptr at the end. Throws Error{bad_data} on damage under OnDamage::stop, and under both on a
  /// damaged footer (how many rows would be missing is then unknown). After an error every call throws it again.
  virtual const TickBlock* next() = 0;
  virtual const std::vector<Damage>& damages() const = 0;
};

/// Writes one day: append ticks in order, then commit. Dropped without commit, it leaves nothing behind but a temporary
/// file if the process was killed, which the first writer of a store that is opened later removes.
class DayWriter {
 public:
  virtual ~DayWriter() = default;
  virtual void append(std::span<const Tick> ticks) = 0;
  /// Finishes, syncs and renames. `attributes` are stored as HDF5 string attributes of the root group (ingest report,
  /// source digests, ...); the one named source_digest becomes DayInfo::source_digest. Returns what was written. Throws
  /// Error{io}; Error{usage} when the day already exists or there are no ticks. After an error the writer can only be
  /// dropped.
  virtual DayInfo commit(const std::vector<std::pair<std::string, std::string>>& attributes) = 0;
};

struct WriteOptions {
  Codec codec = Codec::packed;
};

class TickStore {
 public:
  /// Opens (or with `create` makes) a store folder. Throws Error{no_input} when absent.
  static TickStore open(const std::string& root, bool create = false);

  const std::string& root() const { return root_; }
  std::vector<std::string> instruments() const;        ///< ids "venue/symbol", sorted
  Instrument instrument(const std::string& id) const;  ///< throws Error{no_input}, naming what there is
  /// Records an instrument; equal to what is there = nothing to do; different = Error{usage}.
  void add_instrument(const Instrument& instrument) const;
  std::vector<DayInfo> days(const std::string& id) const;   ///< ascending; checks each footer (not the chunks)
  std::vector<Day> day_names(const std::string& id) const;  ///< ascending; by file name, nothing is checked
  bool has_day(const std::string& id, Day day) const;
  std::string day_path(const std::string& id, Day day) const;
  /// The files of these days, ascending, each once. Throws Error{no_input} when one is not there.
  std::vector<std::pair<Day, std::string>> paths_of(const std::string& id, const std::vector<Day>& days) const;

  /// Reads the given days (all must exist) in ascending order.
  std::unique_ptr<TickReader> read(const std::string& id, const std::vector<Day>& days,
                                   const ReadOptions& options = {}) const;
  /// Instruments merged by time; each may have its own days. O(instruments) blocks of memory.
  std::unique_ptr<MergeReader> merge(const std::vector<std::pair<std::string, std::vector<Day>>>& instruments,
                                     MergeReader::Clock clock, const ReadOptions& options = {}) const;
  /// All ticks of one day; always stops on damage. Columns not asked for are empty, an absent order_id is all zero.
  TickColumns read_day(const std::string& id, Day day, const ReadOptions& options = {}) const;
  /// Throws Error{usage} when the day exists (unless `replace`: the old file stays until commit), Error{again} while
  /// another writer is at work on this day, Error{no_input} for an unknown instrument.
  /// With `replace` the day that is there stays as its newest old version (day_versions) until it is pruned.
  std::unique_ptr<DayWriter> write_day(const std::string& id, Day day, bool replace = false,
                                       const WriteOptions& options = {}) const;
  /// Old versions of a day, oldest first: files <YYYY-MM-DD>.v<N>.h5, N counting up from 1. The current one is no part.
  /// Throws Error{bad_data} on a damaged footer, as days() does (versions.hpp lists them unread).
  std::vector<DayInfo> day_versions(const std::string& id, Day day) const;
  /// Removes old versions, keeping the newest `keep` of each day, and stale temporary files. Returns the paths removed;
  /// with `dry_run` they stay.
  std::vector<std::string> prune(const std::string& id, int keep, bool dry_run = false) const;

  /// Every check there is on one day file: footer digest, chunk checksums, decoded digest, order. Returns all damages
  /// found.
  std::vector<Damage> verify_day(const std::string& id, Day day) const;
  /// The attributes of the file by name, ours and those given to commit (numbers as text). Throws Error{bad_data}.
  std::vector<std::pair<std::string, std::string>> day_attributes(const std::string& id, Day day) const;

 private:
  class SweptFolders;

  std::string root_;
  std::shared_ptr<SweptFolders> swept_;  ///< folders that a writer of this store, or of a copy of it, has cleared
};

}  // namespace tf::data
