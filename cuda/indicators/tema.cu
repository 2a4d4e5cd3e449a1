// Triple exponential moving average of the close (Mulloy, 1994): 3 EMA - 3 EMA(EMA) + EMA(EMA(EMA)). Seeded as TA-Lib's
// TEMA: each average by the mean of the first `period` values it sees.
#include "cuda/indicators/stages.hpp"

namespace tf::indicators {
inline namespace TF_LEVEL {

struct Tema : Smoothing {
  using Params = SmoothingParams<30>;
  static constexpr Input kIn[] = {kClose};
  static constexpr int kOut = 1, kAgo = 0;
  static constexpr Stability kStability = Stability::converging;
  static constexpr const char* kSource = "P. Mulloy, Smoothing Data with Less Lag, 1994";
  static constexpr Output kOutputs[] = {{"value", "ticks"}};
  template <class R>
  struct Lane {
    R once, twice, thrice;
  };

  static int64_t lookback(const Params& params) { return 3 * (int64_t{params.period} - 1); }
  template <class R, class In>
  TF_HD static void step(Lane<R>& lane, const Coef<R>& coef, const In& in, R* out) {
    const R one = R(1.0), gap = coef.period - one, weight = in.ramp(coef.weight, coef.period);
    const R second = in.ramp(coef.weight, coef.period, gap), third = in.ramp(coef.weight, coef.period, gap + gap);
    lane.once = fma_(one - weight, lane.once, weight * in.now(0));
    lane.twice = fma_(one - second, lane.twice, second * lane.once);
    lane.thrice = fma_(one - third, lane.thrice, third * lane.twice);
    out[0] = fma_(R(3.0), lane.once - lane.twice, lane.thrice);
  }
};

}  // namespace TF_LEVEL
}  // namespace tf::indicators

TF_INDICATOR(tema, Tema, "triple exponential moving average of the close, in ticks")
