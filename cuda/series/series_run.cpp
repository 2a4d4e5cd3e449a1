#include "cuda/series/series_run.hpp"

#include <algorithm>
#include <cstring>
#include <limits>

#include "cuda/base/error.hpp"

namespace tf::series {
namespace {

constexpr int64_t kSeriesBlock = 512;
constexpr int64_t kRowsOutOfCache = 1 << 20;  // columns from here on are written around the caches

void blank(int64_t rows, int outputs, double* const* out) {
  for (int output = 0; output < outputs; ++output)
    if (out[output]) std::fill_n(out[output], rows, std::numeric_limits<double>::quiet_NaN());
}

/// An instance outside a set: its state, and the frames that advance it block by block.
class SoleRun {
 public:
  SoleRun(const Exec& exec, const ResolvedInstance& instance)
      : instance_(instance),
        frames_(*instance.entry->frames),
        lookback_(instance.entry->lookback(instance.params.get())),
        sources_(exec, kSeriesBlock),
        coef_(static_cast<std::size_t>(frames_.coef_bytes)),
        state_(static_cast<std::size_t>(frames_.lane_words)) {
    if (frames_.coef) frames_.coef(instance.params.get(), coef_.data());
    for (const Input& input : frames_.inputs)
      inputs_.push_back(sources_.add(input, std::max<int64_t>(lookback_, frames_.ago)));
    if (instance.entry->kind == IndicatorKind::chain)
      chain_ = std::make_unique<ChainRun>(exec, frames_, instance.params, kSeriesBlock, sources_);
    if (frames_.make_cache) cache_ = frames_.make_cache(instance.params.get());
    sources_.start();
  }

  /// The next `count` rows, at most kSeriesBlock: bars [first, first + count).
  void run(const BarRows& bars, const TickRows& ticks, const int64_t* tick_ends, int64_t first, int64_t count,
           double* const* out) {
    const IndicatorEntry& entry = *instance_.entry;
    sources_.append(bars, first, count);
    InputView views[kMostInputs];
    for (std::size_t f = 0; f < inputs_.size(); ++f) views[f] = sources_.view(inputs_[f]);
    if (chain_) {
      chain_->run(sources_, bars, ticks, tick_ends, first, row_, count, out);
    } else if (entry.kind == IndicatorKind::tick) {
      const double* columns[kTickColumns];
      for (std::size_t f = 0; f < entry.tick_inputs.size(); ++f)
        columns[f] = ticks.column[static_cast<int>(entry.tick_inputs[f])];
      frames_.ticks(coef_.data(), state_.data(), columns, first ? tick_ends[first - 1] : 0, tick_ends + first, count,
                    out);
    } else if (entry.kind == IndicatorKind::recurrence) {
      frames_.scalar(state_.data(), reinterpret_cast<const double*>(coef_.data()), views, row_, count, lookback_ + 1,
                     out, 1);
    } else if (cache_) {
      frames_.cached_window(cache_.get(), views, row_, count, out);
    } else {
      frames_.window(coef_.data(), views, count, out);
    }
    row_ += count;
  }
  int64_t lookback() const { return lookback_; }

