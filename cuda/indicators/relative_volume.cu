// Relative volume: the bar's volume over the mean volume of the window that it ends (0 where that is 0), and its
// distance from the mean in standard deviations (divisor: period; 0 where volume does not vary).
#include "cuda/indicators/stages.hpp"

namespace tf::indicators {
inline namespace TF_LEVEL {

struct RelativeVolume : OverPeriod {
  using Params = WindowParams<20, 2>;
  static constexpr series::Input kIn[] = {series::sum(series::kVolume), series::sum_sq(series::kVolume)};
  static constexpr int kOut = 2;
  static constexpr series::Stability kStability = series::Stability::exact;
  static constexpr const char* kSource = "Gervais, Kaniel and Mingelgrin, Journal of Finance 56, 2001";
  static constexpr series::Output kOutputs[] = {{"ratio", "ratio", 0}, {"zscore", ""}};
  template <class R, class In>
  TF_HD static void step(const Coef& coef, const In& in, R* out) {
    const R total = in.sum(0, coef.period), count = R(coef.count), now = in.now(0), zero = R(0.0);
    const R scaled = spread(count, in.sum(1, coef.period), total);
    out[0] = select(total == zero, zero, count * now / total);
    out[1] = select(scaled <= zero, zero, fma_(count, now, -total) / sqrt_(scaled));
  }
};

}  // namespace TF_LEVEL
}  // namespace tf::indicators

TF_INDICATOR(relative_volume, RelativeVolume, "volume over its mean in the window, and its z-score")
