// Average range: the mean of high - low over the window (on days: the average daily range, ADR).
#include "cuda/indicators/stages.hpp"

namespace tf::indicators {
inline namespace TF_LEVEL {

struct AverageRange : OverPeriod {
  using Params = WindowParams<14>;
  static constexpr series::Input kIn[] = {series::sum(series::difference(series::kHigh, series::kLow))};
  static constexpr int kOut = 1;
  static constexpr series::Stability kStability = series::Stability::exact;
  static constexpr const char* kSource =
      "A. Crabel, Day Trading with Short Term Price Patterns and Opening Range Breakout, 1990";
  static constexpr series::Output kOutputs[] = {{"value", "ticks", 0}};
  template <class R, class In>
  TF_HD static void step(const Coef& coef, const In& in, R* out) {
    out[0] = in.sum(0, coef.period) * R(coef.inverse);
  }
};

}  // namespace TF_LEVEL
}  // namespace tf::indicators

TF_INDICATOR(average_range, AverageRange, "mean range of the bars, in ticks")
