// Volume delta of a window: bought less sold lots by the aggressor's side, and their share of both, -1 .. 1; 0 without
// trades.
#include "cuda/indicators/stages.hpp"

namespace tf::indicators {
inline namespace TF_LEVEL {

struct VolumeDelta : OverPeriod {
  using Params = WindowParams<20>;
  static constexpr series::Input kIn[] = {series::sum(series::kBuyVolume), series::sum(series::kSellVolume)};
  static constexpr int kOut = 2;
  static constexpr series::Stability kStability = series::Stability::exact;
  static constexpr const char* kSource = "Chordia, Roll and Subrahmanyam, Journal of Financial Economics 65, 2002";
  static constexpr series::Output kOutputs[] = {{"lots", "lots"}, {"share", "ratio", -1, 1}};
  template <class R, class In>
  TF_HD static void step(const Coef& coef, const In& in, R* out) {
    const R bought = in.sum(0, coef.period), sold = in.sum(1, coef.period), both = bought + sold, zero = R(0.0);
    out[0] = bought - sold;
    out[1] = select(both == zero, zero, out[0] / both);
  }
};

}  // namespace TF_LEVEL
}  // namespace tf::indicators

TF_INDICATOR(volume_delta, VolumeDelta, "bought less sold lots of the window, and their share of both")
