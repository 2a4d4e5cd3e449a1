// One chained indicator over one series: its stages block by block, each reading what those before it wrote.
#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "cuda/series/frames.hpp"
#include "cuda/series/source_rows.hpp"

namespace tf::series {

class ChainRun {
 public:
  /// The first stage reads `shared`, to which it adds its inputs: many chains over the same columns derive them once.
  ChainRun(const Exec& exec, const FrameTable& frames, const std::shared_ptr<const void>& params, int64_t block_rows,
           SourceRows& shared);

  /// `shared` has just taken the rows. Rows [row, row + count) of the series, which are bars [first, first + count) of
  /// `bars`; out[output][at] of the last stage. Rows before the chain is ready hold nothing of meaning.
  void run(const SourceRows& shared, const BarRows& bars, const TickRows& ticks, const int64_t* tick_ends,
           int64_t first, int64_t row, int64_t count, double* const* out);
  void reset();
  /// Appends the state as words; takes it back from as many, returns how many it took, or -1 if there are too few.
  void save(std::vector<double>& words) const;
  int64_t load(const double* words, std::size_t count);

 private:
  struct Step {
    const Stage* stage;
    int64_t start, lookback;  ///< row at which it begins; rows of its own that are not ready
    std::vector<double> coef, lanes;
    std::shared_ptr<void> cache;
    SourceRows sources;  ///< of a later stage
    std::vector<int> views;
    int column;  ///< its first output among the stages' columns
  };
  void run_step(Step& step, const SourceRows& shared, const BarRows& bars, const TickRows& ticks,
                const int64_t* tick_ends, int64_t first, int64_t row, int64_t count, double* const* out);

  std::shared_ptr<const void> params_;
  int64_t block_rows_;
  std::vector<Step> steps_;
  Buffer<double> values_;  ///< [column][row of the block]
};

}  // namespace tf::series
