// Instantaneous trend line (Ehlers, 2001): the mean of the closes over the dominant cycle, which leaves the cycle out,
// smoothed over four bars. As TA-Lib's HT_TRENDLINE.
#include "cuda/indicators/hilbert.hpp"

namespace tf::indicators {
inline namespace TF_LEVEL {

struct HilbertTrendline {
  using Params = NoParams;
  static constexpr Input kIn[] = {kClose};
  static constexpr int kOut = 1, kAgo = kLongestCycle + kWeightedReach;
  static constexpr bool kDoubleOnly = true;
  static constexpr Stability kStability = Stability::converging;
  static constexpr const char* kSource = "J. F. Ehlers, Rocket Science for Traders, 2001";
  static constexpr Output kOutputs[] = {{"value", "ticks"}};
  template <class R>
  struct Coef {
    R start;
  };
  template <class R>
  struct Lane {
    Cycle<R> cycle;
    R mean[3];
  };

  static int64_t lookback(const Params&) { return 63; }
  static Coef<double> coef(const Params&) { return {37.0}; }
  template <class R, class In>
  TF_HD static void step(Lane<R>& lane, const Coef<R>& coef, const In& in, R* out) {
    const R one = R(1.0), begun = in.ramp(one, R(0.0), coef.start);
    advance(lane.cycle, weighted_price<R>(in, 0), begun);
    const R mean = begun * cycle_mean(lane.cycle, in);
    const R older = fma_(R(2.0), lane.mean[1], lane.mean[2]);
    const R line = fma_(R(4.0), mean, fma_(R(3.0), lane.mean[0], older)) / R(10.0);
    shift_in(lane.mean, mean);
    out[0] = line;
  }
};

}  // namespace TF_LEVEL
}  // namespace tf::indicators

TF_INDICATOR(hilbert_trendline, HilbertTrendline, "the close without its dominant cycle, in ticks")
