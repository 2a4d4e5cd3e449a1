// Rescaled range of the log returns of a window: the range of their summed deviations from the mean over their standard
// deviation (divisor: period), and Hurst's K = ln(R/S) / ln(period / 2); 1 and 0 where the returns are all equal. Not
// finite while a close of the window is 0 or negative. Of one window: biased upwards in short ones. Summed one by one:
// hence the bound of `period`.
#include "cuda/indicators/stages.hpp"

namespace tf::indicators {
inline namespace TF_LEVEL {

struct RescaledRange {
  using Params = ReturnsParams<100, 3, 2000>;
  static constexpr series::Input kIn[] = {series::sum(series::log_return(series::kClose)),
                                          series::sum_sq(series::log_return(series::kClose))};
  static constexpr int kOut = 2;
  static constexpr series::Stability kStability = series::Stability::exact;
  static constexpr const char* kSource =
      "H. E. Hurst, Transactions of the American Society of Civil Engineers 116, 1951";
  static constexpr series::Output kOutputs[] = {{"value", "ratio", 0}, {"exponent", "ratio"}};
  struct Coef {
    int64_t period;
    double count, inverse;
  };
  static int64_t lookback(const Params& params) { return params.period; }
  static Coef coef(const Params& params) { return {params.period, double(params.period), 1.0 / params.period}; }
  template <class R, class In>
  TF_HD static void step(const Coef& coef, const In& in, R* out) {
    const R mean = in.sum(0, coef.period) * R(coef.inverse), zero = R(0.0);
    R walk = zero, top = zero, bottom = zero, second = zero;
    for (int64_t k = coef.period - 1; k >= 0; --k) {
      const R away = in.ago(0, k) - mean;
      walk = walk + away;
      top = max_(top, walk);
      bottom = min_(bottom, walk);
      second = fma_(away, away, second);
    }
    // Equal returns leave squares of rounding errors.
    const Mask<R> same = second <= R(1e-24) * in.sum(1, coef.period);
    out[0] = select(same, R(1.0), (top - bottom) / sqrt_(second * R(coef.inverse)));
    out[1] = log_(out[0]) / log_(R(0.5 * coef.count));
  }
};

}  // namespace TF_LEVEL
}  // namespace tf::indicators

TF_INDICATOR(rescaled_range, RescaledRange, "rescaled range of the log returns, and its Hurst exponent")
