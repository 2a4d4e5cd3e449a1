// The state of every file of an instrument, and what it takes to heal a damaged day: what is lost, which older version
// is sound, and what to ingest again.
#pragma once
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "data/store/tick_store.hpp"

namespace tf::data {

/// One day file, current or an old version, and what was found wrong with it.
struct FileState {
  Day day;
  int64_t version = 0;  ///< 0: the current one
  std::string path;
  std::optional<DayInfo> info;  ///< empty when the footer is damaged
  uint32_t schema = 0;
  Codec codec = Codec::zstd;
  std::vector<Damage> damages;
};

/// Current files and old versions of an instrument, by day, the current one first, then old versions ascending. `deep`:
/// every byte is checked (verify_day), by that many threads; else the footers alone. `only`: that day alone.
std::vector<FileState> file_states(const TickStore& store, const std::string& id, std::optional<Day> only, bool deep,
                                   int threads);
/// The same of one file, which may lie anywhere.
FileState file_state(const std::string& path, const std::string& id, Day day, bool deep);

/// Instrument and day that a file's own footer names; empty when the footer is damaged or the file is no day file.
std::optional<std::pair<std::string, Day>> named_in_footer(const std::string& path);

/// Rows that cannot be read, in some column.
struct LostRows {
  int64_t first_row = 0, rows = 0;
  int64_t first_ts = 0, last_ts = 0;
  std::string columns;  ///< "px, qty"
};

struct Repair {
  std::string instrument, path;
  Day day;
  bool all_lost = false;       ///< the footer is damaged: no row can be trusted
  int64_t rows = 0;            ///< of the day; 0 when all is lost
  std::vector<LostRows> lost;  ///< empty also when the damage lies in bytes that hold no ticks
  int64_t lost_rows = 0;
  std::optional<FileState> sound_version;  ///< the newest old version without damage
  /// Attributes that name the source: source, source_params, policy, source_files, source_digest.
  std::vector<std::pair<std::string, std::string>> source;
  std::string source_from;  ///< which file told them, and how far it can be trusted
};

/// One repair for every damaged current file among `states`, which were checked deep.
std::vector<Repair> plan_repairs(const TickStore& store, const std::string& id, const std::vector<FileState>& states);

}  // namespace tf::data
