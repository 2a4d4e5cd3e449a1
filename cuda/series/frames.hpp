// The compiled frames of one indicator at one level: raw words in, raw words out, one pointer a frame. Level-free, so
// that host code can hold tables of any level.
#pragma once
#include <cstdint>
#include <span>

#include "cuda/base/device.hpp"
#include "cuda/series/input.hpp"

namespace tf::series {

/// One input over a block: values[at] for at in [-history, rows); levels[k] are the window parts of 2^k rows that end
/// at `at`.
struct InputView {
  const double* values = nullptr;
  const double* const* levels = nullptr;
};

/// Rows [row, row + count) of `sets` parameter sets, one work item a set (recurrence) or a row x set (window). All
/// pointers are of exec's device. count * sets < 2^31.
struct ParameterBlock {
  const InputView* in;  ///< host array of device pointers
  const void* coefs;    ///< recurrence: [word][set]; window: an array of Coef
  double* lanes;        ///< recurrence: [word][set]
  double* out;          ///< [row][set]
  int64_t sets, row, count;
  int64_t steady_from;  ///< first row in which no set's ramp runs
  int output;
};

/// Ticks of `bars` bars, one work item a bar. Bar b's ticks are [ends[b-1], ends[b]), bar 0's begin at first.
struct TickBlock {
  const double* const* columns;  ///< host array of device pointers, in the order of the indicator's kTicks
  const void* coef;              ///< host
  const int64_t* ends;
  int64_t first, bars;
  double* out;  ///< [bar][output]
};

struct FrameTable {
  int coef_bytes = 0;  ///< of one parameter set
  int lane_words = 0;  ///< doubles of one lane's state
  int pack_lanes = 1;  ///< lanes of `pack`; 1 where there is none
  int ago = 0;         ///< how far ago() reaches, in rows; windows reach up to lookback
  std::span<const Input> inputs = {};
  void (*coef)(const void* params, void* coef) = nullptr;

  /// count rows of one lane (scalar) or pack_lanes lanes (pack: words as [word][lane]); out[j][at * stride + lane].
  using RecurrenceFn = void (*)(double* lanes, const double* coefs, const InputView* in, int64_t row, int64_t count,
                                int64_t steady_from, double* const* out, int64_t stride);
  RecurrenceFn scalar = nullptr, pack = nullptr;
  /// out[j][at]
  void (*window)(const void* coef, const InputView* in, int64_t count, double* const* out) = nullptr;
  /// out[j][bar]
  void (*ticks)(const void* coef, const double* const* columns, int64_t first, const int64_t* ends, int64_t bars,
                double* const* out) = nullptr;

  void (*launch_parameters)(const Exec& exec, const ParameterBlock& block) = nullptr;
  void (*launch_ticks)(const Exec& exec, const TickBlock& block) = nullptr;
};

}  // namespace tf::series
