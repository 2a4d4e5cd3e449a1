// What an indicator's file includes. An indicator is a plain struct in namespace tf::indicators; the frames make lanes,
// chunks, streams and launches out of its one step(), all to the same bits.
//
//   every kind    struct Params (described fields); kOut, and kOutputNames if kOut > 1; kStability;
//                 static int64_t lookback(const Params&)   rows that are NaN at the start of a series
//   recurrence    kIn[] (Input), kAgo = reach of ago(); template<class R> struct Coef and struct Lane of R members
//   only;
//                 static Coef<double> coef(const Params&);  a Lane starts as zeros
//                 template<class R, class In> TF_HD static void step(Lane<R>&, const Coef<R>&, const In& in, R* out)
//   window        no Lane; kIn[] with services; a plain struct Coef {int64_t period; ...}: it is the same for all
//   lanes;
//                 step(const Coef&, const In& in, R* out), reading at most lookback rows back
//   tick          kTicks[] (TickColumn) and kTerms; step(const Coef&, const In& in, R* terms) is the contribution of a
//                 tick; finish(const Coef&, const R* sums, R ticks, R* out) makes the bar's value of the terms' sums
//
// Non-finite inputs never crash and never reach rows before them. A recurrence that met one stays non-finite until
// reset; a window is itself again when the value has left it; a tick fold is spoilt for its bar alone.
#pragma once
#include <array>
#include <cstddef>
#include <type_traits>

#include "cuda/series/catalogue.hpp"
#include "cuda/series/frame_bodies.hpp"

namespace tf::series {
inline namespace TF_LEVEL {

template <class I>
constexpr IndicatorKind kind_of() {
  if constexpr (requires { I::kTicks; })
    return IndicatorKind::tick;
  else if constexpr (requires { typename I::template Lane<double>; })
    return IndicatorKind::recurrence;
  else
    return IndicatorKind::window;
}

template <class I>
struct BarInputs {
  static constexpr auto make() {
    std::array<BarColumn, std::size(I::kIn)> columns{};
    for (std::size_t f = 0; f < columns.size(); ++f) columns[f] = I::kIn[f].column;
    return columns;
  }
  static constexpr auto columns = make();
};

inline constexpr const char* kSingleOutput[] = {"value"};

/// Calls launch_one with `output` as a compile-time constant.
template <int kOutputs, class LaunchOne, int kOutput = 0>
void with_output(int output, const LaunchOne& launch_one) {
  if (output == kOutput) return launch_one(std::integral_constant<int, kOutput>{});
  if constexpr (kOutput + 1 < kOutputs) with_output<kOutputs, LaunchOne, kOutput + 1>(output, launch_one);
}

template <class I>
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
      const Coef made = I::coef(*static_cast<const typename I::Params*>(params));
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
        launch(exec, I::launch_name(), block.sets, item, 64);
      });
    };
  } else if constexpr (kind == IndicatorKind::window) {
    using Coef = typename I::Coef;
    static_assert(std::is_trivially_copyable_v<Coef>);
    table.coef_bytes = sizeof(Coef);
    table.inputs = I::kIn;
    table.coef = [](const void* params, void* coef) {
      const Coef made = I::coef(*static_cast<const typename I::Params*>(params));
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
        launch(exec, I::launch_name(), block.count * block.sets, item);
      });
    };
  } else {
    using Coef = typename I::Coef;
    static_assert(std::is_trivially_copyable_v<Coef>);
    table.coef_bytes = sizeof(Coef);
    table.coef = [](const void* params, void* coef) {
      const Coef made = I::coef(*static_cast<const typename I::Params*>(params));
      std::memcpy(coef, &made, sizeof made);
    };
    table.ticks = run_ticks<I>;
    table.launch_ticks = [](const Exec& exec, const TickBlock& block) {
      TickItem<I> item{};
      for (int f = 0; f < kTickInputCount<I>; ++f) item.in[f] = {block.columns[f], nullptr};
      std::memcpy(&item.coef, block.coef, sizeof(Coef));
      item.ends = block.ends;
      item.first = block.first;
      item.out = block.out;
      launch(exec, I::launch_name(), block.bars, item);
    };
  }
  return table;
}

/// The catalogue entry of I, which must carry launch_name() (TF_INDICATOR adds it).
template <class I>
const IndicatorEntry& indicator_entry(const char* name, const char* help) {
  static const FrameTable frames = frame_table<I>();
  static const IndicatorEntry entry = [&] {
    IndicatorEntry made{};
    made.name = name;
    made.help = help;
    made.kind = kind_of<I>();
    made.stability = I::kStability;
    made.params = params_type<typename I::Params>();
    made.outputs = I::kOut;
    if constexpr (I::kOut > 1) {
      static_assert(std::size(I::kOutputNames) == I::kOut);
      made.output_names = I::kOutputNames;
    } else {
      made.output_names = kSingleOutput;
    }
    if constexpr (kind_of<I>() == IndicatorKind::tick)
      made.tick_inputs = I::kTicks;
    else
      made.bar_inputs = BarInputs<I>::columns;
    made.lookback = [](const void* params) -> int64_t {
      return I::lookback(*static_cast<const typename I::Params*>(params));
    };
    made.frames = &frames;
    return made;
  }();
  return entry;
}

}  // namespace TF_LEVEL
}  // namespace tf::series

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
