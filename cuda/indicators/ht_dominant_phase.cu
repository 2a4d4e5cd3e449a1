// Phase of the dominant cycle of the close in degrees (Ehlers, 2001). As TA-Lib's HT_DCPHASE. Differs from TA-Lib in
// the first 24 ready rows alone, whose cycles may reach before row 37: TA-Lib counts smoothed prices before that row as
// 0.
#include "cuda/indicators/hilbert.hpp"

namespace tf::indicators {
inline namespace TF_LEVEL {

struct HtDominantPhase {
  using Params = NoParams;
  static constexpr Input kIn[] = {kClose};
  static constexpr int kOut = 1, kAgo = kLongestCycle + kWeightedReach;
  static constexpr bool kDoubleOnly = true;
  static constexpr Stability kStability = Stability::converging;
  static constexpr const char* kSource = "J. F. Ehlers, Rocket Science for Traders, 2001";
  static constexpr Output kOutputs[] = {{"value", "degrees", -45, 315}};
  template <class R>
  struct Coef {
    R start;
  };
  template <class R>
  struct Lane {
    Cycle<R> cycle;
  };

  static int64_t lookback(const Params&) { return 63; }
  static Coef<double> coef(const Params&) { return {37.0}; }
  template <class R, class In>
  TF_HD static void step(Lane<R>& lane, const Coef<R>& coef, const In& in, R* out) {
    const R one = R(1.0), begun = in.ramp(one, R(0.0), coef.start);
    advance(lane.cycle, weighted_price<R>(in, 0), begun);
    out[0] = dominant_phase(lane.cycle, in);
  }
};

}  // namespace TF_LEVEL
}  // namespace tf::indicators

TF_INDICATOR(ht_dominant_phase, HtDominantPhase, "phase of the dominant cycle")
