// Trend or cycle (Ehlers, 2001): 1 in a trend, 0 in a cycle. A cycle is what followed the last crossing of the sine
// lines for less than half a cycle, and where the phase advances at about the cycle's rate; a smoothed price 1.5
// percent off the trend line is a trend. As TA-Lib's HT_TRENDMODE, but for the first rows (see ht_dominant_phase.cu).
#include "cuda/indicators/hilbert.hpp"

namespace tf::indicators {
inline namespace TF_LEVEL {

struct HtTrendmode {
  using Params = NoParams;
  static constexpr Input kIn[] = {kClose};
  static constexpr int kOut = 1, kAgo = kLongestCycle + kWeightedReach;
  static constexpr bool kDoubleOnly = true;
  static constexpr Stability kStability = Stability::converging;
  static constexpr const char* kSource = "J. F. Ehlers, Rocket Science for Traders, 2001";
  static constexpr Output kOutputs[] = {{"value", "", 0, 1}};
  template <class R>
  struct Coef {
    R start;
  };
  template <class R>
  struct Lane {
    Cycle<R> cycle;
    R mean[3], phase, sine, lead, bars;
  };

  static int64_t lookback(const Params&) { return 63; }
  static Coef<double> coef(const Params&) { return {37.0}; }
  template <class R, class In>
  TF_HD static void step(Lane<R>& lane, const Coef<R>& coef, const In& in, R* out) {
    const R one = R(1.0), begun = in.ramp(one, R(0.0), coef.start);
    const R zero = R(0.0), price = weighted_price<R>(in, 0);
    advance(lane.cycle, price, begun);
    const R period = lane.cycle.smooth_period, phase = begun * dominant_phase(lane.cycle, in);
    const R sine = begun * sin_(phase * R(1.0 / kDegrees)), lead = begun * sin_((phase + R(45.0)) * R(1.0 / kDegrees));
    const R mean = begun * cycle_mean(lane.cycle, in);
    const R older = fma_(R(2.0), lane.mean[1], lane.mean[2]);
    const R line = fma_(R(4.0), mean, fma_(R(3.0), lane.mean[0], older)) / R(10.0);
    shift_in(lane.mean, mean);
    const Mask<R> up = and_(sine > lead, lane.sine <= lane.lead), down = and_(sine < lead, lane.sine >= lane.lead);
    const Mask<R> crosses = or_(up, down);
    lane.bars = begun * (select(crosses, zero, lane.bars) + one);
    const R advanced = phase - lane.phase, rate = R(360.0) / max_(period, R(0.01));
    const Mask<R> cycles = and_(advanced > R(0.67) * rate, advanced < R(1.5) * rate);
    const Mask<R> young = or_(crosses, lane.bars < R(0.5) * period);
    const Mask<R> far = and_(line != zero, abs_(price - line) >= R(0.015) * abs_(line));
    out[0] = select(far, one, select(or_(young, cycles), zero, one));
    lane.phase = phase;
    lane.sine = sine;
    lane.lead = lead;
  }
};

}  // namespace TF_LEVEL
}  // namespace tf::indicators

TF_INDICATOR(ht_trendmode, HtTrendmode, "1 in a trend, 0 in a cycle")
