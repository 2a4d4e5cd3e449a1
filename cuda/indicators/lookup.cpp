// Where catalogue names become entries. It stands beside the catalogue and not in cuda/series, whose frames know no
// indicator by name: a static library may ask only those that come after it on the linker's line.
#include "cuda/base/error.hpp"
#include "cuda/base/launch.hpp"
#include "cuda/series/feature_set_body.hpp"
#include "cuda/series/parameter_run.hpp"

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
FeatureSet::FeatureSet(const Exec& exec, std::vector<Instance> instances)
    : body_(std::make_unique<Body>(Body{InstanceSet(on_cpu(exec), resolve_all(on_cpu(exec), instances))})) {}

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

}  // namespace tf::series
