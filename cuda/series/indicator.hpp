// What an indicator's file includes. An indicator is a plain struct in namespace tf::indicators; the frames make lanes,
// chunks, streams and launches out of its one step(), all to the same bits.
//
//   every kind    struct Params (described fields); kOut; kStability; kSource; kOutputs[] (Output: name, unit, range);
//                 static int64_t lookback(const Params&)   rows that are NaN at the start of a series
//   recurrence    kIn[] (Input), kAgo = reach of ago(); template<class R> struct Coef and struct Lane of R members
//                 only; static Coef<double> coef(const Params&);  a Lane starts as zeros
//                 template<class R, class In> TF_HD static void step(Lane<R>&, const Coef<R>&, const In& in, R* out)
//   window        no Lane; kIn[] with services; a plain struct Coef {int64_t period; ...}: it is the same for all
//                 lanes; step(const Coef&, const In& in, R* out), reading at most lookback rows back. A window that
//                 is kept as a structure has a Cache instead of step (frame_bodies.hpp, run_cached_window), CPU only
//   tick fold     kTicks[] (TickColumn), kTerms; step(const Coef&, const In& in, R* terms) is the contribution of a
//                 tick; finish(const Coef&, const R* sums, R ticks, R* out) makes the bar's value of the terms' sums
//   tick series   kTicks[], template<class R> Coef and Lane; step(Lane<R>&, const Coef<R>&, const In& in) takes one
//                 tick, finish(Lane<R>&, const Coef<R>&, R ticks, R* out) makes the bar's values (and may reset what
//                 counts by bars). Both tick kinds: optional kAgo, the reach of ago() in ticks; before a series'
//                 first tick it reads NaN
//   chain         using Stages = series::Chain<A, B, ...>: structs of the kinds above (without Params, kSource,
//                 kOutputs), whose coef() and lookback() take the chain's Params; a later stage reads the outputs of
//                 all earlier ones as stage(0), stage(1), ... and the columns of bars; the last one's outputs are the
//                 chain's. A stage starts where those before it are ready: to it that row is the first of the series.
//                 Only the first stage may read ticks. lookback() is the sum of the stages' and is not written
//
// Non-finite inputs never crash and never reach rows before them. A recurrence that met one stays non-finite until
// reset; a window is itself again when the value has left it; a tick fold is spoilt for its bar alone.
#pragma once
#include <cstddef>
#include <memory>
#include <type_traits>
#include <vector>

#include "cuda/series/catalogue.hpp"
#include "cuda/series/frame_bodies.hpp"
#include "cuda/series/math.hpp"
#include "cuda/series/segment_frame.hpp"
#include "cuda/series/totals_frame.hpp"

