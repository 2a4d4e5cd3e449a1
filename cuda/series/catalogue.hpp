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
  tick,        ///< reads the bar's ticks: a sum over them (a fold), or a state carried from tick to tick
  chain,       ///< stages that read what those before them wrote
};
/// What recurrences compute in. Everything else, and the few recurrences that are marked as double only, is in doubles.
enum class Precision { float64, float32 };
const char* kind_name(IndicatorKind kind);
const char* stability_name(Stability stability);

/// An output as a catalogue shows it. Ready values lie within [low, high], up to rounding.
struct Output {
  const char* name;  ///< "value" where there is one alone
  const char* unit;  ///< "ticks", "lots", "percent", "ratio", "ns", "" ...
  double low = -kAny, high = kAny;
};

struct FrameTable;  ///< the compiled frames of one indicator at one level (cuda/series/frames.hpp)

struct IndicatorEntry {
  const char* name;
  const char* help;
  const char* source;  ///< paper or standard reference
  IndicatorKind kind;
  Stability stability;
  ParamsType params;
  int outputs;
  std::span<const Output> outputs_of;       ///< `outputs` of them
  std::span<const BarColumn> bar_inputs;    ///< raw columns of bars it reads, each once, ascending
  std::span<const TickColumn> tick_inputs;  ///< columns of ticks; empty = it needs none
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
