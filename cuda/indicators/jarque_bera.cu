// Jarque-Bera statistic of the log returns of the close: period / 6 (skewness^2 + excess kurtosis^2 / 4); 0 where the
// returns are all equal. Large: not normal (5.99 is the 5 % point of its limit, chi squared with 2 degrees). Not finite
// while a close of the window is 0 or negative. The deviations are summed one by one about the window's mean, since
// sums of powers of the returns would cancel: hence the bound of `period`.
#include "cuda/indicators/stages.hpp"

namespace tf::indicators {
inline namespace TF_LEVEL {

struct JarqueBera {
  using Params = ReturnsParams<100, 2, 2000>;
  static constexpr series::Input kIn[] = {series::sum(series::log_return(series::kClose)),
                                          series::sum_sq(series::log_return(series::kClose))};
  static constexpr int kOut = 1;
  static constexpr series::Stability kStability = series::Stability::exact;
  static constexpr const char* kSource = "Jarque and Bera, Economics Letters 6, 1980";
  static constexpr series::Output kOutputs[] = {{"value", "", 0}};
  struct Coef {
    int64_t period;
    double count, inverse;
  };
  static int64_t lookback(const Params& params) { return params.period; }
  static Coef coef(const Params& params) { return {params.period, double(params.period), 1.0 / params.period}; }
  template <class R, class In>
  TF_HD static void step(const Coef& coef, const In& in, R* out) {
    const R mean = in.sum(0, coef.period) * R(coef.inverse), zero = R(0.0), inverse = R(coef.inverse);
    R second = zero, third = zero, fourth = zero;
    for (int64_t k = 0; k < coef.period; ++k) {
      const R away = in.ago(0, k) - mean, square = away * away;
      second = second + square;
      third = fma_(square, away, third);
      fourth = fma_(square, square, fourth);
    }
    const R variance = second * inverse, skew = third * inverse / (variance * sqrt_(variance));
    const R excess = fourth * inverse / (variance * variance) - R(3.0);
    const R statistic = R(coef.count / 6.0) * fma_(skew, skew, R(0.25) * (excess * excess));
    // Equal returns leave squares of rounding errors.
    out[0] = select(second <= R(1e-24) * in.sum(1, coef.period), zero, statistic);
  }
};

}  // namespace TF_LEVEL
}  // namespace tf::indicators

TF_INDICATOR(jarque_bera, JarqueBera, "test statistic of normal log returns in a window")
