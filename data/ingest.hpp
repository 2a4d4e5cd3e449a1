// Files in, store out, with a report. The one door by which ticks enter.
#pragma once
#include <functional>
#include <string>
#include <vector>

#include "data/quality.hpp"
#include "data/sources/source.hpp"
#include "data/store/tick_store.hpp"

namespace tf::data {

struct DayReport {
  Day day;
  bool written = false;  ///< false: the day was there already with the same ticks, the input is damaged, or a dry run
  std::string note;      ///< "written", "replaced", "unchanged", "dry run", or why not written
  QualityCounts quality;
  DayInfo info;  ///< of the day in the store; without path where it is not there
};

struct IngestReport {
  std::string instrument;
  std::vector<std::string> files;
  std::vector<std::string> file_digests;  ///< hex SHA-256 of the bytes as given, in order
  SourceCounts counts;
  std::vector<DayReport> days;
  /// The input's damage, empty if sound. The days before it are stored; the day in which it lies is judged up to it but
  /// not written, since a day file is never touched again (unless the request keeps it).
  std::string damage;
  std::string to_text() const;
  std::string to_json() const;  ///< one JSON object
};

struct IngestRequest {
  std::string source;                   ///< catalogue name
  std::shared_ptr<void> source_params;  ///< of that source's type
  SourceInput input;
  bool dry_run = false;           ///< only judge
  bool replace = false;           ///< a day that exists with other ticks: error unless set
  bool keep_damaged_day = false;  ///< write the day in which the input is damaged with what was before it
  std::function<void(const std::string& what, double share)> progress;  ///< may be empty
};

/// Splits into trading days of the instrument's zone, judges, writes every day that is not there yet. A day already in
/// the store with the same ticks is left alone; with others Error{usage}. rows read = rows stored + rows refused. Two
/// days are open at a time, so that rows around midnight may be out of order; a row for a day already closed is refused
/// as "day already written". Each day file carries instrument, source, its parameters, file names and digest, and its
/// report as attributes: the same input under the same policy gives the same bytes.
IngestReport ingest(const IngestRequest& request, const TickStore& store);

}  // namespace tf::data
