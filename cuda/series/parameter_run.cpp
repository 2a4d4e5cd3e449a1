#include "cuda/series/parameter_run.hpp"

#include <algorithm>
#include <cstring>
#include <limits>

#include "cuda/base/error.hpp"
#include "cuda/base/launch.hpp"

namespace tf::series {
namespace {

void copy_rows(const Buffer<double>& from, int64_t rows, int64_t lanes, Panel<double> to) {
  Buffer<double> host;
  const double* data = from.data();
  if (from.device() != Device::cpu) {
    host = Buffer<double>(static_cast<std::size_t>(rows * lanes));
    copy_bytes(Device::cpu, host.data(), from.device(), data, static_cast<std::size_t>(rows * lanes) * sizeof(double));
    data = host.data();
  }
  for (int64_t row = 0; row < rows; ++row)
    std::memcpy(to.row(row), data + row * lanes, static_cast<std::size_t>(lanes) * sizeof(double));
}

/// One frame table over one series whose columns are the host's: every output, each by a launch of its own.
/// Rows are those of the series from the table's own first row on.
void launch_alone(const Exec& exec, const FrameTable& frames, IndicatorKind kind, int outputs, int64_t lookback,
                  const void* params, const BarRows& bars, double* const* out) {
  std::vector<std::byte> coef(static_cast<std::size_t>(frames.coef_bytes));
  frames.coef(params, coef.data());
  Buffer<std::byte> coefs(coef.size());
  std::copy(coef.begin(), coef.end(), coefs.data());
  const Buffer<std::byte> device_coefs = coefs.to(exec.device);
  SourceRows sources(exec, bars.rows);
  std::vector<int> inputs;
  for (const Input& input : frames.inputs)
    inputs.push_back(sources.add(input, std::max<int64_t>(lookback, frames.ago)));
  sources.start();
  sources.append(bars, 0, bars.rows);
  std::vector<InputView> views;
  for (const int input : inputs) views.push_back(sources.view(input));
  Buffer<double> values(static_cast<std::size_t>(bars.rows), exec.device);
  for (int output = 0; output < outputs; ++output) {
    Buffer<double> lanes(static_cast<std::size_t>(kind == IndicatorKind::recurrence ? frames.lane_words : 0),
                         exec.device);
    frames.launch_parameters(
        exec, {views.data(), device_coefs.data(), lanes.data(), values.data(), 1, 0, bars.rows, lookback + 1, output});
    wait(exec);
    copy_bytes(Device::cpu, out[output], exec.device, values.data(), bars.rows * sizeof(double));
  }
}

/// The ticks' part of a launch: out[bar][output] on the host.
void launch_tick_frames(const Exec& exec, const FrameTable& frames, std::span<const TickColumn> reads, int outputs,
                        const void* params, const TickRows& ticks, const int64_t* tick_ends, int64_t bars,
                        Panel<double> out) {
  const int64_t count = tick_ends[bars - 1], history = count ? frames.ago : 0, length = count + history;
  expect(ticks.history >= history, "tick indicators are given the ticks before the bars'");
  std::vector<Buffer<double>> columns;
  std::vector<const double*> pointers;
  for (const TickColumn column : reads) {
    const double* from = ticks.column[static_cast<int>(column)];
    expect(from != nullptr || count == 0, "a tick column that an indicator reads was not given");
    columns.emplace_back(static_cast<std::size_t>(length), exec.device);
    if (length) copy_bytes(exec.device, columns.back().data(), Device::cpu, from - history, length * sizeof(double));
    pointers.push_back(columns.back().data() + history);
  }
  Buffer<int64_t> ends(static_cast<std::size_t>(bars), exec.device);
  copy_bytes(exec.device, ends.data(), Device::cpu, tick_ends, bars * sizeof(int64_t));
  std::vector<std::byte> coef(static_cast<std::size_t>(frames.coef_bytes));
  frames.coef(params, coef.data());
  Buffer<double> lane(static_cast<std::size_t>(frames.lane_words), exec.device);
  Buffer<double> values(static_cast<std::size_t>(bars * outputs), exec.device);
  frames.launch_ticks(exec, {pointers.data(), coef.data(), lane.data(), ends.data(), 0, bars, values.data()});
  wait(exec);
  copy_rows(values, bars, outputs, out);
}

}  // namespace

bool can_launch(const IndicatorEntry& entry) {
  const auto launches = [](const FrameTable& frames) { return !frames.make_cache; };
  if (!launches(*entry.frames)) return false;
  for (const Stage& stage : entry.frames->stages)
    if (!launches(*stage.frames)) return false;
  return true;
}

void launch_chain(const Exec& exec, const ResolvedInstance& instance, const BarRows& bars, const TickRows& ticks,
                  const int64_t* tick_ends, Panel<double> out) {
  if (bars.rows == 0) return;
  const IndicatorEntry& entry = *instance.entry;
  expect(entry.kind == IndicatorKind::chain, "launch_chain runs chains");
  std::vector<std::vector<double>> columns;
  int64_t start = 0;
  for (const Stage& stage : entry.frames->stages) {
    const std::size_t first = columns.size();
    const int64_t lookback = stage.lookback(instance.params.get()), rows = std::max<int64_t>(bars.rows - start, 0);
    double* to[kStageColumns];
    for (int output = 0; output < stage.outputs; ++output)
      columns.emplace_back(static_cast<std::size_t>(bars.rows), 0.0);
    for (int output = 0; output < stage.outputs; ++output) to[output] = columns[first + output].data() + start;
    if (stage.kind == IndicatorKind::tick) {
      std::vector<double> values(static_cast<std::size_t>(bars.rows * stage.outputs));
      launch_tick_frames(exec, *stage.frames, stage.ticks, stage.outputs, instance.params.get(), ticks, tick_ends,
                         bars.rows, {values.data(), bars.rows, stage.outputs, stage.outputs});
      for (int64_t row = 0; row < bars.rows; ++row)
        for (int output = 0; output < stage.outputs; ++output) to[output][row] = values[row * stage.outputs + output];
    } else if (rows > 0) {
      BarRows seen;
      seen.rows = rows;
      for (int column = 0; column < kBarColumns; ++column)
        if (bars.column[column]) seen.column[column] = bars.column[column] + start;
      for (std::size_t column = 0; column < first; ++column)
        seen.column[kBarColumns + column] = columns[column].data() + start;
      launch_alone(exec, *stage.frames, stage.kind, stage.outputs, lookback, instance.params.get(), seen, to);
    }
    start += lookback;
  }
  const std::vector<double>* last = columns.data() + columns.size() - entry.outputs;
  for (int64_t row = 0; row < bars.rows; ++row)
    for (int output = 0; output < entry.outputs; ++output)
      out(row, output) = row < start ? std::numeric_limits<double>::quiet_NaN() : last[output][row];
}

void launch_parameters(const Exec& exec, const std::vector<ResolvedInstance>& sets, const BarRows& bars, int output,
                       Panel<double> out, int64_t block_rows) {
  if (sets.empty() || bars.rows == 0) return;
  const IndicatorEntry& entry = *sets[0].entry;
  const FrameTable& frames = *entry.frames;
  const int64_t count = static_cast<int64_t>(sets.size());
  if (entry.kind == IndicatorKind::chain) {
    std::vector<double> values(static_cast<std::size_t>(bars.rows * entry.outputs));
    for (int64_t set = 0; set < count; ++set) {
      launch_chain(exec, sets[set], bars, {}, nullptr, {values.data(), bars.rows, entry.outputs, entry.outputs});
      for (int64_t row = 0; row < bars.rows; ++row) out(row, set) = values[row * entry.outputs + output];
    }
    return;
  }
  expect(frames.launch_parameters != nullptr, "launch_parameters runs recurrences and windows");
  if (block_rows <= 0) block_rows = std::clamp<int64_t>((int64_t{1} << 24) / count, 256, int64_t{1} << 20);
  block_rows = std::min(block_rows, bars.rows);

  // Coefficients: word by word for recurrences (neighbouring sets are neighbouring threads), whole structs for windows.
  const bool recurrence = entry.kind == IndicatorKind::recurrence;
  std::vector<int64_t> lookback;
  std::vector<std::byte> coef(static_cast<std::size_t>(frames.coef_bytes));
  Buffer<std::byte> coefs(static_cast<std::size_t>(frames.coef_bytes * count));
  for (int64_t set = 0; set < count; ++set) {
    frames.coef(sets[set].params.get(), coef.data());
    lookback.push_back(entry.lookback(sets[set].params.get()));
    if (recurrence)
      for (std::size_t word = 0; word < coef.size() / sizeof(double); ++word)
        std::memcpy(coefs.data() + (word * count + set) * sizeof(double), coef.data() + word * sizeof(double),
                    sizeof(double));
    else
      std::memcpy(coefs.data() + set * frames.coef_bytes, coef.data(), coef.size());
  }
  const int64_t longest = *std::max_element(lookback.begin(), lookback.end());

  SourceRows sources(exec, block_rows);
  std::vector<int> inputs;
  for (const Input& input : frames.inputs) inputs.push_back(sources.add(input, std::max<int64_t>(longest, frames.ago)));
  sources.start();
  const Buffer<std::byte> device_coefs = coefs.to(exec.device);
  Buffer<double> lanes(static_cast<std::size_t>(frames.lane_words * count), exec.device);
  Buffer<double> values(static_cast<std::size_t>(block_rows * count), exec.device);

  for (int64_t first = 0; first < bars.rows; first += block_rows) {
    const int64_t rows = std::min(block_rows, bars.rows - first);
    sources.append(bars, first, rows);
    std::vector<InputView> views;
    for (const int input : inputs) views.push_back(sources.view(input));
    frames.launch_parameters(exec, {views.data(), device_coefs.data(), lanes.data(), values.data(), count, first, rows,
                                    longest + 1, output});
    wait(exec);
    copy_rows(values, rows, count, out.part(first, rows));
    for (int64_t row = first; row < std::min(first + rows, longest); ++row)
      for (int64_t set = 0; set < count; ++set)
        if (row < lookback[set]) out(row, set) = std::numeric_limits<double>::quiet_NaN();
  }
}

void launch_ticks(const Exec& exec, const ResolvedInstance& instance, const TickRows& ticks, const int64_t* tick_ends,
                  int64_t bars, Panel<double> out) {
  if (bars == 0) return;
  const IndicatorEntry& entry = *instance.entry;
  expect(entry.frames->launch_ticks != nullptr, "launch_ticks runs tick indicators");
  launch_tick_frames(exec, *entry.frames, entry.tick_inputs, entry.outputs, instance.params.get(), ticks, tick_ends,
                     bars, out);
}

}  // namespace tf::series
