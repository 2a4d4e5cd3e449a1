// The audit of a config: its own pipeline, on its own data, stage by stage. What is changed is the store itself (days
// before the cut are linked, not copied), so that the code that reads it is the one that trains and deploys.
#pragma once
#include <string>
#include <vector>

#include "data/store/tick_store.hpp"
#include "engine/walk/audit.hpp"
#include "engine/walk/setup.hpp"

namespace tf::walk {

struct ConfigAudit {
  int column_cuts = 300;  ///< of the columns that indicators read: doubles, hence also NaN and 1e30
  int cuts = 24;          ///< from ticks to bars, features, labels, sample weights
  int walk_cuts = 2;      ///< with all folds trained anew: scaler, weights, signals, fills, equity
  int truncations = 48;   ///< rows computed from the ticks up to their own time alone
  uint64_t seed = 1;
  std::function<void(const std::string& what, double share)> progress;
};

/// Rows of `days` are drawn by the seed; each part looks at a few days around its cuts. Throws Error{bad_data} where
/// there are fewer days than one fold needs (with walk_cuts = 0: fewer than two).
AuditReport audit_config(const Exec& exec, const Setup& setup, const data::TickStore& store,
                         const std::vector<data::DayInfo>& days, const ConfigAudit& wanted);

/// The ticks of some days, and of the reference where the features have one.
Market load_market(const Setup& setup, const data::TickStore& store, const std::vector<data::DayInfo>& days);

/// What walk::prepare makes of a store: bars, features, labels (known at t1), sample weights (at the day's end).
std::vector<Observation> observe_material(const Exec& exec, const Setup& setup, const data::TickStore& store);
/// What a walk makes of it, in a folder of its own: these, and per fold scaler and weights (known when its training
/// days are over), signals, fills and equity (known when the ticks up to that exchange time had arrived).
std::vector<Observation> observe_walk(const Exec& exec, const Setup& setup, const data::TickStore& store,
                                      const std::string& folder);
/// Features of the columns alone: bars and events of `market`'s days are its outside series (see column_market).
std::vector<Observation> observe_columns(const Exec& exec, const Setup& setup, const Market& market);
/// The columns of bars and events of one day, cropped to `most_events`, as outside series.
Market column_market(const Exec& exec, const Setup& setup, const Market& day, int64_t most_events);

/// The stage of audit_truncation.
inline constexpr const char* kCutShort = "features, cut short";

/// Rows recomputed from the ticks known at their time and the arrival of one more event, whose content is noise: it
/// only tells the time.
AuditReport audit_truncation(const Exec& exec, const Setup& setup, const data::TickStore& store,
                             const std::vector<data::DayInfo>& days, int rows, uint64_t seed);

}  // namespace tf::walk
