// Files in, store out, with a report. The one door by which ticks enter.
#pragma once
#include <functional>
#include <string>
#include <vector>

#include "data/policy.hpp"
#include "data/quality.hpp"
#include "data/sources/source.hpp"
#include "data/store/tick_store.hpp"

namespace tf::data {

struct DayReport {
  Day day;
  bool written = false;  ///< false: the day was there already with the same ticks, or a dry run, or see note
  bool complete = true;  ///< false: the input is damaged in this day, what came before the damage is there
  std::string note;      ///< "written", "replaced", "completed", "unchanged", "dry run", or why not written
  int64_t rows = 0;      ///< of the input, stored
  std::map<std::string, int64_t> refused;  ///< rows that the policy refused within this day, by reason
  QualityCounts quality;
  DayInfo info;  ///< of the day in the store; without path where it is not there
};

struct IngestReport {
  std::string instrument;  ///< its id
  double tick_size = 0, lot_size = 0;
  std::string zone;
  std::string source, source_params, policy;
  std::vector<std::string> guessed;  ///< what was not said but found out, one line each
  std::vector<std::string> files;
  std::vector<std::string> file_digests;  ///< hex SHA-256 of the bytes as given, in order
  /// Of the source and of the policy together: rows_read = rows_stored + refused; ticks are those kept.
  SourceCounts counts;
  std::vector<DayReport> days;
  /// The input's damage, empty if sound. The days before it are stored; the day in which it lies is written with what
  /// was before it and marked as not complete, or left out under the policy damaged_day = refuse.
  std::string damage;

  /// Sum over the days; times, gaps and spreads are those of the days and not summed up.
  int64_t total(int64_t QualityCounts::*member) const;
  int64_t rows_refused() const;
  int64_t repeated_ids() const;   ///< rows refused for an id that was there before
  int64_t sequence_gaps() const;  ///< gaps in the venue's own numbers, as the source noted them
  std::string to_text() const;
  std::string to_json() const;  ///< one JSON object
};

/// {"rows_read":…,"rows_stored":…,"ticks":…,"refused":{reason: {rows, file, line, example}},"noted":{…}}
std::string to_json(const SourceCounts& counts);

struct IngestRequest {
  std::string source;                   ///< catalogue name
  std::shared_ptr<void> source_params;  ///< of that source's type
  SourceInput input;
  IngestPolicy policy;
  std::vector<std::string> guessed;  ///< goes into the report
  bool dry_run = false;              ///< only judge
  bool replace = false;              ///< a day that exists with other ticks: error unless set
  Codec codec = Codec::packed;       ///< of the days written
  bool one_thread = false;           ///< no pipeline; the results are the same
  std::function<void(const std::string& what, double share)> progress;  ///< may be empty; called on the caller's thread
  std::function<bool()> stopped;  ///< true: end with Error{again} at the next batch, days finished so far stay; may be
                                  ///< empty
};

/// Splits into trading days of the instrument's zone, judges by the policy, writes every day that is not there yet. A
/// day already in the store with the same ticks is left alone; with others Error{usage}; one that is not complete is
/// replaced by a complete one. rows read = rows stored + rows refused. Each day file carries instrument, source, its
/// parameters, the policy, file names and digest, whether it is complete, its report, and the counts of the input as
/// far as it was read when the day was closed, as attributes: the same input under the same policy gives the same
/// bytes. Source, judgement and store work at the same time on batches of a bounded number.
IngestReport ingest(const IngestRequest& request, const TickStore& store);

/// The same without a store: judges only.
IngestReport dry_run(const IngestRequest& request);

}  // namespace tf::data
