// Elder-ray (Elder, 1993): how far the bar's high and low lie above the EMA of the close. As TA-Lib's ERI.
#include "cuda/indicators/stages.hpp"

namespace tf::indicators {
inline namespace TF_LEVEL {

struct ElderRay : Smoothing {
  using Params = SmoothingParams<13>;
  static constexpr Input kIn[] = {kClose, kHigh, kLow};
  static constexpr int kOut = 2, kAgo = 0;
  static constexpr Stability kStability = Stability::converging;
  static constexpr const char* kSource = "A. Elder, Trading for a Living, 1993";
  static constexpr Output kOutputs[] = {{"bull_power", "ticks"}, {"bear_power", "ticks"}};
  template <class R>
  struct Lane {
    R mean;
  };

  template <class R, class In>
  TF_HD static void step(Lane<R>& lane, const Coef<R>& coef, const In& in, R* out) {
    const R weight = in.ramp(coef.weight, coef.period);
    lane.mean = fma_(R(1.0) - weight, lane.mean, weight * in.now(0));
    out[0] = in.now(1) - lane.mean;
    out[1] = in.now(2) - lane.mean;
  }
};

}  // namespace TF_LEVEL
}  // namespace tf::indicators

TF_INDICATOR(elder_ray, ElderRay, "high and low of the bar less the average close, in ticks")
