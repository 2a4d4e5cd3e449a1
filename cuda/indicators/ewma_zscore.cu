// Z-score of the close against its exponentially weighted mean and variance, both with this bar; 0 where the variance
// is no more than rounding leaves of it while closes stand. The first `period` bars count alike (population variance),
// then the weight is 2 / (period + 1). The variance is carried about the mean, so nothing cancels.
#include "cuda/indicators/stages.hpp"

namespace tf::indicators {
inline namespace TF_LEVEL {

struct EwmaZscore {
  using Params = SmoothingParams<20, 2>;
  static constexpr series::Input kIn[] = {series::kClose};
  static constexpr int kOut = 1, kAgo = 0;
  static constexpr series::Stability kStability = series::Stability::converging;
  static constexpr const char* kSource = "T. Finch, Incremental Calculation of Weighted Mean and Variance, 2009";
  static constexpr series::Output kOutputs[] = {{"value", ""}};
  template <class R>
  struct Coef {
    R weight, period, floor;
  };
  template <class R>
  struct Lane {
    R mean, variance;
  };
  static int64_t lookback(const Params& params) { return params.period - 1; }
  static Coef<double> coef(const Params& params) {
    const double weight = 2.0 / (params.period + 1.0);
    return {weight, double(params.period), 1e-30 / (weight * weight)};
  }
  template <class R, class In>
  TF_HD static void step(Lane<R>& lane, const Coef<R>& coef, const In& in, R* out) {
    const R price = in.now(0), weight = in.ramp(coef.weight, coef.period), keep = R(1.0) - weight, zero = R(0.0);
    const R away = price - lane.mean, step = weight * away;
    lane.mean = fma_(weight, away, lane.mean);
    lane.variance = keep * fma_(away, step, lane.variance);
    const R floor = coef.floor * (price * price);
    out[0] = select(lane.variance <= floor, zero, keep * away / sqrt_(lane.variance));
  }
};

}  // namespace TF_LEVEL
}  // namespace tf::indicators

TF_INDICATOR(ewma_zscore, EwmaZscore, "distance of the close from its exponential mean in standard deviations")
