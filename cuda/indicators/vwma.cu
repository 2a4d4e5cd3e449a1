// Volume-weighted moving average of the close, as TA-Lib's VWMA. Without volume in the window: the close.
#include "cuda/indicators/stages.hpp"

namespace tf::indicators {
inline namespace TF_LEVEL {

struct Vwma : OverPeriod {
  using Params = WindowParams<20>;
  static constexpr Input kIn[] = {sum(product(kClose, kVolume)), sum(kVolume), kClose};
  static constexpr int kOut = 1;
  static constexpr Stability kStability = Stability::exact;
  static constexpr const char* kSource = "TA-Lib VWMA";
  static constexpr Output kOutputs[] = {{"value", "ticks"}};
  template <class R, class In>
  TF_HD static void step(const Coef& coef, const In& in, R* out) {
    const R lots = in.sum(1, coef.period);
    out[0] = select(lots > R(0.0), in.sum(0, coef.period) / lots, in.now(2));
  }
};

}  // namespace TF_LEVEL
}  // namespace tf::indicators

TF_INDICATOR(vwma, Vwma, "volume-weighted moving average of the close, in ticks")
