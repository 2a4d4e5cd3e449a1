// Files in, store out, with a report. The one door by which ticks enter.
#pragma once
#include <functional>
#include <string>
#include <vector>

#include "data/sources/source.hpp"
#include "data/store/tick_store.hpp"

namespace tf::data {

/// What one day's ticks look like: counted by the same rules whatever the source (TICK_FORMATS section 4).
struct QualityCounts {
  int64_t ticks = 0, quotes = 0, trades = 0;
  int64_t first_ts = 0, last_ts = 0;
  int64_t backward_steps = 0;       ///< exch_ts below the row before (kept, order as read)
  int64_t local_backward_steps = 0;
  int64_t equal_ts = 0;             ///< events with the time of the event before
  int64_t largest_gap_ns = 0, largest_gap_at = 0;
  int64_t crossed = 0, locked = 0;  ///< quotes with bid > ask, bid == ask
  int64_t zero_px = 0, negative_px = 0, zero_qty = 0;
  int64_t negative_latency = 0;     ///< local_ts < exch_ts
  int64_t spread_max_ticks = 0;
  double spread_median_ticks = 0;   ///< over events with both sides known
};

struct DayReport {
  Day day;
  bool written = false;  ///< false: the day was there already with the same ticks, or a dry run
  QualityCounts quality;
  DayInfo info;
};

struct IngestReport {
  std::string instrument;
  std::vector<std::string> files;
  std::vector<std::string> file_digests;  ///< hex SHA-256 of the bytes as given, in order
  SourceCounts counts;
  std::vector<DayReport> days;
  std::string damage;  ///< the input's damage, empty if sound; the days before it are stored
  std::string to_text() const;
  std::string to_json() const;  ///< one JSON object
};

struct IngestRequest {
  std::string source;                      ///< catalogue name
  std::shared_ptr<void> source_params;     ///< of that source's type
  SourceInput input;
  bool dry_run = false;                    ///< only judge
  bool replace = false;                    ///< a day that exists with other ticks: error unless set
  std::function<void(const std::string& what, double share)> progress;  ///< may be empty
};

/// Splits into trading days of the instrument's zone, judges, writes every day that is not there yet. A day already in the
/// store with the same content digest is left alone; with another digest Error{usage}. rows read = rows stored + rows refused.
IngestReport ingest(const IngestRequest& request, const TickStore& store);

}  // namespace tf::data
