// Volatility of a bar by its range and its move from open to close: the root of the mean of 0.5 ln(high / low)^2 - (2
// ln 2 - 1) ln(close / open)^2; not annualised. NaN while a price of the window is negative.
#include "cuda/indicators/stages.hpp"

namespace tf::indicators {
inline namespace TF_LEVEL {

struct GarmanKlass {
  using Params = WindowParams<20>;
  static constexpr series::Input kIn[] = {series::sum_sq(series::log_quotient(series::kHigh, series::kLow)),
                                          series::sum_sq(series::log_quotient(series::kClose, series::kOpen))};
  static constexpr int kOut = 1;
  static constexpr series::Stability kStability = series::Stability::exact;
  static constexpr const char* kSource = "Garman and Klass, Journal of Business 53, 1980";
  static constexpr series::Output kOutputs[] = {{"value", "ratio", 0}};
  struct Coef {
    int64_t period;
    double inverse, share;
  };
  static int64_t lookback(const Params& params) { return params.period - 1; }
  static Coef coef(const Params& params) {
    return {params.period, 1.0 / params.period, 2.0 * 0x1.62e42fefa39efp-1 - 1.0};
  }
  template <class R, class In>
  TF_HD static void step(const Coef& coef, const In& in, R* out) {
    const R ranges = in.sum(0, coef.period), moves = in.sum(1, coef.period);
    out[0] = sqrt_(max_(R(0.0), fma_(R(0.5), ranges, -(R(coef.share) * moves))) * R(coef.inverse));
  }
};

}  // namespace TF_LEVEL
}  // namespace tf::indicators

TF_INDICATOR(garman_klass, GarmanKlass, "volatility of a bar by open, high, low and close of the window")
