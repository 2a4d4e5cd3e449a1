// The contract of a strategy author. strategies/NAME.cu holds one struct and ends with TF_STRATEGY(NAME, Struct,
// "help"):
//
//   struct Name {
//     struct Params { ... static std::span<const Field> fields(); };
//     static constexpr bool kUsesSignal = false;
//     template <class R> struct Coef { R ...; };  // R members only: constants of a lane, from its parameters
//     template <class R> struct Lane { R ...; };  // R members only, zero at the start: what the strategy remembers
//     static Coef<double> coef(const Params&);
//     template <class R> TF_HD static void decide(const Coef<R>&, Lane<R>&, const Now<R>&, Desired<R>&);
//   };
//
// R is double or a Pack of lanes: branches are select(mask, a, b). The struct stands in tf::strategies, in the inline
// namespace TF_LEVEL, so that its compilations for different levels stay apart.
#pragma once
#include "cuda/base/host_device.hpp"
#include "cuda/base/pack.hpp"

namespace tf::market {
inline namespace TF_LEVEL {

/// What a strategy may know at a decision. There is no way to ask for more.
template <class R>
struct Now {
  R time;           ///< ns since midnight UTC of the date of the day's first tick
  R bid, ask, mid;  ///< ticks; the touch as received by now
  R signal;         ///< of this lane; NaN = no opinion
  R position;       ///< lots, as reported by now
  R in_flight;      ///< lots sent and not yet reported; a decision made meanwhile sends nothing
  R age;            ///< decisions since the reported position last changed, 0 at the first that knows it
};

/// What it wants. Filled with "keep what there is" before decide() is called.
template <class R>
struct Desired {
  R target;      ///< lots, rounded to a whole number and bounded by max_position_lots; NaN = keep
  R stop_ticks;  ///< from the entry's fill price; 0 = none. The bracket travels with the order that opens, adds or
                 ///< turns.
  R take_ticks;
};

}  // namespace TF_LEVEL
}  // namespace tf::market

#include "cuda/market/lane_loop.hpp"

#define TF_STRATEGY(name, Struct, help)                                                          \
  namespace tf::strategy_catalogue {                                                             \
  const Entry& TF_CONCAT(tf_strategy_##name##_, TF_LEVEL)();                                     \
  const Entry& TF_CONCAT(tf_strategy_##name##_, TF_LEVEL)() {                                    \
    static const Entry entry = {#name, help, params_type<Struct::Params>(), Struct::kUsesSignal, \
                                &market::kLaneProgram<Struct>};                                  \
    return entry;                                                                                \
  }                                                                                              \
  }
