// Local linear trend of the close by a Kalman filter in its steady state (the alpha-beta filter). With the tracking
// index T = noise of the slope's change / noise of the price, r = (4 + T - sqrt(8 T + T^2)) / 4: gain of the level 1 -
// r^2, of the slope 2 (1 - r)^2 a bar. Starts on the line through the first two closes. Not ready until a start's
// weight, r^bars, is below e^-3.
#include "cuda/series/indicator.hpp"

namespace tf::indicators {
inline namespace TF_LEVEL {

struct KalmanTrend {
  struct Params {
    double tracking = 0.05;
    static std::span<const Field> fields() {
      using P = Params;
      static const Field table[] = {
          TF_FIELD(P, tracking, 0.0001, 10, "",
                   "standard deviation of the slope's change a bar over that of the price's noise")};
      return table;
    }
  };
  static double memory(const Params& params) {
    const double index = params.tracking;
    return 0.25 * (4.0 + index - sqrt_(8.0 * index + index * index));
  }
  static constexpr series::Input kIn[] = {series::kClose};
  static constexpr int kOut = 2, kAgo = 0;
  static constexpr series::Stability kStability = series::Stability::converging;
  static constexpr const char* kSource = "P. R. Kalata, IEEE Transactions on Aerospace and Electronic Systems 20, 1984";
  static constexpr series::Output kOutputs[] = {{"level", "ticks"}, {"slope", "ticks/bar"}};
  template <class R>
  struct Coef {
    R level, slope;
  };
  template <class R>
  struct Lane {
    R level, slope;
  };
  static int64_t lookback(const Params& params) { return 2 + static_cast<int64_t>(3.0 / (1.0 - memory(params))); }
  static Coef<double> coef(const Params& params) {
    const double r = memory(params);
    return {1.0 - r * r, 2.0 * (1.0 - r) * (1.0 - r)};
  }
  template <class R, class In>
  TF_HD static void step(Lane<R>& lane, const Coef<R>& coef, const In& in, R* out) {
    const R one = R(1.0), level = max_(in.ramp(coef.level, one), in.ramp(R(0.0), one, one));
    const R slope = in.ramp(coef.slope, one, one);
    const R expected = lane.level + lane.slope, missed = in.now(0) - expected;
    lane.level = fma_(level, missed, expected);
    lane.slope = fma_(slope, missed, lane.slope);
    out[0] = lane.level;
    out[1] = lane.slope;
  }
};

}  // namespace TF_LEVEL
}  // namespace tf::indicators

TF_INDICATOR(kalman_trend, KalmanTrend, "level and slope of the close by a steady-state Kalman filter")
