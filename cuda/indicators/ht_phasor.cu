// In-phase and quadrature components of the dominant cycle of the close (Ehlers, 2001). As TA-Lib's HT_PHASOR.
#include "cuda/indicators/hilbert.hpp"

namespace tf::indicators {
inline namespace TF_LEVEL {

struct HtPhasor {
  using Params = NoParams;
  static constexpr Input kIn[] = {kClose};
  static constexpr int kOut = 2, kAgo = 3;
  static constexpr bool kDoubleOnly = true;
  static constexpr Stability kStability = Stability::converging;
  static constexpr const char* kSource = "J. F. Ehlers, Rocket Science for Traders, 2001";
  static constexpr Output kOutputs[] = {{"in_phase", "ticks"}, {"quadrature", "ticks"}};
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
    const Phasor<R> phasor = advance(lane.cycle, weighted_price<R>(in, 0), begun);
    out[0] = phasor.in_phase;
    out[1] = phasor.quadrature;
  }
};

}  // namespace TF_LEVEL
}  // namespace tf::indicators

TF_INDICATOR(ht_phasor, HtPhasor, "components of the dominant cycle, in ticks")
