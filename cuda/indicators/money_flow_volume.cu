// Money flow volume of the bar: its volume times where it closed between its low (-1) and its high (1); 0 in a flat
// bar.
#include "cuda/indicators/stages.hpp"

namespace tf::indicators {
inline namespace TF_LEVEL {

struct MoneyFlowVolume : Pointwise<> {
  using Params = NoParams;
  static constexpr series::Input kIn[] = {series::kHigh, series::kLow, series::kClose, series::kVolume};
  static constexpr int kOut = 1;
  static constexpr series::Stability kStability = series::Stability::exact;
  static constexpr const char* kSource = "S. B. Achelis, Technical Analysis from A to Z, 1995";
  static constexpr series::Output kOutputs[] = {{"value", "lots"}};
  template <class R, class In>
  TF_HD static void step(const Coef&, const In& in, R* out) {
    const R high = in.now(0), low = in.now(1), close = in.now(2), range = high - low, zero = R(0.0);
    out[0] = select(range <= zero, zero, ((close - low) - (high - close)) / range * in.now(3));
  }
};

}  // namespace TF_LEVEL
}  // namespace tf::indicators

TF_INDICATOR(money_flow_volume, MoneyFlowVolume, "volume of the bar weighed by where it closed in its range")
