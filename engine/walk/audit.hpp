// Does anything known at a time T depend on what came after T? The future is replaced, the pipeline runs again, and
// every value that was known at or before T must keep its bits (causality by intervention, not by reading code).
#pragma once
#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "engine/walk/changed_future.hpp"

namespace tf::walk {

/// What a pipeline knew, and when: values[k] was there at known_ts[k]. Elements keep their index as long as nothing
/// before them changes (row of a table, n-th fill).
struct Observation {
  std::string stage, name;
  std::vector<int64_t> known_ts;
  std::vector<double> values;
};

/// A pure function: the same market gives the same bits. With AuditOptions::threads > 1 it is called concurrently.
using Pipeline = std::function<std::vector<Observation>(const Market&)>;

struct AuditOptions {
  std::vector<int64_t> cuts;  ///< times T; empty: `count` of them are drawn, half from the rows of the market, half
                              ///< from the times at which something became known, every stage alike
  int count = 16;
  int64_t earliest = INT64_MIN;  ///< of the cuts drawn
  uint64_t seed = 1;
  std::vector<Change> changes{Change::noise, Change::permutation, Change::extreme, Change::thinning, Change::nan};
  FutureSpec future;
  int threads = 1;
  std::function<void(double share)> progress;
};

/// A value of the past that a change of the future altered.
struct Difference {
  int64_t cut_ts = 0, known_ts = 0, row = 0;
  Change change = Change::noise;
  double was = 0, became = 0;  ///< became: NaN where the element went away
};

/// One feature (label, weight, ...) of one stage over all cuts.
struct AuditLine {
  std::string stage, name;
  int64_t compared = 0;                       ///< values known at or before their cut, all changes
  std::array<int64_t, kChanges> differing{};  ///< of them, by change
  int64_t runs = 0;                           ///< runs in which it was compared at all
  int64_t reached = 0;     ///< of them, those whose change altered its later values: runs that could have found it
  int64_t longest_ns = 0;  ///< from the oldest altered value to its cut
  std::optional<Difference> first;  ///< the one known earliest

  int64_t total() const;
};

struct AuditReport {
  std::vector<AuditLine> lines;  ///< in the order of the pipeline
  int64_t cuts = 0, runs = 0;
  std::vector<std::string> refused;  ///< changed markets that the pipeline ended on: what it said

  int64_t compared() const;
  int64_t differing() const;
  bool clean() const { return differing() == 0; }
  void merge(const AuditReport& other);
};

/// Throws what the pipeline throws on the market as it is. On a changed one an Error of numeric trouble or bad data is
/// noted in `refused`: such a market may have no result.
AuditReport audit(const Pipeline& pipeline, const Market& market, const AuditOptions& options);

/// One comparison: adds to `report` what `became` shows of `was` up to the cut.
void compare(const std::vector<Observation>& was, const std::vector<Observation>& became, int64_t cut_ts, Change change,
             AuditReport& report);

}  // namespace tf::walk
