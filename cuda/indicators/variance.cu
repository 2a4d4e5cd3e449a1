// Variance of the close in ticks squared (divisor: period, as TA-Lib's VAR).
#include "cuda/indicators/stages.hpp"

namespace tf::indicators {
inline namespace TF_LEVEL {

struct Variance : OverPeriod {
  using Params = WindowParams<20>;
  static constexpr series::Input kIn[] = {series::sum(series::kClose), series::sum_sq(series::kClose)};
  static constexpr int kOut = 1;
  static constexpr series::Stability kStability = series::Stability::exact;
  static constexpr const char* kSource =
      "R. A. Fisher, Transactions of the Royal Society of Edinburgh 52, 1918; TA-Lib VAR";
  static constexpr series::Output kOutputs[] = {{"value", "ticks^2", 0}};
  template <class R, class In>
  TF_HD static void step(const Coef& coef, const In& in, R* out) {
    const R total = in.sum(0, coef.period), inverse = R(coef.inverse);
    out[0] = max_(R(0.0), scatter(R(coef.count), in.sum(1, coef.period), total, total)) * inverse * inverse;
  }
};

}  // namespace TF_LEVEL
}  // namespace tf::indicators

TF_INDICATOR(variance, Variance, "variance of the close over a window")
