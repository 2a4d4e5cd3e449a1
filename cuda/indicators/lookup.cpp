// Where catalogue names become entries. It stands beside the catalogue and not in cuda/series, whose frames know no
// indicator by name: a static library may ask only those that come after it on the linker's line.
#include "cuda/base/error.hpp"
#include "cuda/base/launch.hpp"
#include "cuda/series/feature_set_body.hpp"
#include "cuda/series/parameter_run.hpp"
#include "cuda/series/series_run.hpp"

namespace tf::series {
namespace {

Exec on_cpu(Exec exec) {
  exec.device = Device::cpu;
  return exec;
}

std::vector<ResolvedInstance> resolve_all(const Exec& exec, const std::vector<Instance>& instances) {
  std::vector<ResolvedInstance> resolved;
  for (const Instance& instance : instances)
    resolved.push_back(resolve(find_indicator(exec, instance.indicator), instance.params));
  return resolved;
}

}  // namespace

const IndicatorEntry& find_indicator(const Exec& exec, const std::string& name) {
  std::string known;
  for (const indicator_catalogue::Row& row : indicator_catalogue::rows()) {
    if (name == row.name) {
      if (exec.device == Device::cuda && !row.cuda) throw Error(ErrorKind::no_device, "built without CUDA");
      return exec.device == Device::cuda ? row.cuda() : exec.level == CpuLevel::v4 ? row.v4() : row.v3();
    }
    known += std::string(known.empty() ? "" : ", ") + row.name;
  }
  throw Error(ErrorKind::config, "no indicator is named \"" + name + "\"; there are: " + known);
}

// One series has too few lanes for a GPU: a set's states advance on the CPU whatever exec's device is, to the same
// bits.
FeatureSet::FeatureSet(const Exec& exec, std::vector<Instance> instances, Precision precision)
    : body_(std::make_unique<Body>(on_cpu(exec), resolve_all(on_cpu(exec), instances), precision)) {}

void run_parameters(const Exec& exec, const std::string& indicator, std::span<const std::shared_ptr<const void>> params,
                    const BarRows& bars, int output, Panel<double> out) {
  const IndicatorEntry& entry = find_indicator(exec, indicator);
  if (!entry.tick_inputs.empty())
    throw Error(ErrorKind::config, "indicator " + indicator + " reads ticks: it cannot run over bars alone");
  expect(output >= 0 && output < entry.outputs, "an output of the indicator");
  expect(out.rows >= bars.rows && out.lanes >= static_cast<int64_t>(params.size()),
         "the panel holds every row and set");
  std::vector<ResolvedInstance> sets;
  for (const std::shared_ptr<const void>& one : params) sets.push_back(resolve(entry, one));
  if (exec.device == Device::cuda && can_launch(entry)) {
    launch_parameters(exec, sets, bars, output, out);
    return;
  }
  const std::string range_name = "indicator." + indicator;
  const NamedRange range(range_name.c_str());
  InstanceSet(on_cpu(exec), std::move(sets), output).append(bars, {}, nullptr, out);
}

void reduce_parameters(const Exec& exec, const std::string& indicator,
                       std::span<const std::shared_ptr<const void>> params, const BarRows& bars, int output,
                       int64_t counted_from, std::span<Totals> out, Precision precision) {
  const IndicatorEntry& entry = find_indicator(on_cpu(exec), indicator);
  if (!entry.tick_inputs.empty())
    throw Error(ErrorKind::config, "indicator " + indicator + " reads ticks: it cannot run over bars alone");
  std::vector<ResolvedInstance> sets;
  for (const std::shared_ptr<const void>& one : params) sets.push_back(resolve(entry, one));
  const std::string range_name = "indicator." + indicator;
  const NamedRange range(range_name.c_str());
  reduce_sets(on_cpu(exec), sets, bars, output, counted_from, out, precision);
}

void run_series(const Exec& exec, const Instance& instance, const BarRows& bars, const TickRows& ticks,
                const int64_t* tick_ends, double* const* out) {
  const ResolvedInstance resolved = resolve(find_indicator(on_cpu(exec), instance.indicator), instance.params);
  series_columns(on_cpu(exec), resolved, bars, ticks, tick_ends, out);
}

void run_symbols(const Exec& exec, const Instance& instance, std::span<const Panel<const double>> columns,
                 std::span<const Panel<double>> out) {
  const IndicatorEntry& entry = find_indicator(on_cpu(exec), instance.indicator);
  if (!entry.tick_inputs.empty())
    throw Error(ErrorKind::config, "indicator " + instance.indicator + " reads ticks: it cannot run over bars alone");
  symbol_panels(on_cpu(exec), resolve(entry, instance.params), columns, out);
}

}  // namespace tf::series
