// The work of a FeatureSet, once the catalogue names are resolved: which instance sits in which pack, their states, and
// the block loop. Also serves run_parameters, as a set of one indicator of which a single output is kept.
#pragma once
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "cuda/series/chain_run.hpp"
#include "cuda/series/feature_set.hpp"
#include "cuda/series/frames.hpp"
#include "cuda/series/source_rows.hpp"

namespace tf::series {

/// Rows of a block: its scratch and derived columns stay in the first two cache levels.
inline constexpr int64_t kBlockRows = 256;

struct ResolvedInstance {
  const IndicatorEntry* entry;
  std::shared_ptr<const void> params;  ///< never null
};

/// Parameters within their described bounds, or Error{config}; nullptr becomes the defaults.
ResolvedInstance resolve(const IndicatorEntry& entry, const std::shared_ptr<const void>& params);

class InstanceSet {
 public:
  /// output = -1 keeps all outputs of every instance, else that one alone.
  InstanceSet(const Exec& exec, std::vector<ResolvedInstance> instances, int output = -1,
              Precision precision = Precision::float64);
  InstanceSet(const InstanceSet&) = delete;  // its chains read its sources
  InstanceSet& operator=(const InstanceSet&) = delete;

  int64_t lanes() const { return lanes_; }
  int64_t lookback() const { return lookback_; }
  bool needs_ticks() const { return tick_columns_ != 0; }
  uint32_t tick_columns() const { return tick_columns_; }
  int64_t tick_history() const { return tick_history_; }
  std::string lane_name(int64_t lane) const;

  void append(const BarRows& bars, const TickRows& ticks, const int64_t* tick_ends, Panel<double> out);
  void reset();
  std::string save_state() const;
  void load_state(const std::string& bytes);

 private:
  struct Part {  ///< one instance
    ResolvedInstance what;
    int64_t lane, lookback;
    std::vector<std::byte> coef;
    std::vector<int> views;         ///< its inputs in sources_
    std::vector<double> lanes;      ///< state of a tick recurrence
    std::shared_ptr<void> cache;    ///< of a cached window
    std::unique_ptr<ChainRun> run;  ///< of a chain
  };
  /// Recurrences that advance together: one lane, or a pack whose unused lanes repeat the last instance.
  struct Group {
    const FrameTable* frames;
    std::vector<int> parts;
    FrameTable::RecurrenceFn run;
    int width;                         ///< lanes that advance together; 1 = a scalar
    std::vector<double> coefs, lanes;  ///< [word][lane of the group]
    int64_t steady_from;
    int64_t adjacent_lane;  ///< the panel's lane that a whole pack writes to directly; -1 = by way of scratch
  };
  /// Columns waiting to be written into the panel together, so that its cache lines are written whole.
  struct Pending {
    const double* column;
    int64_t lane;
  };

  int kept_outputs(const Part& part) const { return output_ < 0 ? part.what.entry->outputs : 1; }
  void make_groups();
  void run_group(Group& group, int64_t count, Panel<double> out);
  void run_columns(const BarRows& bars, const TickRows& ticks, const int64_t* tick_ends, int64_t first_bar,
                   int64_t count, Panel<double> out);
  void run_column(Part& part, const BarRows& bars, const TickRows& ticks, const int64_t* tick_ends, int64_t first_bar,
                  int64_t count, double* const* to);
  void flush(std::vector<Pending>& pending, int64_t count, Panel<double> out) const;
  void blank_unready(int64_t count, Panel<double> out) const;
  uint64_t digest() const;

  Exec exec_;
  int output_;
  Precision precision_;
  const ServiceTable& services_;
  SourceRows sources_;
  std::vector<Part> parts_;
  std::vector<Group> groups_;
  std::vector<int> columns_;  ///< all but recurrences
  int64_t lanes_ = 0, lookback_ = 0, row_ = 0, tick_history_ = 0;
  uint32_t tick_columns_ = 0;
  Buffer<double> scratch_;
  std::vector<Pending> pending_;  ///< empty between blocks
};

}  // namespace tf::series
