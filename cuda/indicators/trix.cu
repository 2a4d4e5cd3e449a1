// TRIX (Hutson, 1983): the change in percent from bar to bar of the EMA of the EMA of the EMA of the close. Seeded as
// TA-Lib's TRIX: each average by the mean of the first `period` values it sees. 0 where the average was 0.
#include "cuda/indicators/stages.hpp"

namespace tf::indicators {
inline namespace TF_LEVEL {

struct Trix : Smoothing {
  using Params = SmoothingParams<30>;
  static constexpr Input kIn[] = {kClose};
  static constexpr int kOut = 1, kAgo = 0;
  static constexpr Stability kStability = Stability::converging;
  static constexpr const char* kSource = "J. K. Hutson, Good TRIX, 1983";
  static constexpr Output kOutputs[] = {{"value", "percent"}};
  template <class R>
  struct Lane {
    R once, twice, thrice;
  };

  static int64_t lookback(const Params& params) { return 3 * (int64_t{params.period} - 1) + 1; }
  template <class R, class In>
  TF_HD static void step(Lane<R>& lane, const Coef<R>& coef, const In& in, R* out) {
    const R zero = R(0.0), one = R(1.0), gap = coef.period - one, weight = in.ramp(coef.weight, coef.period);
    const R second = in.ramp(coef.weight, coef.period, gap), third = in.ramp(coef.weight, coef.period, gap + gap);
    const R before = lane.thrice;
    lane.once = fma_(one - weight, lane.once, weight * in.now(0));
    lane.twice = fma_(one - second, lane.twice, second * lane.once);
    lane.thrice = fma_(one - third, lane.thrice, third * lane.twice);
    out[0] = select(before == zero, zero, R(100.0) * (lane.thrice - before) / before);
  }
};

}  // namespace TF_LEVEL
}  // namespace tf::indicators

TF_INDICATOR(trix, Trix, "change of the triple exponential average, in percent a bar")
