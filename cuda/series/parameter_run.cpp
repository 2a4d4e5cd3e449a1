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

}  // namespace

void launch_parameters(const Exec& exec, const std::vector<ResolvedInstance>& sets, const BarRows& bars, int output,
                       Panel<double> out, int64_t block_rows) {
  if (sets.empty() || bars.rows == 0) return;
  const IndicatorEntry& entry = *sets[0].entry;
  const FrameTable& frames = *entry.frames;
  const int64_t count = static_cast<int64_t>(sets.size());
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
  const int64_t count = tick_ends[bars - 1];
  std::vector<Buffer<double>> columns;
  std::vector<const double*> pointers;
  for (const TickColumn column : entry.tick_inputs) {
    const double* from = ticks.column[static_cast<int>(column)];
    expect(from != nullptr || count == 0, "a tick column that an indicator reads was not given");
    columns.emplace_back(static_cast<std::size_t>(count), exec.device);
    if (count) copy_bytes(exec.device, columns.back().data(), Device::cpu, from, count * sizeof(double));
    pointers.push_back(columns.back().data());
  }
  Buffer<int64_t> ends(static_cast<std::size_t>(bars), exec.device);
  copy_bytes(exec.device, ends.data(), Device::cpu, tick_ends, bars * sizeof(int64_t));
  std::vector<std::byte> coef(static_cast<std::size_t>(entry.frames->coef_bytes));
  entry.frames->coef(instance.params.get(), coef.data());
  Buffer<double> values(static_cast<std::size_t>(bars * entry.outputs), exec.device);
  entry.frames->launch_ticks(exec, {pointers.data(), coef.data(), ends.data(), 0, bars, values.data()});
  wait(exec);
  copy_rows(values, bars, entry.outputs, out);
}

}  // namespace tf::series
