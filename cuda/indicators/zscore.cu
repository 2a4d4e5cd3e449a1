// Z-score of the close: its distance from the window's mean in standard deviations (divisor: period); 0 in a flat
// window.
#include "cuda/indicators/stages.hpp"

namespace tf::indicators {
inline namespace TF_LEVEL {

struct Zscore : OverPeriod {
  using Params = WindowParams<20, 2>;
  static constexpr series::Input kIn[] = {series::sum(series::kClose), series::sum_sq(series::kClose)};
  static constexpr int kOut = 1;
  static constexpr series::Stability kStability = series::Stability::exact;
  static constexpr const char* kSource = "Gatev, Goetzmann and Rouwenhorst, Review of Financial Studies 19, 2006";
  static constexpr series::Output kOutputs[] = {{"value", ""}};
  template <class R, class In>
  TF_HD static void step(const Coef& coef, const In& in, R* out) {
    const R total = in.sum(0, coef.period), count = R(coef.count), zero = R(0.0);
    const R scaled = scatter(count, in.sum(1, coef.period), total, total);
    out[0] = select(scaled <= zero, zero, fma_(count, in.now(0), -total) / sqrt_(scaled));
  }
};

}  // namespace TF_LEVEL
}  // namespace tf::indicators

TF_INDICATOR(zscore, Zscore, "distance of the close from its mean in standard deviations")
