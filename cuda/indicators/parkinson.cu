// Volatility of a bar by the ranges of the window: the root of the mean of ln(high / low)^2 / (4 ln 2); not annualised.
// NaN while a price of the window is negative.
#include "cuda/indicators/stages.hpp"

namespace tf::indicators {
inline namespace TF_LEVEL {

struct Parkinson {
  using Params = WindowParams<20>;
  static constexpr series::Input kIn[] = {series::sum_sq(series::log_quotient(series::kHigh, series::kLow))};
  static constexpr int kOut = 1;
  static constexpr series::Stability kStability = series::Stability::exact;
  static constexpr const char* kSource = "M. Parkinson, Journal of Business 53, 1980";
  static constexpr series::Output kOutputs[] = {{"value", "ratio", 0}};
  static constexpr double kLogTwo = 0x1.62e42fefa39efp-1;
  struct Coef {
    int64_t period;
    double factor;
  };
  static int64_t lookback(const Params& params) { return params.period - 1; }
  static Coef coef(const Params& params) { return {params.period, 1.0 / (4.0 * kLogTwo * params.period)}; }
  template <class R, class In>
  TF_HD static void step(const Coef& coef, const In& in, R* out) {
    out[0] = sqrt_(in.sum(0, coef.period) * R(coef.factor));
  }
};

}  // namespace TF_LEVEL
}  // namespace tf::indicators

TF_INDICATOR(parkinson, Parkinson, "volatility of a bar by the ranges of the window")
