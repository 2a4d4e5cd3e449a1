// Day files rewritten: of an older schema in the current one, of one codec in another, or brought from any folder into
// a store. A file takes its place as a new version of its day (versions.hpp) only when its decoded ticks were found
// equal to the bit; attributes are kept. Work in progress lies in <root>/.upgrade: what was interrupted is done by
// running again.
#pragma once
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "data/store/tick_store.hpp"

namespace tf::data {

struct UpgradeOptions {
  std::optional<Codec> codec;  ///< empty: a file of the current schema keeps its own, an older one gets that of writers
  bool dry_run = false;
  int threads = 1;  ///< to decode
  std::stop_token cancel;
  std::function<void(const std::string& what, double share)> progress;  ///< may be empty
};

/// What became of one file.
struct UpgradedDay {
  enum class End { unchanged, rewritten, imported, would_rewrite, would_import, refused };
  std::string instrument, from, to;
  Day day;
  End end = End::unchanged;
  std::string note;  ///< why refused
  uint32_t schema_before = 0;
  Codec codec_before = Codec::zstd, codec_after = Codec::zstd;
  int64_t rows = 0, bytes_before = 0, bytes_after = 0;
};

/// Every day of these instruments. A damaged day is refused and stays. Throws Error{again} when another upgrade or a
/// day's writer is at work in this store, and on `cancel`; Error{io}.
std::vector<UpgradedDay> upgrade_store(const TickStore& store, const std::vector<std::string>& instruments,
                                       const UpgradeOptions& options);

/// Every day file below `folder`, whatever its name, into a store; its instrument is recorded there as the file tells
/// it. Files that are no day files are left out; a day that is there with other ticks is refused.
std::vector<UpgradedDay> import_days(const std::string& folder, const TickStore& into, const UpgradeOptions& options);

/// Removes what an interrupted upgrade left in a store, unless it runs. Returns true if there was something.
bool sweep_upgrade(const TickStore& store, bool dry_run = false);

}  // namespace tf::data
