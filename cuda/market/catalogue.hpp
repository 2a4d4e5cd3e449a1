// The table of strategies, written by CMake from strategies/*.cu. A file NAME.cu ends with TF_STRATEGY(NAME, Struct,
// "help").
#pragma once
#include <span>

#include "cuda/base/fields.hpp"

namespace tf::market {

struct LaneProgram;  ///< the compiled lane code of one strategy at one level (cuda/market/lane_program.hpp)

struct StrategyEntry {
  const char* name;
  const char* help;
  ParamsType params;
  bool uses_signal;  ///< reads Now::signal: the simulation needs a signal per decision and lane
  const LaneProgram* program;
};

}  // namespace tf::market

namespace tf::strategy_catalogue {

using Entry = market::StrategyEntry;
struct Row {
  const char* name;
  const Entry& (*v3)();
  const Entry& (*v4)();
  const Entry& (*cuda)();  ///< nullptr where built without CUDA
};
std::span<const Row> rows();

}  // namespace tf::strategy_catalogue
