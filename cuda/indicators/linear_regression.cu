// Least-squares line through the closes of the window: its value at this bar, its slope a bar, its value at the
// window's first bar, its angle and its value at the next bar. As TA-Lib's LINEARREG, _SLOPE, _INTERCEPT, _ANGLE and
// TSF.
#include "cuda/indicators/stages.hpp"

namespace tf::indicators {
inline namespace TF_LEVEL {

struct LinearRegression {
  using Params = WindowParams<14, 2>;
  static constexpr Input kIn[] = {lag_sum(kClose)};
  static constexpr int kOut = 5;
  static constexpr Stability kStability = Stability::exact;
  static constexpr const char* kSource = "TA-Lib LINEARREG and TSF";
  static constexpr Output kOutputs[] = {{"fitted", "ticks"},
                                        {"slope", "ticks/bar"},
                                        {"intercept", "ticks"},
                                        {"angle", "degrees", -90, 90},
                                        {"forecast", "ticks"}};
  struct Coef {
    int64_t period;
    double count, inverse, scale, half;
  };

  static int64_t lookback(const Params& params) { return params.period - 1; }
  static Coef coef(const Params& params) {
    const double n = params.period;
    return {params.period, n, 1.0 / n, 12.0 / (n * (n * n - 1.0)), 0.5 * (n - 1.0)};
  }
  template <class R, class In>
  TF_HD static void step(const Coef& coef, const In& in, R* out) {
    const R total = in.sum(0, coef.period), lags = in.lag_sum(0, coef.period), half = R(coef.half);
    const R mean = total * R(coef.inverse), slope = fma_(half, total, -lags) * R(coef.scale);
    out[0] = fma_(half, slope, mean);
    out[1] = slope;
    out[2] = fma_(-half, slope, mean);
    out[3] = atan_(slope) * R(57.295779513082323);
    out[4] = out[0] + slope;
  }
};

}  // namespace TF_LEVEL
}  // namespace tf::indicators

TF_INDICATOR(linear_regression, LinearRegression,
             "least-squares line through the closes: end, slope, start, angle, next")
