// The table of indicators, written by CMake from cuda/indicators/*.cu: one entry a file and x86-64 level (and CUDA).
// A file NAME.cu ends with TF_INDICATOR(NAME, Struct, "help"), which defines
//   namespace tf::indicator_catalogue { const Entry& tf_indicator_NAME_<level>(); }
#pragma once
#include <cstdint>
#include <span>
#include <string>

#include "cuda/base/device.hpp"
#include "cuda/base/fields.hpp"
#include "cuda/base/view.hpp"
#include "cuda/series/columns.hpp"

namespace tf::series {

/// How a value depends on where its series starts.
enum class Stability {
  exact,       ///< not at all, once `lookback` rows are there
  epsilon,     ///< in the last bits
  converging,  ///< less and less: an exponential memory
};
enum class IndicatorKind {
  recurrence,  ///< carries a state; lanes are parameters, symbols or time segments
  window,      ///< a pure function of the last rows; lanes are consecutive bars
  tick,        ///< a contribution of each tick, folded over the bar's ticks into one value a bar
};

struct FrameTable;  ///< the compiled frames of one indicator at one level (cuda/series/frames.hpp)

struct IndicatorEntry {
  const char* name;
  const char* help;
  IndicatorKind kind;
  Stability stability;
  ParamsType params;
  int outputs;
  const char* const* output_names;          ///< `outputs` of them; a single output is named "value"
  std::span<const BarColumn> bar_inputs;    ///< recurrence and window
  std::span<const TickColumn> tick_inputs;  ///< tick
  /// Rows at the start of a series that are NaN: not ready.
  int64_t (*lookback)(const void* params);
  const FrameTable* frames;
};

}  // namespace tf::series

namespace tf::indicator_catalogue {

using Entry = series::IndicatorEntry;
struct Row {
  const char* name;
  const Entry& (*v3)();
  const Entry& (*v4)();
  const Entry& (*cuda)();  ///< nullptr where built without CUDA
};
std::span<const Row> rows();

}  // namespace tf::indicator_catalogue
