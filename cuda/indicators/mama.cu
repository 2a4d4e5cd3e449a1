// MESA adaptive moving average of the close and its follower (Ehlers, 2001): the weight of a bar is fast_limit over the
// degrees by which the cycle's phase fell since the bar before, within [slow_limit, fast_limit]; the follower takes
// half of it. As TA-Lib's MAMA, except that both averages start from the price instead of from 0, which TA-Lib's still
// remember when they are ready.
#include "cuda/indicators/hilbert.hpp"

namespace tf::indicators {
inline namespace TF_LEVEL {

struct Mama {
  struct Params {
    double fast_limit = 0.5, slow_limit = 0.05;
    static std::span<const Field> fields() {
      using P = Params;
      static const Field table[] = {TF_FIELD(P, fast_limit, 0.01, 0.99, "", "largest weight"),
                                    TF_FIELD(P, slow_limit, 0.01, 0.99, "", "smallest weight")};
      return table;
    }
  };
  static constexpr Input kIn[] = {kClose};
  static constexpr int kOut = 2, kAgo = 3;
  static constexpr bool kDoubleOnly = true;
  static constexpr Stability kStability = Stability::converging;
  static constexpr const char* kSource = "J. F. Ehlers, MESA Adaptive Moving Averages, 2001";
  static constexpr Output kOutputs[] = {{"mama", "ticks"}, {"fama", "ticks"}};
  template <class R>
  struct Coef {
    R start, fast, slow;
  };
  template <class R>
  struct Lane {
    Cycle<R> cycle;
    R phase, mean, follower;
  };

  static int64_t lookback(const Params&) { return 32; }
  static Coef<double> coef(const Params& params) { return {12.0, params.fast_limit, params.slow_limit}; }
  template <class R, class In>
  TF_HD static void step(Lane<R>& lane, const Coef<R>& coef, const In& in, R* out) {
    const R one = R(1.0), begun = in.ramp(one, R(0.0), coef.start);
    const R zero = R(0.0), price = in.now(0);
    const Phasor<R> phasor = advance(lane.cycle, weighted_price<R>(in, 0), begun);
    const R phase = select(phasor.in_phase == zero, zero, R(kDegrees) * atan_(phasor.quadrature / phasor.in_phase));
    const R weight = max_(coef.fast / max_(lane.phase - phase, one), coef.slow);
    lane.phase = phase;
    const R taken = select(begun > zero, select(lane.mean == zero, one, weight), zero);
    lane.mean = fma_(one - taken, lane.mean, taken * price);
    const R half = select(lane.follower == zero, taken, R(0.5) * taken);
    lane.follower = fma_(one - half, lane.follower, half * lane.mean);
    out[0] = lane.mean;
    out[1] = lane.follower;
  }
};

}  // namespace TF_LEVEL
}  // namespace tf::indicators

TF_INDICATOR(mama, Mama, "MESA adaptive moving average and its follower, in ticks")
