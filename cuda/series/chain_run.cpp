#include "cuda/series/chain_run.hpp"

#include <algorithm>

#include "cuda/base/error.hpp"

namespace tf::series {

ChainRun::ChainRun(const Exec& exec, const FrameTable& frames, const std::shared_ptr<const void>& params,
                   int64_t block_rows, SourceRows& shared)
    : params_(params), block_rows_(block_rows) {
  int64_t start = 0;
  int column = 0;
  for (const Stage& stage : frames.stages) {
    const FrameTable& table = *stage.frames;
    Step step{&stage, start, stage.lookback(params.get()), {}, {}, nullptr, SourceRows(exec, block_rows), {}, column};
    step.coef.resize((static_cast<std::size_t>(table.coef_bytes) + sizeof(double) - 1) / sizeof(double));
    if (table.coef) table.coef(params.get(), step.coef.data());
    step.lanes.resize(static_cast<std::size_t>(table.lane_words));
    const int64_t reach = std::max<int64_t>(step.lookback, table.ago);
    SourceRows& sources = steps_.empty() ? shared : step.sources;
    for (const Input& input : table.inputs) step.views.push_back(sources.add(input, reach));
    if (!steps_.empty()) step.sources.start();
    if (table.make_cache) step.cache = table.make_cache(params.get());
    expect(stage.ticks.empty() || steps_.empty(), "only the first stage of a chain reads ticks");
    start += step.lookback;
    column += stage.outputs;
    steps_.push_back(std::move(step));
  }
  expect(column <= kStageColumns, "the stages of a chain write at most kStageColumns columns");
  values_ = Buffer<double>(static_cast<std::size_t>(column * block_rows));
}

void ChainRun::run(const SourceRows& shared, const BarRows& bars, const TickRows& ticks, const int64_t* tick_ends,
                   int64_t first, int64_t row, int64_t count, double* const* out) {
  for (Step& step : steps_) run_step(step, shared, bars, ticks, tick_ends, first, row, count, out);
}

void ChainRun::run_step(Step& step, const SourceRows& shared, const BarRows& bars, const TickRows& ticks,
                        const int64_t* tick_ends, int64_t first, int64_t row, int64_t count, double* const* out) {
  const FrameTable& table = *step.stage->frames;
  const bool last = &step == &steps_.back(), leads = &step == &steps_.front();
  double* to[kStageColumns];
  for (int output = 0; output < step.stage->outputs; ++output)
    to[output] = last ? out[output] : values_.data() + (step.column + output) * block_rows_;

  if (step.stage->kind == IndicatorKind::tick) {
    const double* columns[kTickColumns];
    for (std::size_t f = 0; f < step.stage->ticks.size(); ++f)
      columns[f] = ticks.column[static_cast<int>(step.stage->ticks[f])];
    table.ticks(step.coef.data(), step.lanes.data(), columns, first ? tick_ends[first - 1] : 0, tick_ends + first,
                count, to);
    return;
  }

  const int64_t skipped = std::clamp<int64_t>(step.start - row, 0, count), rows = count - skipped;
  for (int output = 0; output < step.stage->outputs; ++output) {
    std::fill_n(to[output], skipped, 0.0);
    to[output] += skipped;
  }
  if (rows == 0) return;
  if (!leads) {
    BarRows seen;
    seen.rows = rows;
    for (int column = 0; column < kBarColumns; ++column)
      if (bars.column[column]) seen.column[column] = bars.column[column] + first + skipped;
    for (int column = 0; column < step.column; ++column)
      seen.column[kBarColumns + column] = values_.data() + column * block_rows_ + skipped;
    step.sources.append(seen, 0, rows);
  }
  InputView views[kMostInputs];
  for (std::size_t f = 0; f < step.views.size(); ++f) views[f] = (leads ? shared : step.sources).view(step.views[f]);
  const int64_t own_row = row + skipped - step.start;
  if (step.stage->kind == IndicatorKind::recurrence)
    table.scalar(step.lanes.data(), step.coef.data(), views, own_row, rows, step.lookback + 1, to, 1);
  else if (table.cached_window)
    table.cached_window(step.cache.get(), views, own_row, rows, to);
  else
    table.window(step.coef.data(), views, rows, to);
}

void ChainRun::reset() {
  for (Step& step : steps_) {
    std::fill(step.lanes.begin(), step.lanes.end(), 0.0);
    if (&step != &steps_.front()) step.sources.reset();
    if (step.cache) step.cache = step.stage->frames->make_cache(params_.get());
  }
}

void ChainRun::save(std::vector<double>& words) const {
  for (const Step& step : steps_) {
    words.insert(words.end(), step.lanes.begin(), step.lanes.end());
    if (&step == &steps_.front()) continue;
    const std::vector<double> history = step.sources.save();
    words.insert(words.end(), history.begin(), history.end());
  }
}

int64_t ChainRun::load(const double* words, std::size_t count) {
  reset();
  std::size_t used = 0;
  for (Step& step : steps_) {
    const std::size_t lanes = step.lanes.size(), history = &step == &steps_.front() ? 0 : step.sources.words();
    if (count - used < lanes + history) return -1;
    std::copy_n(words + used, lanes, step.lanes.begin());
    if (history && !step.sources.load(words + used + lanes, history)) return -1;
    used += lanes + history;
  }
  return static_cast<int64_t>(used);
}

}  // namespace tf::series
