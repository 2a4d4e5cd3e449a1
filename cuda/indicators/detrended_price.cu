// Detrended price oscillator in the form that looks back: the close period / 2 + 1 bars ago less the mean of the last
// `period` closes, as TA-Lib's DPO.
#include "cuda/indicators/stages.hpp"

namespace tf::indicators {
inline namespace TF_LEVEL {

struct DetrendedPrice {
  using Params = WindowParams<20, 2>;
  static constexpr Input kIn[] = {sum(kClose)};
  static constexpr int kOut = 1;
  static constexpr Stability kStability = Stability::exact;
  static constexpr const char* kSource = "TA-Lib DPO";
  static constexpr Output kOutputs[] = {{"value", "ticks"}};
  struct Coef {
    int64_t period, ago;
    double inverse;
  };

  static int64_t lookback(const Params& params) { return params.period > 2 ? params.period - 1 : 2; }
  static Coef coef(const Params& params) { return {params.period, params.period / 2 + 1, 1.0 / params.period}; }
  template <class R, class In>
  TF_HD static void step(const Coef& coef, const In& in, R* out) {
    out[0] = fma_(in.sum(0, coef.period), -R(coef.inverse), in.ago(0, coef.ago));
  }
};

}  // namespace TF_LEVEL
}  // namespace tf::indicators

TF_INDICATOR(detrended_price, DetrendedPrice, "an earlier close less the mean around it, in ticks")
