// TickStore: a folder of immutable HDF5 day files, one folder an instrument (DESIGN section 7).
//   <root>/<venue>/<symbol>/instrument.toml and <root>/<venue>/<symbol>/<YYYY-MM-DD>.h5
// A day file is written to a temporary name, synced, renamed; it is never touched again. Its format: see day_file.hpp.
#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "cuda/base/market.hpp"
#include "cuda/base/time.hpp"

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
  std::string content_digest;  ///< hex SHA-256 over the decoded columns: the lineage name of these ticks
  std::string source_digest;   ///< hex SHA-256 of the source files' bytes, as ingest recorded it; empty for generated data
};

/// What to do when damage is found while reading: stop with Error{bad_data} that names file, column, chunk, rows and time
/// range, or skip the rows of that chunk and go on, counting them.
enum class OnDamage { stop, skip };

struct ReadOptions {
  uint32_t columns = kAllColumns;      ///< set of Column
  int decode_threads = 1;
  int blocks_in_flight = 4;            ///< bound of the ring
  OnDamage on_damage = OnDamage::stop;
};

/// A contiguous run of rows of one day. The spans live until the next call of TickReader::next().
struct TickBlock {
  Day day;
  int64_t first_row = 0;  ///< row number of ticks[0] within its day
  TickSpan ticks;         ///< columns that were not asked for are empty spans (size() needs exch_ts, which is always read)
  bool last_of_day = false;
};

/// Damage that was skipped.
struct Damage {
  std::string file, column, reason;
  int64_t chunk = 0, first_row = 0, rows = 0;
  int64_t first_ts = 0, last_ts = 0;  ///< time range of the chunk, from the chunk table
};

/// Streams days in order as blocks of at most one chunk (256 Ki rows), decoded ahead by its own threads into a bounded ring.
class TickReader {
 public:
  virtual ~TickReader() = default;
  /// The next block, or nullptr at the end. Throws Error{bad_data} on damage under OnDamage::stop.
  virtual const TickBlock* next() = 0;
  virtual const std::vector<Damage>& damages() const = 0;
};

/// Writes one day: append ticks in order, then commit. Dropped without commit, it leaves nothing behind but a temporary
/// file that the next writer removes.
class DayWriter {
 public:
  virtual ~DayWriter() = default;
  virtual void append(std::span<const Tick> ticks) = 0;
  /// Finishes, syncs and renames. `attributes` are stored as HDF5 string attributes of the root group (ingest report, source
  /// digests, ...). Returns what was written. Throws Error{io}; Error{usage} when the day already exists.
  virtual DayInfo commit(const std::vector<std::pair<std::string, std::string>>& attributes) = 0;
};

class TickStore {
 public:
  /// Opens (or with `create` makes) a store folder. Throws Error{no_input} when absent.
  static TickStore open(const std::string& root, bool create = false);

  const std::string& root() const { return root_; }
  std::vector<std::string> instruments() const;                     ///< ids "venue/symbol", sorted
  Instrument instrument(const std::string& id) const;               ///< throws Error{no_input}, naming what there is
  /// Records an instrument; equal to what is there = nothing to do; different = Error{usage}.
  void add_instrument(const Instrument& instrument) const;
  std::vector<DayInfo> days(const std::string& id) const;           ///< ascending; checks each footer (not the chunks)
  bool has_day(const std::string& id, Day day) const;
  std::string day_path(const std::string& id, Day day) const;

  /// Reads the given days (all must exist) in ascending order.
  std::unique_ptr<TickReader> read(const std::string& id, const std::vector<Day>& days, const ReadOptions& options = {}) const;
  /// All ticks of one day.
  TickColumns read_day(const std::string& id, Day day, const ReadOptions& options = {}) const;
  std::unique_ptr<DayWriter> write_day(const std::string& id, Day day) const;

  /// Every check there is on one day file: footer digest, chunk checksums, decoded digest, order. Returns all damages found.
  std::vector<Damage> verify_day(const std::string& id, Day day) const;

 private:
  std::string root_;
};

}  // namespace tf::data
