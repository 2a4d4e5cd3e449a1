// Standard deviation of the close (divisor: period, as TA-Lib's STDDEV with one deviation).
#include "cuda/indicators/stages.hpp"

namespace tf::indicators {
inline namespace TF_LEVEL {

struct StandardDeviation : OverPeriod {
  using Params = WindowParams<20, 2>;
  static constexpr series::Input kIn[] = {series::sum(series::kClose), series::sum_sq(series::kClose)};
  static constexpr int kOut = 1;
  static constexpr series::Stability kStability = series::Stability::exact;
  static constexpr const char* kSource =
      "K. Pearson, Philosophical Transactions of the Royal Society A 185, 1894; TA-Lib STDDEV";
  static constexpr series::Output kOutputs[] = {{"value", "ticks", 0}};
  template <class R, class In>
  TF_HD static void step(const Coef& coef, const In& in, R* out) {
    const R total = in.sum(0, coef.period);
    out[0] = sqrt_(max_(R(0.0), scatter(R(coef.count), in.sum(1, coef.period), total, total))) * R(coef.inverse);
  }
};

}  // namespace TF_LEVEL
}  // namespace tf::indicators

TF_INDICATOR(standard_deviation, StandardDeviation, "standard deviation of the close over a window, in ticks")
