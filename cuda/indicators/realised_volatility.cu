// Realised volatility: the square root of the sum of the last `period` squared log returns of the close, per window,
// not annualised (Andersen, Bollerslev, Diebold and Labys, Econometrica 71, 2003, equation 3). NaN while a close of the
// window is negative. The logarithm is within 2 ulp and the same to the bit everywhere (cuda/series/log_ratio.hpp).
#include "cuda/indicators/stages.hpp"

namespace tf::indicators {
inline namespace TF_LEVEL {

struct RealisedVolatility {
  using Params = ReturnsParams<20>;
  static constexpr series::Input kIn[] = {series::sum_sq(series::log_return(series::kClose))};
  static constexpr int kOut = 1;
  static constexpr series::Stability kStability = series::Stability::exact;
  static constexpr const char* kSource = "Andersen, Bollerslev, Diebold and Labys, Econometrica 71, 2003, equation 3";
  static constexpr series::Output kOutputs[] = {{"value", "ratio", 0}};
  struct Coef {
    int64_t period;
  };

  static int64_t lookback(const Params& params) { return params.period; }
  static Coef coef(const Params& params) { return {params.period}; }

  template <class R, class In>
  TF_HD static void step(const Coef& coef, const In& in, R* out) {
    out[0] = sqrt_(in.sum(0, coef.period));
  }
};

}  // namespace TF_LEVEL
}  // namespace tf::indicators

TF_INDICATOR(realised_volatility, RealisedVolatility, "root of the summed squared log returns of the close")
