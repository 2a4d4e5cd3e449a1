// The writing end of ingest: compares days with those in the store, writes what is new.
#pragma once
#include <functional>
#include <list>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "data/ingest.hpp"
#include "data/judge.hpp"

namespace tf::data {

/// Compares ticks with those of a day in the store as they come.
class StoredDay {
 public:
  /// With `may_be_damaged` damage counts as a difference instead of being thrown.
  StoredDay(const TickStore& store, const std::string& id, Day day, bool may_be_damaged);

  bool equal() const { return equal_; }
  bool complete() const { return complete_; }  ///< it was marked so, or not marked at all
  int64_t rows() const { return row_; }        ///< compared so far
  void compare(std::span<const Tick> ticks);
  /// At the end: is nothing left?
  bool ended();

 private:
  bool fill();

  std::unique_ptr<TickReader> reader_;
  const TickBlock* block_ = nullptr;
  std::size_t at_ = 0;
  int64_t row_ = 0;
  bool equal_ = true, complete_ = true, may_be_damaged_;
};

class DaySink {
 public:
  using Attributes = std::vector<std::pair<std::string, std::string>>;

  /// `store` is null for a dry run without one. `common` gives the attributes that all days share; it may wait.
  DaySink(const IngestRequest& request, const TickStore* store, std::function<Attributes()> common);

  void append(Day day, std::span<const Tick> ticks);
  /// `counts`: of the input so far. `damaged`: the input is damaged in this day.
  void close(const JudgedDay& judged, const SourceCounts& counts, bool damaged);
  /// In the order of closing.
  std::vector<DayReport>& reports() { return reports_; }
  /// Rows of days that were not written since the input is damaged there.
  const Refusal& unwritten() const { return unwritten_; }

 private:
  struct OpenDay {
    Day day;
    std::optional<StoredDay> stored;
    std::unique_ptr<DayWriter> writer;
  };
  OpenDay& find(Day day);
  void finish(OpenDay& day, DayReport& report, const SourceCounts& counts);
  void leave_out(DayReport& report, const char* why);
  [[noreturn]] void differs(const OpenDay& day) const;

  const IngestRequest& request_;
  const TickStore* store_;
  std::string id_;
  std::function<Attributes()> common_;
  bool recorded_ = false;    // the instrument
  std::list<OpenDay> open_;  // at most two
  std::vector<DayReport> reports_;
  Refusal unwritten_;
};

}  // namespace tf::data
