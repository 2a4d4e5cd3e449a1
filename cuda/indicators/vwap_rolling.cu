// Volume weighted average price of a window, in ticks: traded value over traded lots; the close where nothing was
// traded.
#include "cuda/indicators/stages.hpp"

namespace tf::indicators {
inline namespace TF_LEVEL {

struct VwapRolling : OverPeriod {
  using Params = WindowParams<20>;
  static constexpr series::Input kIn[] = {series::sum(series::product(series::kVwap, series::kVolume)),
                                          series::sum(series::kVolume), series::kClose};
  static constexpr int kOut = 1;
  static constexpr series::Stability kStability = series::Stability::exact;
  static constexpr const char* kSource = "Berkowitz, Logue and Noser, Journal of Finance 43, 1988";
  static constexpr series::Output kOutputs[] = {{"value", "ticks"}};
  template <class R, class In>
  TF_HD static void step(const Coef& coef, const In& in, R* out) {
    const R volume = in.sum(1, coef.period);
    out[0] = select(volume == R(0.0), in.now(2), in.sum(0, coef.period) / volume);
  }
};

}  // namespace TF_LEVEL
}  // namespace tf::indicators

TF_INDICATOR(vwap_rolling, VwapRolling, "mean price of the lots traded in the window, in ticks")
