// Drawdown: the close less the highest close of the window, in ticks and in percent of that highest; 0 percent where it
// is 0.
#include "cuda/indicators/stages.hpp"

namespace tf::indicators {
inline namespace TF_LEVEL {

struct Drawdown : OverPeriod {
  using Params = WindowParams<100>;
  static constexpr series::Input kIn[] = {series::kClose, series::highest(series::kClose)};
  static constexpr int kOut = 2;
  static constexpr series::Stability kStability = series::Stability::exact;
  static constexpr const char* kSource = "Magdon-Ismail and Atiya, Risk 17, October 2004";
  static constexpr series::Output kOutputs[] = {{"ticks", "ticks", -kAny, 0}, {"percent", "percent"}};
  template <class R, class In>
  TF_HD static void step(const Coef& coef, const In& in, R* out) {
    const R top = in.highest(1, coef.period), zero = R(0.0);
    out[0] = in.now(0) - top;
    out[1] = select(top == zero, zero, R(100.0) * out[0] / top);
  }
};

}  // namespace TF_LEVEL
}  // namespace tf::indicators

TF_INDICATOR(drawdown, Drawdown, "how far the close lies below the highest of the window")
