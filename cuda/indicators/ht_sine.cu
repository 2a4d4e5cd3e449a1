// Sine of the dominant cycle's phase, and of the phase 45 degrees on (Ehlers, 2001): they cross ahead of the cycle's
// turns. As TA-Lib's HT_SINE. Differs from TA-Lib in the first 24 ready rows alone, whose cycles may reach before row
// 37: TA-Lib counts smoothed prices before that row as 0.
#include "cuda/indicators/hilbert.hpp"

namespace tf::indicators {
inline namespace TF_LEVEL {

struct HtSine {
  using Params = NoParams;
  static constexpr Input kIn[] = {kClose};
  static constexpr int kOut = 2, kAgo = kLongestCycle + kWeightedReach;
  static constexpr bool kDoubleOnly = true;
  static constexpr Stability kStability = Stability::converging;
  static constexpr const char* kSource = "J. F. Ehlers, Rocket Science for Traders, 2001";
  static constexpr Output kOutputs[] = {{"sine", "ratio", -1, 1}, {"lead", "ratio", -1, 1}};
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
    const R phase = dominant_phase(lane.cycle, in);
    out[0] = sin_(phase * R(1.0 / kDegrees));
    out[1] = sin_((phase + R(45.0)) * R(1.0 / kDegrees));
  }
};

}  // namespace TF_LEVEL
}  // namespace tf::indicators

TF_INDICATOR(ht_sine, HtSine, "sine of the dominant cycle's phase, now and 45 degrees ahead")