namespace tf::series {

/// The raw columns of bars that a table's inputs read, each once, ascending.
std::vector<BarColumn> raw_bar_columns(const FrameTable& frames);

inline namespace TF_LEVEL {

template <class... Stages>
struct Chain {};

template <class I>
constexpr IndicatorKind kind_of() {
  if constexpr (requires { typename I::Stages; })
    return IndicatorKind::chain;
  else if constexpr (requires { I::kTicks; })
    return IndicatorKind::tick;
  else if constexpr (requires { typename I::template Lane<double>; })
    return IndicatorKind::recurrence;
  else
    return IndicatorKind::window;
}

template <class I>
constexpr int ago_of() {
  if constexpr (requires { I::kAgo; })
    return I::kAgo;
  else
    return 0;
}

/// Calls launch_one with `output` as a compile-time constant.
template <int kOutputs, class LaunchOne, int kOutput = 0>
void with_output(int output, const LaunchOne& launch_one) {
  if (output == kOutput) return launch_one(std::integral_constant<int, kOutput>{});
  if constexpr (kOutput + 1 < kOutputs) with_output<kOutputs, LaunchOne, kOutput + 1>(output, launch_one);
}

#if defined(TF_HAS_PACK)
template <class I>
constexpr bool runs_in_floats() {
  return !requires { I::kDoubleOnly; };
}
/// Stretches need a state that forgets, and columns that lie in memory as they are.
template <class I>
constexpr bool runs_in_segments() {
  bool raw = I::kAgo <= kSegmentTile && I::kStability == Stability::converging;
  for (const Input& input : I::kIn) raw = raw && input.transform == Transform::none && input.service == Service::value;
  return raw;
}

template <class I>
void add_recurrence_frames(FrameTable& table) {
  table.symbols = run_symbols<I, Lanes>;
  table.packs_together = kPacksTogether<I>;
  [&table]<int... kOutput>(std::integer_sequence<int, kOutput...>) {
    static constexpr FrameTable::TotalsFn kTotals[] = {run_recurrence_totals<I, Lanes, (I::kOut > 1 ? -1 : 0)>,
                                                       run_recurrence_totals<I, Lanes, kOutput>...};
    table.totals = kTotals;
    if constexpr (runs_in_segments<I>()) {
      static constexpr FrameTable::SegmentsFn kRuns[] = {run_segments<I, (I::kOut > 1 ? -1 : 0)>,
                                                         run_segments<I, kOutput>...};
      table.segments = kRuns;
    }
    if constexpr (runs_in_floats<I>()) {
      static constexpr FrameTable::TotalsFn kFloatTotals[] = {
          run_recurrence_totals<I, FloatLanes, (I::kOut > 1 ? -1 : 0)>,
          run_recurrence_totals<I, FloatLanes, kOutput>...};
      table.totals_float = kFloatTotals;
    }
  }
  (std::make_integer_sequence<int, I::kOut>{});
  if constexpr (runs_in_floats<I>()) {
    table.scalar_float = run_recurrence<I, float>;
    table.pack_float = run_recurrence<I, FloatLanes>;
    table.pack_lanes_float = FloatLanes::kLanes;
  }
}

template <class I>
void add_window_frames(FrameTable& table) {
  [&table]<int... kOutput>(std::integer_sequence<int, kOutput...>) {
    static constexpr FrameTable::WindowTotalsFn kTotals[] = {run_window_totals<I, (I::kOut > 1 ? -1 : 0)>,
                                                             run_window_totals<I, kOutput>...};
    table.window_totals = kTotals;
  }
  (std::make_integer_sequence<int, I::kOut>{});
}
#endif

/// `Params` are those of the chain where I is a stage; `Name` carries launch_name().
template <class I, class Params, class Name>
FrameTable frame_table() {
  FrameTable table;
  constexpr IndicatorKind kind = kind_of<I>();
  if constexpr (kind == IndicatorKind::recurrence) {
    using Coef = typename I::template Coef<double>;
    using Lane = typename I::template Lane<double>;
    static_assert(sizeof(Coef) % sizeof(double) == 0 && sizeof(Lane) % sizeof(double) == 0,
                  "Coef and Lane hold R words");
    static_assert(std::is_trivially_copyable_v<Coef> && std::is_trivially_copyable_v<Lane>);
    table.coef_bytes = sizeof(Coef);
    table.lane_words = kLaneWords<I>;
    table.ago = I::kAgo;
    table.inputs = I::kIn;
    table.coef = [](const void* params, void* coef) {
      const Coef made = I::coef(*static_cast<const Params*>(params));
      std::memcpy(coef, &made, sizeof made);
    };
    table.scalar = run_recurrence<I, double>;
    if constexpr (kLanes > 1) {
      static_assert(sizeof(typename I::template Lane<Lanes>) == sizeof(Lane) * kLanes, "Lane holds R words only");
      static_assert(sizeof(typename I::template Coef<Lanes>) == sizeof(Coef) * kLanes, "Coef holds R words only");
      table.pack = run_recurrence<I, Lanes>;
      table.pack_lanes = kLanes;
    }
    table.launch_parameters = [](const Exec& exec, const ParameterBlock& block) {
      with_output<I::kOut>(block.output, [&](auto output) {
        RecurrenceItem<I, decltype(output)::value> item{};
        for (int f = 0; f < kInputCount<I>; ++f) item.values[f] = block.in[f].values;
        item.coefs = static_cast<const double*>(block.coefs);
        item.lanes = block.lanes;
        item.out = block.out;
        item.sets = block.sets;
        item.row = block.row;
        item.count = block.count;
        item.steady_from = block.steady_from;
        launch(exec, Name::launch_name(), block.sets, item, 64);
      });
    };
  } else if constexpr (kind == IndicatorKind::window && requires { typename I::Cache; }) {
    table.inputs = I::kIn;
    table.make_cache = [](const void* params) -> std::shared_ptr<void> {
      return std::make_shared<typename I::Cache>(*static_cast<const Params*>(params));
    };
    table.cached_window = run_cached_window<I>;
  } else if constexpr (kind == IndicatorKind::window) {
    using Coef = typename I::Coef;
    static_assert(std::is_trivially_copyable_v<Coef>);
    table.coef_bytes = sizeof(Coef);
    table.inputs = I::kIn;
    table.coef = [](const void* params, void* coef) {
      const Coef made = I::coef(*static_cast<const Params*>(params));
      std::memcpy(coef, &made, sizeof made);
    };
    table.window = run_window<I>;
    table.launch_parameters = [](const Exec& exec, const ParameterBlock& block) {
      with_output<I::kOut>(block.output, [&](auto output) {
        WindowItem<I, decltype(output)::value> item{};
        for (int f = 0; f < kInputCount<I>; ++f) item.in[f] = block.in[f];
        item.coefs = static_cast<const Coef*>(block.coefs);
        item.out = block.out;
        item.sets = static_cast<uint32_t>(block.sets);
        launch(exec, Name::launch_name(), block.count * block.sets, item);
      });
    };
  } else if constexpr (kind == IndicatorKind::tick && requires { typename I::template Lane<double>; }) {
    using Coef = typename I::template Coef<double>;
    using Lane = typename I::template Lane<double>;
    static_assert(std::is_trivially_copyable_v<Coef> && std::is_trivially_copyable_v<Lane>);
    table.coef_bytes = sizeof(Coef);
    table.lane_words = kLaneWords<I>;
    table.ago = ago_of<I>();
    table.coef = [](const void* params, void* coef) {
      const Coef made = I::coef(*static_cast<const Params*>(params));
      std::memcpy(coef, &made, sizeof made);
    };
    table.ticks = run_tick_recurrence<I>;
    table.launch_ticks = [](const Exec& exec, const TickBlock& block) {
      TickSeriesItem<I> item{};
      for (int f = 0; f < kTickInputCount<I>; ++f) item.in[f] = {block.columns[f]};
      std::memcpy(&item.coef, block.coef, sizeof(Coef));
      item.lane_words = block.lane;
      item.ends = block.ends;
      item.first = block.first;
      item.bars = block.bars;
      item.out = block.out;
      launch(exec, Name::launch_name(), 1, item, 32);
    };
  } else if constexpr (kind == IndicatorKind::tick) {
    using Coef = typename I::Coef;
    static_assert(std::is_trivially_copyable_v<Coef>);
    table.coef_bytes = sizeof(Coef);
    table.ago = ago_of<I>();
    table.coef = [](const void* params, void* coef) {
      const Coef made = I::coef(*static_cast<const Params*>(params));
      std::memcpy(coef, &made, sizeof made);
    };
    table.ticks = run_ticks<I>;
    table.launch_ticks = [](const Exec& exec, const TickBlock& block) {
      TickItem<I> item{};
      for (int f = 0; f < kTickInputCount<I>; ++f) item.in[f] = {block.columns[f]};
      std::memcpy(&item.coef, block.coef, sizeof(Coef));
      item.ends = block.ends;
      item.first = block.first;
      item.out = block.out;
      launch(exec, Name::launch_name(), block.bars, item);
    };
  }
  return table;
}

template <class S, class Params, class Name>
Stage stage_of() {
  static const FrameTable frames = frame_table<S, Params, Name>();
  Stage stage{kind_of<S>(), S::kOut, &frames, nullptr, {}};
  stage.lookback = [](const void* params) -> int64_t { return S::lookback(*static_cast<const Params*>(params)); };
  if constexpr (kind_of<S>() == IndicatorKind::tick) stage.ticks = S::kTicks;
  return stage;
}

template <class Params, class Name, class... S>
FrameTable chain_table(Chain<S...>) {
  static_assert(sizeof...(S) >= 2, "a chain has at least two stages");
  static const Stage stages[] = {stage_of<S, Params, Name>()...};
  FrameTable table;
  table.stages = stages;
  return table;
}

/// Rows that are not ready: of a chain the sum of its stages'.
template <class Params, class... S>
int64_t chain_lookback(Chain<S...>, const Params& params) {
  return (int64_t{0} + ... + S::lookback(params));
}

/// The catalogue entry of I, which must carry launch_name() (TF_INDICATOR adds it).
template <class I>
const IndicatorEntry& indicator_entry(const char* name, const char* help) {
  using Params = typename I::Params;
  static const FrameTable frames = [] {
    if constexpr (kind_of<I>() == IndicatorKind::chain)
      return chain_table<Params, I>(typename I::Stages{});
    else {
      FrameTable table = frame_table<I, Params, I>();
#if defined(TF_HAS_PACK)
      if constexpr (kind_of<I>() == IndicatorKind::recurrence) add_recurrence_frames<I>(table);
      if constexpr (kind_of<I>() == IndicatorKind::window && !requires { typename I::Cache; })
        add_window_frames<I>(table);
#endif
      return table;
    }
  }();
  static const std::vector<BarColumn> bar_inputs = raw_bar_columns(frames);
  static const IndicatorEntry entry = [&] {
    IndicatorEntry made{};
    made.name = name;
    made.help = help;
    made.source = I::kSource;
    made.kind = kind_of<I>();
    made.stability = I::kStability;
    made.params = params_type<Params>();
    made.outputs = I::kOut;
    static_assert(std::size(I::kOutputs) == I::kOut);
    made.outputs_of = I::kOutputs;
    made.bar_inputs = bar_inputs;
    if constexpr (kind_of<I>() == IndicatorKind::tick) made.tick_inputs = I::kTicks;
    if constexpr (kind_of<I>() == IndicatorKind::chain) {
      made.tick_inputs = frames.stages[0].ticks;
      made.lookback = [](const void* params) -> int64_t {
        return chain_lookback(typename I::Stages{}, *static_cast<const Params*>(params));
      };
    } else {
      made.lookback = [](const void* params) -> int64_t { return I::lookback(*static_cast<const Params*>(params)); };
    }
    made.frames = &frames;
    return made;
  }();
  return entry;
}

}  // namespace TF_LEVEL
}  // namespace tf::series

namespace tf::indicators {
using namespace tf::series;
}  // namespace tf::indicators

/// The last line of an indicator's file: its entry for the level of this translation unit.
#define TF_INDICATOR(NAME, STRUCT, HELP)                                                \
  namespace tf::indicators {                                                            \
  inline namespace TF_LEVEL {                                                           \
  struct Named##STRUCT : STRUCT {                                                       \
    static constexpr const char* launch_name() { return "indicator." #NAME; }           \
  };                                                                                    \
  }                                                                                     \
  }                                                                                     \
  namespace tf::indicator_catalogue {                                                   \
  const Entry& TF_CONCAT(tf_indicator_##NAME##_, TF_LEVEL)();                           \
  const Entry& TF_CONCAT(tf_indicator_##NAME##_, TF_LEVEL)() {                          \
    return ::tf::series::indicator_entry<::tf::indicators::Named##STRUCT>(#NAME, HELP); \
  }                                                                                     \
  }
