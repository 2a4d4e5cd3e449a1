// Wilder's smoothed average of the close (RMA, SMMA): the mean of the first `period` closes, then weight 1 / period. As
// TA-Lib's RMA.
#include "cuda/series/indicator.hpp"

namespace tf::indicators {
inline namespace TF_LEVEL {

struct WilderAverage {
  struct Params {
    int period = 14;
    static std::span<const Field> fields() {
      using P = Params;
      static const Field table[] = {TF_FIELD(P, period, 1, 100000, "bars", "smoothing weight 1 / period")};
      return table;
    }
  };
  static constexpr Input kIn[] = {kClose};
  static constexpr int kOut = 1, kAgo = 0;
  static constexpr Stability kStability = Stability::converging;
  static constexpr const char* kSource = "J. W. Wilder, New Concepts in Technical Trading Systems, 1978";
  static constexpr Output kOutputs[] = {{"value", "ticks"}};
  template <class R>
  struct Coef {
    R weight, period;
  };
  template <class R>
  struct Lane {
    R mean;
  };

  static int64_t lookback(const Params& params) { return params.period - 1; }
  static Coef<double> coef(const Params& params) { return {1.0 / params.period, double(params.period)}; }
  template <class R, class In>
  TF_HD static void step(Lane<R>& lane, const Coef<R>& coef, const In& in, R* out) {
    const R weight = in.ramp(coef.weight, coef.period);
    lane.mean = fma_(R(1.0) - weight, lane.mean, weight * in.now(0));
    out[0] = lane.mean;
  }
};

}  // namespace TF_LEVEL
}  // namespace tf::indicators

TF_INDICATOR(wilder_average, WilderAverage, "Wilder's smoothed average of the close, in ticks")