 private:
  ResolvedInstance instance_;
  const FrameTable& frames_;
  int64_t lookback_, row_ = 0;
  SourceRows sources_;
  std::vector<int> inputs_;
  std::vector<std::byte> coef_;
  std::vector<double> state_;
  std::unique_ptr<ChainRun> chain_;
  std::shared_ptr<void> cache_;
};

/// Row `at` of each of the columns that a recurrence of raw columns reads.
std::vector<const double*> raw_columns_at(const FrameTable& frames, const BarRows& bars, int64_t at) {
  std::vector<const double*> columns;
  for (const Input& input : frames.inputs) {
    const double* column = bars.column[static_cast<int>(input.column)];
    expect(column != nullptr, "a bar column that an indicator reads was not given");
    columns.push_back(column + at);
  }
  return columns;
}

int64_t rounded_up(int64_t value, int64_t step) { return (value + step - 1) / step * step; }

}  // namespace

bool run_directly(const ResolvedInstance& instance, const BarRows& bars, double* const* out, SegmentPlan& plan) {
  const IndicatorEntry& entry = *instance.entry;
  const FrameTable& frames = *entry.frames;
  if (frames.segments.empty()) return false;
  const int64_t lookback = entry.lookback(instance.params.get());
  // An odd number of checkpoints, or the stretches would share cache sets; long enough for the warm-up to be a small
  // part. Two trajectories meet after at most 44 / weight rows (FRAMES.md, section 5), 22 periods of an EMA.
  constexpr int64_t kLength = 65 * kCheckpointRows, kLongestWarmUp = 512 * kCheckpointRows;
  int64_t warm_up = plan.warm_up ? plan.warm_up : rounded_up(std::max<int64_t>(22 * lookback, 128), kCheckpointRows);
  const auto length_for = [&](int64_t warm) {
    if (plan.length) return plan.length;
    const int64_t wanted = std::max(kLength, 6 * warm / kCheckpointRows * kCheckpointRows);
    return wanted + (wanted / kCheckpointRows % 2 ? 0 : kCheckpointRows);
  };
  int64_t length = length_for(warm_up);
  const auto begin_for = [&] { return rounded_up(std::max(lookback + 1, warm_up + frames.ago), 8); };

  int kept = -1, wanted = 0;
  for (int output = 0; output < entry.outputs; ++output)
    if (out[output]) kept = wanted++ ? -1 : output;
  if (wanted == 0) return true;
  // Many columns are many streams of memory at once: a light step is faster row by row.
  const bool together = plan.length || static_cast<int>(frames.inputs.size()) + wanted <= 3 || frames.lane_words >= 4;
  std::vector<double> coef(static_cast<std::size_t>(frames.coef_bytes) / sizeof(double)),
      state(static_cast<std::size_t>(frames.lane_words)), scratch;
  frames.coef(instance.params.get(), coef.data());
  std::vector<std::vector<double>> unwanted;
  std::vector<double*> columns(out, out + entry.outputs);
  if (wanted > 1)
    for (double*& column : columns)
      if (!column) column = unwanted.emplace_back(static_cast<std::size_t>(bars.rows)).data();

  double unkept[kSeriesBlock];
  const auto one_by_one = [&](const std::vector<const double*>& values, int64_t row, int64_t count) {
    for (int64_t done = 0; done < count; done += kSeriesBlock) {
      const int64_t now = std::min(kSeriesBlock, count - done);
      InputView views[kMostInputs];
      for (std::size_t f = 0; f < values.size(); ++f) views[f].values = values[f] + done;
      double* to[kMostOutputs];
      for (int output = 0; output < entry.outputs; ++output)
        to[output] = columns[output] ? columns[output] + row + done : unkept;
      frames.scalar(state.data(), coef.data(), views, row + done, now, lookback + 1, to, 1);
    }
  };
  // The first rows look back before the series: into zeros.
  int64_t row = std::min<int64_t>(frames.ago, bars.rows);
  std::vector<std::vector<double>> padded;
  std::vector<const double*> first;
  for (const double* column : raw_columns_at(frames, bars, 0)) {
    std::vector<double>& values = padded.emplace_back(static_cast<std::size_t>(frames.ago), 0.0);
    values.insert(values.end(), column, column + row);
    first.push_back(values.data() + frames.ago);
  }
  one_by_one(first, 0, row);

  bool aligned = bars.rows >= kRowsOutOfCache;
  for (int output = 0; output < entry.outputs; ++output)
    aligned = aligned && reinterpret_cast<uintptr_t>(columns[output]) % 64 == 0;
  const FrameTable::SegmentsFn run = frames.segments[kept + 1];
  while (together) {
    const int64_t begin = std::max(row, begin_for());
    if (begin + kSegments * length > bars.rows) break;
    one_by_one(raw_columns_at(frames, bars, row), row, begin - row);
    row = begin;
    scratch.resize(static_cast<std::size_t>((length / kCheckpointRows + 1) * kSegments * frames.lane_words));
    double* to[kMostOutputs];
    for (int output = 0; output < entry.outputs; ++output)
      to[output] = columns[output] ? columns[output] + row : nullptr;
    const int64_t redone = run(state.data(), coef.data(), raw_columns_at(frames, bars, row).data(), length, warm_up, to,
                               aligned, scratch.data());
    row += kSegments * length;
    plan.redone += redone;
    if (plan.warm_up || redone == 0) continue;
    // The longest repair is not known, their mean is: half as much again of it.
    warm_up = rounded_up(warm_up + redone * 3 / (2 * kSegments), kCheckpointRows);
    if (warm_up > kLongestWarmUp) break;
    length = length_for(warm_up);
  }
  one_by_one(raw_columns_at(frames, bars, row), row, bars.rows - row);
  blank(std::min(lookback, bars.rows), entry.outputs, out);
  return true;
}

void series_columns(const Exec& exec, const ResolvedInstance& instance, const BarRows& bars, const TickRows& ticks,
                    const int64_t* tick_ends, double* const* out) {
  const int outputs = instance.entry->outputs;
  SegmentPlan plan;
  if (run_directly(instance, bars, out, plan)) return;
  SoleRun sole(exec, instance);
  double unkept[kSeriesBlock];
  for (int64_t first = 0; first < bars.rows; first += kSeriesBlock) {
    double* to[kMostOutputs];
    for (int output = 0; output < outputs; ++output) to[output] = out[output] ? out[output] + first : unkept;
    sole.run(bars, ticks, tick_ends, first, std::min(kSeriesBlock, bars.rows - first), to);
  }
  blank(std::min(sole.lookback(), bars.rows), outputs, out);
}

namespace {

void reduce_recurrences(const Exec& exec, const std::vector<ResolvedInstance>& sets, const BarRows& bars, int output,
                        int64_t counted_from, std::span<Totals> out, Precision precision) {
  const IndicatorEntry& entry = *sets[0].entry;
  const FrameTable& frames = *entry.frames;
  const bool floats = precision == Precision::float32 && !frames.totals_float.empty();
  const int64_t width = floats ? frames.pack_lanes_float : frames.pack_lanes, packs = frames.packs_together;
  const int64_t count = static_cast<int64_t>(sets.size()), together = width * packs;
  const int64_t outs = output < 0 ? entry.outputs : 1;
  const int64_t words = frames.coef_bytes / static_cast<int64_t>(sizeof(double)), states = frames.lane_words;
  struct Group {
    std::vector<double> coefs, lanes, totals;
    int64_t steady_from = 0;
  };
  std::vector<Group> groups(static_cast<std::size_t>((count + together - 1) / together));
  std::vector<double> coef(static_cast<std::size_t>(words));
  SourceRows sources(exec, kSeriesBlock);
  std::vector<int> inputs;
  for (const Input& input : frames.inputs) inputs.push_back(sources.add(input, frames.ago));
  sources.start();
  for (std::size_t group = 0; group < groups.size(); ++group) {
    groups[group].coefs.resize(static_cast<std::size_t>(words * together));
    groups[group].lanes.resize(static_cast<std::size_t>(states * together));
    groups[group].totals.resize(static_cast<std::size_t>(2 * outs * together));
    for (int64_t slot = 0; slot < together; ++slot) {
      const ResolvedInstance& set = sets[std::min(static_cast<int64_t>(group) * together + slot, count - 1)];
      frames.coef(set.params.get(), coef.data());
      for (int64_t word = 0; word < words; ++word)
        groups[group].coefs[(slot / width * words + word) * width + slot % width] = coef[word];
      groups[group].steady_from = std::max(groups[group].steady_from, entry.lookback(set.params.get()) + 1);
    }
  }
  const FrameTable::TotalsFn run = (floats ? frames.totals_float : frames.totals)[output + 1];
  for (int64_t first = 0; first < bars.rows; first += kSeriesBlock) {
    const int64_t rows = std::min(kSeriesBlock, bars.rows - first);
    sources.append(bars, first, rows);
    InputView views[kMostInputs];
    for (std::size_t f = 0; f < inputs.size(); ++f) views[f] = sources.view(inputs[f]);
    for (Group& group : groups)
      run(group.lanes.data(), group.coefs.data(), views, first, rows, group.steady_from, counted_from,
          group.totals.data());
  }
  for (int64_t set = 0; set < count; ++set)
    for (int64_t kept = 0; kept < outs; ++kept) {
      const int64_t slot = set % together, at = (slot / width * outs + kept) * 2 * width + slot % width;
      const std::vector<double>& totals = groups[set / together].totals;
      out[set * outs + kept] = {totals[at], totals[at + width]};
    }
}

double pairwise(const double* part) {
  return ((part[0] + part[1]) + (part[2] + part[3])) + ((part[4] + part[5]) + (part[6] + part[7]));
}

}  // namespace

void reduce_sets(const Exec& exec, const std::vector<ResolvedInstance>& sets, const BarRows& bars, int output,
                 int64_t counted_from, std::span<Totals> out, Precision precision) {
  if (sets.empty() || bars.rows == 0) return;
  const IndicatorEntry& entry = *sets[0].entry;
  const FrameTable& frames = *entry.frames;
  expect(output >= -1 && output < entry.outputs, "an output of the indicator, or all");
  const int64_t outs = output < 0 ? entry.outputs : 1;
  expect(out.size() >= sets.size() * outs, "totals for every set and output");
  int64_t longest = 0;
  for (const ResolvedInstance& set : sets) longest = std::max(longest, entry.lookback(set.params.get()));
  if (counted_from < longest)
    throw Error(ErrorKind::config, std::string("indicator ") + entry.name + ": its sets are ready from row " +
                                       std::to_string(longest) + " on, sums were asked for from row " +
                                       std::to_string(counted_from));
  if (!frames.totals.empty()) return reduce_recurrences(exec, sets, bars, output, counted_from, out, precision);

  SourceRows sources(exec, kSeriesBlock);
  std::vector<int> inputs;
  for (const Input& input : frames.inputs) inputs.push_back(sources.add(input, std::max<int64_t>(longest, frames.ago)));
  const int64_t count = static_cast<int64_t>(sets.size());
  std::vector<std::vector<std::byte>> coefs;
  std::vector<ChainRun> chains;
  std::vector<std::shared_ptr<void>> caches;
  for (const ResolvedInstance& set : sets) {
    if (entry.kind == IndicatorKind::chain) {
      chains.emplace_back(exec, frames, set.params, kSeriesBlock, sources);
    } else if (frames.make_cache) {
      caches.push_back(frames.make_cache(set.params.get()));
    } else {
      frames.coef(set.params.get(), coefs.emplace_back(static_cast<std::size_t>(frames.coef_bytes)).data());
    }
  }
  sources.start();
  Buffer<double> block(static_cast<std::size_t>(kSeriesBlock * entry.outputs));
  double* columns[kMostOutputs];
  for (int j = 0; j < entry.outputs; ++j) columns[j] = block.data() + j * kSeriesBlock;
  std::vector<double> sums(static_cast<std::size_t>(count * outs * kTotalLanes));
  for (int64_t first = 0; first < bars.rows; first += kSeriesBlock) {
    const int64_t rows = std::min(kSeriesBlock, bars.rows - first);
    const int64_t from = std::clamp<int64_t>(counted_from - first, 0, rows);
    sources.append(bars, first, rows);
    InputView views[kMostInputs];
    for (std::size_t f = 0; f < inputs.size(); ++f) views[f] = sources.view(inputs[f]);
    for (int64_t set = 0; set < count; ++set) {
      double last[kMostOutputs];
      double* sum = &sums[set * outs * kTotalLanes];
      if (!coefs.empty()) {
        frames.window_totals[output + 1](coefs[set].data(), views, from, rows, sum, last);
      } else {
        if (chains.empty())
          frames.cached_window(caches[set].get(), views, first, rows, columns);
        else
          chains[set].run(sources, bars, {}, nullptr, first, first, rows, columns);
        for (int64_t kept = 0; kept < outs; ++kept) {
          const double* values = columns[output < 0 ? kept : output];
          for (int64_t at = from; at < rows; ++at) sum[kept * kTotalLanes + (at - from) % kTotalLanes] += values[at];
          last[kept] = values[rows - 1];
        }
      }
      for (int64_t kept = 0; from < rows && kept < outs; ++kept) out[set * outs + kept].last = last[kept];
    }
  }
  for (int64_t lane = 0; lane < count * outs; ++lane) out[lane].sum = pairwise(&sums[lane * kTotalLanes]);
}

void symbol_panels(const Exec& exec, const ResolvedInstance& instance, std::span<const Panel<const double>> columns,
                   std::span<const Panel<double>> out) {
  const IndicatorEntry& entry = *instance.entry;
  const FrameTable& frames = *entry.frames;
  expect(static_cast<int>(out.size()) == entry.outputs && columns.size() >= kBarColumns, "every column and output");
  const int64_t rows = out[0].rows, symbols = out[0].lanes;
  const int64_t lookback = entry.lookback(instance.params.get());
  bool raw = frames.symbols != nullptr;
  int64_t stride = -1;
  for (const Input& input : frames.inputs) {
    raw = raw && input.transform == Transform::none && input.service == Service::value;
    const Panel<const double>& column = columns[static_cast<int>(input.column)];
    raw = raw && (stride < 0 || stride == column.stride);
    stride = column.stride;
  }
  for (const Panel<double>& panel : out) raw = raw && panel.stride == out[0].stride;
  const int64_t width = frames.pack_lanes, packed = raw ? symbols / width * width : 0;
  std::vector<double> coef(static_cast<std::size_t>(frames.coef_bytes) / sizeof(double) + 1);
  if (packed) frames.coef(instance.params.get(), coef.data());
  for (int64_t symbol = 0; symbol < packed; symbol += width) {
    std::vector<double> state(static_cast<std::size_t>(frames.lane_words * width));
    // The first rows look back before the series: into zeros.
    const int64_t early = std::min<int64_t>(frames.ago, rows);
    std::vector<std::vector<double>> padded;
    const double *from[kMostInputs], *begin[kMostInputs];
    double* to[kMostOutputs];
    for (std::size_t f = 0; f < frames.inputs.size(); ++f) {
      const Panel<const double>& column = columns[static_cast<int>(frames.inputs[f].column)];
      std::vector<double>& values = padded.emplace_back(static_cast<std::size_t>(2 * frames.ago * width), 0.0);
      for (int64_t row = 0; row < early; ++row)
        std::memcpy(&values[(frames.ago + row) * width], column.row(row) + symbol, width * sizeof(double));
      begin[f] = values.data() + frames.ago * width;
      from[f] = column.data + early * stride + symbol;
    }
    for (int j = 0; j < entry.outputs; ++j) to[j] = out[j].data + symbol;
    frames.symbols(state.data(), coef.data(), begin, width, 0, early, lookback + 1, to, out[0].stride);
    for (int j = 0; j < entry.outputs; ++j) to[j] += early * out[0].stride;
    frames.symbols(state.data(), coef.data(), from, stride, early, rows - early, lookback + 1, to, out[0].stride);
  }
  std::vector<std::vector<double>> series, results(static_cast<std::size_t>(entry.outputs));
  for (std::vector<double>& values : results) values.resize(static_cast<std::size_t>(rows));
  for (int64_t symbol = packed; symbol < symbols; ++symbol) {
    BarRows bars;
    bars.rows = rows;
    series.clear();
    for (const BarColumn column : entry.bar_inputs) {
      const Panel<const double>& from = columns[static_cast<int>(column)];
      std::vector<double>& values = series.emplace_back(static_cast<std::size_t>(rows));
      for (int64_t row = 0; row < rows; ++row) values[row] = from(row, symbol);
      bars.column[static_cast<int>(column)] = values.data();
    }
    double* to[kMostOutputs];
    for (int j = 0; j < entry.outputs; ++j) to[j] = results[j].data();
    series_columns(exec, instance, bars, {}, nullptr, to);
    for (int j = 0; j < entry.outputs; ++j)
      for (int64_t row = 0; row < rows; ++row) out[j](row, symbol) = results[j][row];
  }
  for (int j = 0; j < entry.outputs; ++j)
    for (int64_t row = 0; row < std::min(lookback, rows); ++row)
      std::fill_n(out[j].row(row), symbols, std::numeric_limits<double>::quiet_NaN());
}

}  // namespace tf::series
