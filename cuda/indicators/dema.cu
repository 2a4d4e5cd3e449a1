// Double exponential moving average of the close (Mulloy, Technical Analysis of Stocks and Commodities, 1994): twice
// the EMA less the EMA of it. Seeded as TA-Lib's DEMA: each average by the mean of the first `period` values it sees.
#include "cuda/indicators/stages.hpp"

namespace tf::indicators {
inline namespace TF_LEVEL {

struct Dema : Smoothing {
  using Params = SmoothingParams<30>;
  static constexpr Input kIn[] = {kClose};
  static constexpr int kOut = 1, kAgo = 0;
  static constexpr Stability kStability = Stability::converging;
  static constexpr const char* kSource = "P. Mulloy, Smoothing Data with Faster Moving Averages, 1994";
  static constexpr Output kOutputs[] = {{"value", "ticks"}};
  template <class R>
  struct Lane {
    R once, twice;
  };

  static int64_t lookback(const Params& params) { return 2 * (int64_t{params.period} - 1); }
  template <class R, class In>
  TF_HD static void step(Lane<R>& lane, const Coef<R>& coef, const In& in, R* out) {
    const R one = R(1.0), weight = in.ramp(coef.weight, coef.period);
    const R second = in.ramp(coef.weight, coef.period, coef.period - one);
    lane.once = fma_(one - weight, lane.once, weight * in.now(0));
    lane.twice = fma_(one - second, lane.twice, second * lane.once);
    out[0] = fma_(R(2.0), lane.once, -lane.twice);
  }
};

}  // namespace TF_LEVEL
}  // namespace tf::indicators

TF_INDICATOR(dema, Dema, "double exponential moving average of the close, in ticks")
