// Length of the dominant cycle of the close in bars (Ehlers, 2001), by Hilbert transform. As TA-Lib's HT_DCPERIOD.
#include "cuda/indicators/hilbert.hpp"

namespace tf::indicators {
inline namespace TF_LEVEL {

struct HtDominantPeriod {
  using Params = NoParams;
  static constexpr Input kIn[] = {kClose};
  static constexpr int kOut = 1, kAgo = 3;
  static constexpr bool kDoubleOnly = true;
  static constexpr Stability kStability = Stability::converging;
  static constexpr const char* kSource = "J. F. Ehlers, Rocket Science for Traders, 2001";
  static constexpr Output kOutputs[] = {{"value", "bars", 0, 50}};
  template <class R>
  struct Coef {
    R start;
  };
  template <class R>
  struct Lane {
    Cycle<R> cycle;
  };

  static int64_t lookback(const Params&) { return 32; }
  static Coef<double> coef(const Params&) { return {12.0}; }
  template <class R, class In>
  TF_HD static void step(Lane<R>& lane, const Coef<R>& coef, const In& in, R* out) {
    const R one = R(1.0), begun = in.ramp(one, R(0.0), coef.start);
    advance(lane.cycle, weighted_price<R>(in, 0), begun);
    out[0] = lane.cycle.smooth_period;
  }
};

}  // namespace TF_LEVEL
}  // namespace tf::indicators

TF_INDICATOR(ht_dominant_period, HtDominantPeriod, "length of the dominant cycle")
