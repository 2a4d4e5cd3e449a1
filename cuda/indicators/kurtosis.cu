// Excess kurtosis of the log returns of the close, m4 / m2^2 - 3 by the window's own moments (divisor: period), as
// scipy.stats.kurtosis; 0 where the returns are all equal. Not finite while a close of the window is 0 or negative. The
// deviations are summed one by one about the window's mean, since sums of powers of the returns would cancel: hence the
// bound of `period`.
#include "cuda/indicators/stages.hpp"

namespace tf::indicators {
inline namespace TF_LEVEL {

struct Kurtosis : OverReturns {
  using Params = ReturnsParams<50, 2, 2000>;
  static constexpr series::Stability kStability = series::Stability::exact;
  static constexpr const char* kSource = "Joanes and Gill, The Statistician 47, 1998, g2";
  static constexpr series::Output kOutputs[] = {{"value", "", -2}};
  template <class R, class In>
  TF_HD static void step(const Coef& coef, const In& in, R* out) {
    const R mean = in.sum(0, coef.period) * R(coef.inverse), zero = R(0.0);
    R second = zero, fourth = zero;
    for (int64_t k = 0; k < coef.period; ++k) {
      const R away = in.ago(0, k) - mean, square = away * away;
      second = second + square;
      fourth = fma_(square, square, fourth);
    }
    // Equal returns leave squares of rounding errors.
    const R variance = select(second <= R(1e-24) * in.sum(1, coef.period), zero, second * R(coef.inverse));
    out[0] = select(variance == zero, zero, fourth * R(coef.inverse) / (variance * variance) - R(3.0));
  }
};

}  // namespace TF_LEVEL
}  // namespace tf::indicators

TF_INDICATOR(kurtosis, Kurtosis, "excess kurtosis of the log returns of a window")
