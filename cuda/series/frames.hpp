// The compiled frames of one indicator at one level: raw words in, raw words out, one pointer a frame. Level-free, so
// that host code can hold tables of any level.
#pragma once
#include <cstdint>
#include <memory>
#include <span>

#include "cuda/series/catalogue.hpp"
#include "cuda/series/input.hpp"

namespace tf::series {

/// Stretches that run_segments takes at once, and how far apart their checkpoints lie.
inline constexpr int kSegments = 8;
inline constexpr int64_t kCheckpointRows = 64;
/// Partial sums of a window's totals.
inline constexpr int kTotalLanes = 8;

/// Most inputs and outputs of one indicator.
inline constexpr int kMostInputs = 16, kMostOutputs = 16;

/// One input over a block: values[at] for at in [-history, rows). Its window sums come from running totals where the
/// values are whole eighths (squares: of whole halves; ticks, lots and their means are) and small enough that every sum
/// is exact, in whatever order; elsewhere from levels: levels[k] are the window parts of 2^k rows that end at `at`; a
/// lag_sum input has its lag sums of 2^k rows beside the sums.
struct InputView {
  const double* values = nullptr;
  const double* const* levels = nullptr;
  const double* const* lag_levels = nullptr;
  const int64_t* running = nullptr;      ///< totals up to and with each row in `unit`s, modulo 2^64; null = use levels
  const int64_t* running_lag = nullptr;  ///< the same of row * value, where row `at` is numbered first + at
  double unit = 0;
  int64_t first = 0;
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

/// Ticks of `bars` bars, one work item a bar (a tick recurrence: one item in all). Bar b's ticks are [ends[b-1],
/// ends[b]), bar 0's begin at first.
struct TickBlock {
  const double* const* columns;  ///< host array of device pointers, in the order of the indicator's kTicks
  const void* coef;              ///< host
  double* lane;                  ///< state of a tick recurrence
  const int64_t* ends;
  int64_t first, bars;
  double* out;  ///< [bar][output]
};

struct FrameTable;

/// One stage of a chain. It begins at the row where every stage before it is ready.
struct Stage {
  IndicatorKind kind;
  int outputs;
  const FrameTable* frames;
  int64_t (*lookback)(const void* params);  ///< of the stage alone, given the chain's parameters
  std::span<const TickColumn> ticks;        ///< of a first stage that reads ticks
};

struct FrameTable {
  int coef_bytes = 0;  ///< of one parameter set
  int lane_words = 0;  ///< doubles of one lane's state
  int pack_lanes = 1;  ///< lanes of `pack`; 1 where there is none
  int ago = 0;         ///< how far ago() reaches, in rows or ticks; windows reach up to lookback
  std::span<const Input> inputs = {};
  void (*coef)(const void* params, void* coef) = nullptr;

  /// count rows of one lane (scalar) or pack_lanes lanes (pack: words as [word][lane]); out[j][at * stride + lane].
  using RecurrenceFn = void (*)(double* lanes, const double* coefs, const InputView* in, int64_t row, int64_t count,
                                int64_t steady_from, double* const* out, int64_t stride);
  RecurrenceFn scalar = nullptr, pack = nullptr;
  /// out[j][at]
  void (*window)(const void* coef, const InputView* in, int64_t count, double* const* out) = nullptr;
  /// A window whose values hang on a structure that is kept from block to block: a cache, which it makes anew from
  /// the history whenever `row` is not where it stands. out[j][at]
  std::shared_ptr<void> (*make_cache)(const void* params) = nullptr;
  void (*cached_window)(void* cache, const InputView* in, int64_t row, int64_t count, double* const* out) = nullptr;
  /// out[j][bar]; `lane`: state of a tick recurrence
  void (*ticks)(const void* coef, double* lane, const double* const* columns, int64_t first, const int64_t* ends,
                int64_t bars, double* const* out) = nullptr;
  std::span<const Stage> stages = {};  ///< of a chain, which has no other frame

  // What only the CPU has, of an indicator that is not a chain (tables of stages have none of it).
  /// The recurrence in floats: words and values are doubles in memory that hold floats. Null where it is double only.
  RecurrenceFn scalar_float = nullptr, pack_float = nullptr;
  int pack_lanes_float = 1;
  /// pack_lanes series side by side (segment_frame.hpp and totals_frame.hpp tell of the others).
  void (*symbols)(double* lanes, const double* coefs, const double* const* in, int64_t in_stride, int64_t row,
                  int64_t count, int64_t steady_from, double* const* out, int64_t stride) = nullptr;
  /// Of a converging recurrence of raw columns: [0] keeps all outputs, [1 + j] output j alone.
  using SegmentsFn = int64_t (*)(double* state, const double* coefs, const double* const* values, int64_t length,
                                 int64_t warm_up, double* const* out, bool past_cache, double* scratch);
  std::span<const SegmentsFn> segments = {};
  /// Likewise of all outputs or one; packs_together packs at a time.
  using TotalsFn = void (*)(double* lanes, const double* coefs, const InputView* in, int64_t row, int64_t count,
                            int64_t steady_from, int64_t counted_from, double* totals);
  std::span<const TotalsFn> totals = {}, totals_float = {};
  int packs_together = 1;
  using WindowTotalsFn = void (*)(const void* coef, const InputView* in, int64_t from, int64_t count, double* sums,
                                  double* last);
  std::span<const WindowTotalsFn> window_totals = {};

  void (*launch_parameters)(const Exec& exec, const ParameterBlock& block) = nullptr;
  void (*launch_ticks)(const Exec& exec, const TickBlock& block) = nullptr;
};

}  // namespace tf::series
