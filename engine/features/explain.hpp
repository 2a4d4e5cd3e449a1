// One row of the panel with all that it was made of, recomputed from the raw ticks.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "engine/features/table.hpp"

namespace tf::features {

/// A column over the rows an indicator may read, oldest first.
struct ReadColumn {
  std::string name;
  std::vector<double> values;
};

struct ExplainedFeature {
  std::string name;                       ///< of the panel's lane
  std::string indicator, params, source;  ///< catalogue name; canonical parameters; paper
  std::string kind, stability;
  int64_t lookback = 0;             ///< rows that are NaN at the start of a series
  double bulk = 0, recomputed = 0;  ///< of the whole panel; from the ticks up to the row, streamed
  bool same = false;                ///< to the bit
  std::vector<ReadColumn> bars;     ///< raw columns of bars it reads, over its lookback and this row
  std::vector<ReadColumn> ticks;    ///< columns of ticks it reads, over this bar's events
};

struct ExplainedRow {
  Day day;
  int64_t row = 0, rows_of_day = 0;  ///< number of the bar in its day; bars of the day
  int64_t open_ts = 0, known_ts = 0;
  int64_t first_tick = 0, ticks = 0;        ///< rows of the day's file that went into the bar
  int64_t first_event = 0, events = 0;      ///< of the day; an event is a trade or a whole quote
  int64_t first_local = 0, last_local = 0;  ///< of those ticks
  std::vector<ReadColumn> bar;              ///< every column, one value each
  std::vector<ExplainedFeature> features;   ///< in the panel's order
  bool same() const;                        ///< all features, to the bit
};

/// The newest row known at `time_ns`. `days`: those that decide the values (with a memory by day the day itself, with
/// history all from the first), ascending, the row's day last. Throws Error{usage} where no bar was known by then.
ExplainedRow explain_row(const Exec& exec, const Spec& spec, const data::TickStore& store,
                         const std::string& instrument, const std::vector<data::DayInfo>& days, int64_t time_ns);

}  // namespace tf::features
