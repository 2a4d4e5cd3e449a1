// How far the close lies above the volume weighted average price of the window, in ticks and in basis points of that
// price; 0 where nothing was traded, the basis points also where that price is 0.
#include "cuda/indicators/stages.hpp"

namespace tf::indicators {
inline namespace TF_LEVEL {

struct VwapDistance : OverPeriod {
  using Params = WindowParams<20>;
  static constexpr series::Input kIn[] = {series::sum(series::product(series::kVwap, series::kVolume)),
                                          series::sum(series::kVolume), series::kClose};
  static constexpr int kOut = 2;
  static constexpr series::Stability kStability = series::Stability::exact;
  static constexpr const char* kSource = "Berkowitz, Logue and Noser, Journal of Finance 43, 1988";
  static constexpr series::Output kOutputs[] = {{"ticks", "ticks"}, {"bps", "bps"}};
  template <class R, class In>
  TF_HD static void step(const Coef& coef, const In& in, R* out) {
    const R volume = in.sum(1, coef.period), close = in.now(2), zero = R(0.0);
    const R price = select(volume == zero, close, in.sum(0, coef.period) / volume);
    out[0] = close - price;
    out[1] = select(price == zero, zero, R(1e4) * out[0] / price);
  }
};

}  // namespace TF_LEVEL
}  // namespace tf::indicators

TF_INDICATOR(vwap_distance, VwapDistance, "how far the close lies above the volume weighted price of the window")
