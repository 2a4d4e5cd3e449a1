// Force index: the exponential average of change of the close times volume, seeded by the mean of the first `period`.
#include "cuda/indicators/stages.hpp"

namespace tf::indicators {
inline namespace TF_LEVEL {

struct ForceIndex : Smoothing {
  using Params = SmoothingParams<13>;
  static constexpr series::Input kIn[] = {series::change(series::kClose), series::kVolume};
  static constexpr int kOut = 1, kAgo = 0;
  static constexpr series::Stability kStability = series::Stability::converging;
  static constexpr const char* kSource = "A. Elder, Trading for a Living, 1993";
  static constexpr series::Output kOutputs[] = {{"value", "ticks lots"}};
  template <class R>
  struct Lane {
    R mean;
  };
  static int64_t lookback(const Params& params) { return params.period; }
  template <class R, class In>
  TF_HD static void step(Lane<R>& lane, const Coef<R>& coef, const In& in, R* out) {
    const R weight = in.ramp(coef.weight, coef.period, R(1.0));
    lane.mean = fma_(R(1.0) - weight, lane.mean, weight * (in.now(0) * in.now(1)));
    out[0] = lane.mean;
  }
};

}  // namespace TF_LEVEL
}  // namespace tf::indicators

TF_INDICATOR(force_index, ForceIndex, "average of the close's change times volume")
