#include "cuda/base/error.hpp"
#include "cuda/market/simulate.hpp"

namespace tf::market {

const StrategyEntry& find_strategy(const Exec& exec, const std::string& name) {
  std::string candidates;
  for (const strategy_catalogue::Row& row : strategy_catalogue::rows()) {
    if (name == row.name) {
      if (exec.device == Device::cpu) return exec.level == CpuLevel::v4 ? row.v4() : row.v3();
      if (row.cuda) return row.cuda();
      throw Error(ErrorKind::no_device, "strategy " + name + ": this binary was built without CUDA");
    }
    candidates += candidates.empty() ? row.name : std::string(", ") + row.name;
  }
  throw Error(ErrorKind::config, "unknown strategy \"" + name + "\": expected one of " + candidates);
}

}  // namespace tf::market
